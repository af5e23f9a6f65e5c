"""Finds peers that are gone without a word: who is silent is asked, and cut off if still silent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Protocol

from live.frames import control_frame
from live.wire import Opcode

ROUND = 1.0
"""Seconds from one look at all connections to the next."""
AT_ONCE = 500
_PING = control_frame(Opcode.PING)


class Peer(Protocol):
    """A connection as the pings see it."""

    silent: int
    """Rounds since anything came in. Not by a clock: after this process stood still for a while,
    nobody is taken for gone who could not be heard."""

    @property
    def is_busy(self) -> bool: ...

    def send(self, frame: bytes) -> None: ...

    def cut(self) -> None: ...


class Pings:
    """Asks after ``every`` rounds of silence, and cuts after as many again."""

    def __init__(self, peers: Callable[[], Iterable[Peer]], every: int) -> None:
        self._peers = peers
        self._every = every

    async def run(self) -> None:
        """Look for ever; others run between any few."""
        while True:
            await asyncio.sleep(ROUND)
            left = iter(tuple(self._peers()))
            while some := tuple(islice(left, AT_ONCE)):
                for peer in some:
                    self._look(peer)
                await asyncio.sleep(0)

    def _look(self, peer: Peer) -> None:
        if peer.is_busy:
            return
        peer.silent += 1
        if peer.silent == self._every:
            peer.send(_PING)
        elif peer.silent >= 2 * self._every:
            peer.cut()
