"""Which error a call ends with, for tests that count or sort outcomes."""

from collections.abc import Callable

from core.errors import ChatError


def refusal(call: Callable[[], object]) -> ChatError | None:
    """The `ChatError` that ``call`` raises; None when it returns."""
    try:
        call()
    except ChatError as refused:
        return refused
    return None
