"""How old this node's knowledge of ended log-ins may be: rule 7 of docs/room-log.md."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from core.clock import Clock
from core.errors import ChatError

log = logging.getLogger(__name__)

LONGEST = 5.0
"""Seconds."""
EVERY = 2.0


class Lease:
    """Re-checks the log-ins of all open sockets, and says whether that was done lately.

    The age counts from before the question, on a clock that runs while the machine sleeps.
    ``tell`` hears when the lease ran out (False) and when it holds again (True).
    """

    def __init__(
        self,
        clock: Clock,
        open_sessions: Callable[[], list[str]],
        ended_among: Callable[[list[str]], Awaitable[Iterable[str]]],
        close: Callable[[Iterable[str]], None],
        tell: Callable[[bool], None],
    ) -> None:
        self._clock = clock
        self._open_sessions = open_sessions
        self._ended_among = ended_among
        self._close = close
        self._tell = tell
        self._told = True
        self._checked_at = float("-inf")
        self._renewing: asyncio.Task[None] | None = None

    @property
    def is_fresh(self) -> bool:
        return self._clock.boot() - self._checked_at < LONGEST

    async def ensure(self) -> None:
        """Return at once while the lease holds; else check first. Raises `storage_down`.

        An answer that took too long is no lease: then it is asked again.
        """
        while not self.is_fresh:
            await self.renew()

    async def renew(self) -> None:
        """Ask the database now; those who ask at the same time share one answer."""
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.get_running_loop().create_task(self._renew())
            self._renewing.add_done_callback(_was_told)
        await asyncio.shield(self._renewing)

    async def _renew(self) -> None:
        asked_at = self._clock.boot()
        self._close(await self._ended_among(self._open_sessions()))
        self._checked_at = asked_at

    async def run(self) -> None:
        """Renew for ever."""
        while True:
            try:
                await self.renew()
            except ChatError:
                log.warning("log-ins cannot be checked; delivery stops when the lease runs out")
            self._tell_change()
            await asyncio.sleep(EVERY)

    def _tell_change(self) -> None:
        if self.is_fresh != self._told:
            self._told = self.is_fresh
            self._tell(self._told)


def _was_told(task: asyncio.Task[None]) -> None:
    """Its error went to whoever waited; if nobody did, that is fine too."""
    if not task.cancelled():
        task.exception()
