"""Lets a few through in each turn of the loop, first come, first served.

Whoever comes in, or catches up, passes here before each step. So thousands who come back at once
take some turns longer, and what is live goes out between.
"""

from __future__ import annotations

import asyncio
from collections import deque

A_TURN = 16


class Turnstile:
    def __init__(self, a_turn: int = A_TURN) -> None:
        self._a_turn = a_turn
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._is_turning = False

    async def passed(self) -> None:
        """Wait for one's turn."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append(future)
        if not self._is_turning:
            self._is_turning = True
            loop.call_soon(self._turn)
        await future

    def _turn(self) -> None:
        left = self._a_turn
        while self._waiting and left:
            future = self._waiting.popleft()
            if not future.done():
                future.set_result(None)
                left -= 1
        self._is_turning = bool(self._waiting)
        if self._is_turning:
            asyncio.get_running_loop().call_soon(self._turn)
