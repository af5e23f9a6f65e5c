"""What the hub asks: may this log-in hear this room, and what does its log say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from core.access import Facts, History
from core.log import Entry, Span
from live.source import Snapshot
from rooms.permissions import decide
from storage import access, actors, log, own_rooms
from storage.engine import Database, Tx
from storage.gathering import Gathering


class Hearing:
    """`live.source.Source` over the database and `decide`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._snapshots = Gathering(database, _snapshots)
        self._entries = Gathering(database, _entries)

    async def snapshot(self, room: str, session: str, *, whole: bool) -> Snapshot | None:
        return await self._snapshots.ask(_Place(room, session, whole))

    async def entries_after(self, room: str, seq: int, limit: int) -> Sequence[Entry]:
        return await self._entries.ask(_After(room, seq, limit)) or ()

    async def heads(self, rooms: Iterable[str]) -> dict[str, tuple[int, str]]:
        wanted = list(rooms)
        return await self._database.read(lambda tx: log.heads_of(tx, wanted)) if wanted else {}

    def may_hear(self, facts: Facts) -> bool:
        return _may_hear(facts)

    def may_post(self, facts: Facts) -> bool:
        return decide("post", facts).allowed


class _Place(NamedTuple):
    """Somebody's log-in who wants to hear a room. ``whole``: with all the room's facts."""

    room: str
    session: str
    whole: bool


class _After(NamedTuple):
    """Up to ``limit`` entries of a room's log after ``seq``."""

    room: str
    seq: int
    limit: int


def _entries(tx: Tx, asked: Sequence[_After]) -> dict[_After, Sequence[Entry]]:
    return {one: log.after(tx, *one) for one in asked}


def _snapshots(tx: Tx, asked: Sequence[_Place]) -> dict[_Place, Snapshot]:
    """Of those who may hear the room that they ask for; a hidden one costs what an absent costs."""
    people = actors.acting(tx, {place.session for place in asked})
    heads = log.heads_of(tx, {place.room for place in asked})
    there = [place for place in asked if place.session in people]
    facts = own_rooms.facts_at(tx, ((place.room, people[place.session].id) for place in there))
    whole = cache(lambda room: access.room_facts(tx, room))
    found: dict[_Place, Snapshot] = {}
    for place in there:
        own, head = Facts(people[place.session], facts[place.room]), heads.get(place.room)
        if head is not None and _may_hear(own):
            room = whole(place.room).copy() if place.whole else None
            spans = spans_of(tx, place.room, own)
            found[place] = Snapshot(*head, own.person, spans, room)
    return found


def _may_hear(facts: Facts) -> bool:
    member = facts.person.id in facts.room.members
    return member and decide("read", facts).allowed


def spans_of(tx: Tx, room: str, facts: Facts) -> tuple[Span, ...] | None:
    """What of a log a reader may read; None: all of it."""
    whole = facts.room.history is History.ALL
    if whole and facts.room.open_from == 0:
        return None
    own = tuple(access.spans_of(tx, room, facts.person.id))
    return (*own, Span(facts.room.open_from, None)) if whole else own
