"""The start of every change: who acts, in which room, and may they; and telling of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.levels import Level
from core.records import Identity, Person, Role
from live.bus import Bus, RoomMoved, RoomsChanged
from rooms.ledger import Opened
from rooms.permissions import decide, level_of
from storage import access, actors, log
from storage.engine import Tx


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
    return found


def admin(tx: Tx, who: Identity) -> PersonFacts:
    """Who acts, an admin by a log-in without a token's caps. For others `not_found`."""
    person = actor(tx, who)
    capped = person.token_level is not None or person.token_actions is not None
    if person.role is not Role.ADMIN or capped:
        raise ChatError("not_found")
    return person


def shown(who: Identity) -> Person:
    return Person(who.account.id, who.account.nickname)


def facts_in(tx: Tx, person: PersonFacts, room: str) -> Facts:
    """All that bears on what ``person`` may do in ``room``, whether or not there is one."""
    return Facts(person, access.facts_for(tx, room, person.id, person.groups))


def looking_in(tx: Tx, who: Identity, room: str, action: str) -> Facts:
    """For an answer about ``room`` that needs ``action``; raises as `acting_in`."""
    facts = facts_in(tx, actor(tx, who), room)
    check(action, facts)
    return facts


def acting_in(tx: Tx, who: Identity, room: str, action: str) -> Acting:
    """Lock ``room`` for ``action``.

    A hidden room and one that never was are both `not_found`, after the same statements.
    """
    person = actor(tx, who)
    head = log.lock_heads(tx, [room]).get(room)
    check(action, facts_in(tx, person, room))
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


def tell_of_rooms(bus: Bus, rooms: Iterable[Opened]) -> None:
    """After the commit: hand the entries to whoever listens, and refresh lists of rooms."""
    affected: set[str] = set()
    for room in rooms:
        affected |= room.affected
        for entry in room.written:
            bus.publish(RoomMoved(entry.room, (entry,)))
    if affected:
        bus.publish(RoomsChanged(frozenset(affected)))
