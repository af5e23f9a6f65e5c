"""Who waits to be let into a room, and who may answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from core.access import Facts, PersonFacts, RoomFacts
from core.clock import DAY
from core.levels import Level
from rooms.permissions import decide, level_of, required
from storage import access, asks, people
from storage.asks import Ask
from storage.engine import Tx

AGAIN_AFTER = DAY
"""After a no, until one may ask again (ms)."""


class Stand(NamedTuple):
    """How someone stands with a room that they may not read; see `rooms.listing.Listed`."""

    may_ask: bool = False
    asked_at: int | None = None
    ask_again_at: int | None = None


def may_ask(facts: Facts) -> bool:
    """Whether someone may ask to be let in, and has reason to."""
    return decide("ask", facts).allowed and level_of(facts) < Level.READ


def again_at(ask: Ask | None) -> int | None:
    """When someone who was told no may ask again (ms)."""
    return None if ask is None or ask.declined_at is None else ask.declined_at + AGAIN_AFTER


def stand(facts: Facts, ask: Ask | None, now: int) -> Stand:
    """``ask``: what was asked before; ``now`` in ms."""
    again = again_at(ask)
    if not may_ask(facts):
        return Stand()
    if ask is None or (again is not None and again <= now):
        return Stand(may_ask=True)
    return Stand(asked_at=ask.at) if again is None else Stand(ask_again_at=again)


def waiting(tx: Tx, rooms: Iterable[str]) -> dict[str, list[Ask]]:
    """By room: those who asked, may still ask, and were not answered, oldest first."""
    asked = asks.waiting_in(tx, rooms)
    about = people.facts(tx, {ask.person for own in asked.values() for ask in own})
    return {room: _still(own, access.room_facts(tx, room), about) for room, own in asked.items()}


def _still(asked: list[Ask], room: RoomFacts, about: Mapping[str, PersonFacts]) -> list[Ask]:
    return [ask for ask in asked if may_ask(Facts(about[ask.person], room))]


def settle(tx: Tx, room: str, facts: RoomFacts, changed: Mapping[str, PersonFacts]) -> set[str]:
    """After a change of rights: forget what was asked by those who may read, or not ask, now.

    Returns them. ``changed``: what accounts are, where the tables do not say so yet. A no is
    remembered until its person may read.
    """
    asked = asks.in_room(tx, room)
    about = people.facts(tx, (ask.person for ask in asked)) | dict(changed)
    gone = {ask.person for ask in asked if _is_settled(ask, Facts(about[ask.person], facts))}
    asks.remove(tx, room, gone)
    return gone


def _is_settled(ask: Ask, facts: Facts) -> bool:
    if ask.declined_at is not None:
        return level_of(facts) >= Level.READ
    return not may_ask(facts)


def keepers(tx: Tx, room: RoomFacts) -> frozenset[str]:
    """The members who may let others in."""
    level = required("invite", room)
    given = [subject for subject, grant in room.grants.items() if grant.level >= level]
    named = {subject.id for subject in given if subject.kind.is_personal}
    personal = all(subject.kind.is_personal for subject in given)
    about = people.facts(tx, room.members & named if personal else room.members)
    return frozenset(
        person for person, facts in about.items() if decide("invite", Facts(facts, room)).allowed
    )
