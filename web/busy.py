"""What the server is at work on for those who just came."""

from __future__ import annotations

import asyncio
from weakref import WeakSet

QUIET_AGAIN = 0.01
"""Seconds."""


class Busy:
    """Requests that are being answered, and new sockets that are being greeted.

    What was let go of without `leave` does not count any more either.
    """

    def __init__(self) -> None:
        self._at_work: WeakSet[object] = WeakSet()

    def enter(self, work: object) -> None:
        self._at_work.add(work)

    def leave(self, work: object) -> None:
        self._at_work.discard(work)

    async def quiet(self) -> None:
        """Wait until nothing is at work."""
        while len(self):  # noqa: ASYNC110
            # Weak references tell nobody when they go.
            await asyncio.sleep(QUIET_AGAIN)

    def __len__(self) -> int:
        return len(self._at_work)
