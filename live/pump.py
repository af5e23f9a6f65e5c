"""Moves one feed along its log, from hints if they fit, else from the database.

A room that was quiet is handed what comes at once. After that it rests for as long as the handing
out took, up to `LONGEST_REST`, and what comes meanwhile goes out joined: a busy crowd then costs
fewer and larger sends, and others run meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from core.errors import ChatError
from core.log import Entry
from live.feed import Feed
from live.source import Source

log = logging.getLogger(__name__)

BATCH = 200
PAUSE = 0.0
"""Seconds between two slices of what concerns a crowd: others run, and it goes on."""
LONGEST_REST = 0.005
SHORTEST_REST = 0.0005
"""Seconds; what took less needs no rest."""


class Freshness(Protocol):
    """What a lease says of the log-ins of those who listen (live/lease.py)."""

    @property
    def is_fresh(self) -> bool: ...

    async def ensure(self) -> None:
        """Return once it is."""
        ...


class Pump:
    """One task at a time for one feed, and none for a post that need not wait for anything.

    A wake while the task runs makes it look once more.
    """

    def __init__(
        self, feed: Feed, source: Source, lease: Freshness, give_up: Callable[[Feed], None]
    ) -> None:
        self._feed = feed
        self._source = source
        self._lease = lease
        self._give_up = give_up
        self._hinted: dict[int, Entry] = {}
        self._ask = False
        self._task: asyncio.Task[None] | None = None
        self._rests_until = 0.0
        self._time = asyncio.get_running_loop().time

    def wake(self, entries: Sequence[Entry] = ()) -> None:
        """There is, or may be, more: ``entries`` are hints, good if they follow in this log.

        Without any such, the database is asked.
        """
        newer = [entry for entry in entries if entry.seq > self._feed.pos]
        fitting = {entry.seq: entry for entry in newer if entry.tag == self._feed.tag}
        self._hinted.update(fitting)
        self._ask = self._ask or not entries or len(fitting) < len(newer) or self._has_gap()
        if self._task is None and (self._ask or self._hinted) and not self._hand_at_once():
            self._task = asyncio.get_running_loop().create_task(self._run())

    def _has_gap(self) -> bool:
        return bool(self._hinted) and self._feed.pos + 1 not in self._hinted

    def _hand_at_once(self) -> bool:
        """Whether all there is to do could be done: hand one post to a room that was quiet."""
        if self._ask or len(self._hinted) != 1 or not self._feed.is_settled:
            return False
        (entry,) = self._hinted.values()
        began = self._time()
        if entry.delta is not None or began < self._rests_until or not self._lease.is_fresh:
            return False
        self._hinted.clear()
        self._feed.step(entry)
        self._feed.flush()
        self._rest_from(began)
        return self._feed.is_settled

    async def _run(self) -> None:
        try:
            while self._hinted or self._ask or self._feed.is_under_way:
                if not self._feed.is_under_way:
                    await self._rest()
                began = self._time()
                await self._lease.ensure()
                await self._settle()
                await self._advance()
                self._rest_from(began)
        except ChatError:
            log.warning("a room's log cannot be read; delivery waits")
        finally:
            self._task = None

    async def _advance(self) -> None:
        ready: Sequence[Entry] = self._take_hinted()
        if not ready and (self._ask or self._hinted):
            self._ask = False
            ready = await self._source.entries_after(self._feed.room, self._feed.pos, BATCH)
            self._ask = self._ask or len(ready) == BATCH
            await self._lease.ensure()
        for entry in ready:
            if entry.seq <= self._feed.pos:
                continue
            if entry.tag != self._feed.tag:
                self._stop()
                return
            await self._step(entry)
        await self._settle()
        self._forget_old()

    async def _step(self, entry: Entry) -> None:
        """What is gathered goes out before rights change, and before it is too much."""
        if entry.delta is not None or self._feed.is_full or self._feed.is_deciding:
            await self._settle()
        if not self._feed.is_given_up:
            self._feed.step(entry)

    async def _settle(self) -> None:
        """Hand out and decide to the end, and let others run after each slice of it.

        What failed in its middle is gone on with when the pump is woken next.
        """
        while not self._feed.is_settled:
            if not self._feed.is_under_way:
                self._feed.flush()
                continue
            await asyncio.sleep(PAUSE)
            await self._lease.ensure()
            self._feed.go_on()

    async def _rest(self) -> None:
        if (left := self._rests_until - self._time()) > 0:
            await asyncio.sleep(left)

    def _rest_from(self, began: float) -> None:
        now = self._time()
        if now - began >= SHORTEST_REST:
            self._rests_until = now + min(now - began, LONGEST_REST)

    def _stop(self) -> None:
        """The log is not the one that was followed."""
        self._ask = False
        self._hinted.clear()
        self._give_up(self._feed)

    def _take_hinted(self) -> list[Entry]:
        taken = []
        seq = self._feed.pos + 1
        while (entry := self._hinted.pop(seq, None)) is not None:
            taken.append(entry)
            seq += 1
        return taken

    def _forget_old(self) -> None:
        for seq in [seq for seq in self._hinted if seq <= self._feed.pos]:
            del self._hinted[seq]
