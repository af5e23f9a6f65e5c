"""The start of every change: who acts, in which room, and may they."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from msgspec.structs import replace

from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.levels import Level
from core.log import Entry
from core.records import Identity, Person
from live.bus import Bus, RoomMoved, RoomsChanged
from rooms.ledger import Opened
from rooms.permissions import decide, level_of
from storage import access, actors, log
from storage.engine import Database, Tx

T = TypeVar("T")


class Acting(NamedTuple):
    """Someone about to change a locked room."""

    person: PersonFacts
    shown: Person
    room: Opened

    @property
    def facts(self) -> Facts:
        return self.room.facts_for(self.person)

    @property
    def level(self) -> Level:
        return level_of(self.facts)


def actor(tx: Tx, who: Identity) -> PersonFacts:
    """Who acts, as of this transaction. Raises `not_signed_in` if the log-in is over by now."""
    found = actors.acting(tx, [who.session.id]).get(who.session.id)
    if found is None:
        raise ChatError("not_signed_in")
    return replace(found, token_level=who.token_level)


def shown(who: Identity) -> Person:
    return Person(who.account.id, who.account.nickname)


def acting_in(tx: Tx, who: Identity, room: str, action: str) -> Acting:
    """Lock ``room`` for ``action``.

    A hidden room and one that never was are both `not_found`, after the same statements.
    """
    person = actor(tx, who)
    head = log.lock_heads(tx, [room]).get(room)
    check(action, Facts(person, access.facts_for(tx, room, person.id, person.groups)))
    if head is None:
        raise ChatError("not_found")
    return Acting(person, shown(who), Opened(tx, head))


def check(action: str, facts: Facts) -> None:
    """Raise unless ``decide`` allows it."""
    decision = decide(action, facts)
    if decision.level < Level.SEE:
        raise ChatError("not_found")
    if not decision.allowed:
        raise ChatError("not_allowed")


class Changes:
    """Commits changes of access and then tells of them, from this one place."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    async def commit(self, work: Callable[[Tx, list[Opened]], T]) -> T:
        """Run ``work`` in one transaction; it puts the rooms that it wrote to into the list."""
        touched: list[Opened] = []

        def whole(tx: Tx) -> T:
            touched.clear()
            return work(tx, touched)

        result = await self._database.write(whole)
        self.tell([entry for room in touched for entry in room.written])
        return result

    def tell(self, entries: list[Entry]) -> None:
        """After the commit: hand the entries to whoever listens, and refresh lists of rooms."""
        for entry in entries:
            self._bus.publish(RoomMoved(entry.room, (entry,)))
        concerned = [entry.delta.people for entry in entries if entry.delta is not None]
        people = frozenset[str]().union(*concerned)
        if people:
            self._bus.publish(RoomsChanged(people))
