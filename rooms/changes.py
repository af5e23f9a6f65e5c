"""Commits changes of access and then tells of them, from this one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from core.records import Person
from live.bus import Bus, PersonRenamed, SessionsEnded
from rooms.acting import tell_of_rooms
from rooms.expiry import announce, expire_due
from rooms.ledger import Opened
from rooms.standing import Ended
from storage.engine import Database, Tx

T = TypeVar("T")


class Changes:
    """What has run out is ended first; what was written is told of once it is durable."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    async def commit(self, work: Callable[[Tx, list[Opened]], T]) -> T:
        """Run ``work`` in one transaction; it puts the rooms that it wrote to into the list."""
        touched: list[Opened] = []
        over: list[Ended] = []

        def whole(tx: Tx) -> T:
            touched.clear()
            over[:] = [expire_due(tx)]
            return work(tx, touched)

        result = await self._database.write(whole)
        for ended in over:
            announce(self._bus, ended)
        tell_of_rooms(self._bus, touched)
        return result

    async def look(self, work: Callable[[Tx], T]) -> T:
        """Run ``work`` in a snapshot, for what a change would do: it cannot write."""
        return await self._database.read(work)

    def tell_ended(self, sessions: Sequence[str]) -> None:
        """After the commit: these log-ins are over."""
        if sessions:
            self._bus.publish(SessionsEnded(tuple(sessions)))

    def tell_renamed(self, person: Person, tell: frozenset[str]) -> None:
        """After the commit: someone is shown by another name to those who see them."""
        self._bus.publish(PersonRenamed(person, tell))
