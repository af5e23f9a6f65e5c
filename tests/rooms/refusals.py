"""Which error a call ends with, for tests that compare or count outcomes."""

from collections.abc import Awaitable

from core.errors import ChatError


async def refusal(call: Awaitable[object]) -> str | None:
    """The code of the `ChatError` that ``call`` raises; None when it returns."""
    try:
        await call
    except ChatError as refused:
        return refused.code
    return None
