"""Tells a room's listeners what is not in its log: while the lease holds, by current knowledge.

Those of a crowd are told in slices; who loses the right meanwhile is told nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import islice

from live.fanout import hand_out
from live.feed import HANDED_AT_ONCE, Feed
from live.lease import Lease


class Ephemeral:
    """Hands out frames that may be dropped."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._tasks: set[asyncio.Task[None]] = set()

    def may_tell(self, feed: Feed) -> bool:
        return self._lease.is_fresh and not feed.is_deciding

    def tell(
        self,
        feed: Feed,
        frame: bytes,
        *,
        besides: str = "",
        broken_off: Callable[[], None] = lambda: None,
    ) -> None:
        """Hand ``frame`` to everyone who is live in the room but the person ``besides``.

        ``broken_off`` is called if only some got it.
        """
        if not self.may_tell(feed):
            return
        if feed.crowd <= HANDED_AT_ONCE:
            hand_out([it.listener for it in feed.live if it.facts.id != besides], frame)
            return
        task = asyncio.get_running_loop().create_task(
            self._spread(feed, frame, besides, broken_off)
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _spread(
        self, feed: Feed, frame: bytes, besides: str, broken_off: Callable[[], None]
    ) -> None:
        left = iter(feed.live)
        while some := tuple(islice(left, HANDED_AT_ONCE)):
            if not self.may_tell(feed):
                broken_off()
                return
            told = [it.listener for it in some if not it.lost and it.facts.id != besides]
            hand_out(told, frame)
            await asyncio.sleep(0)
