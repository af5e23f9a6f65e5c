"""Lists of one's own rooms, for many people at once: what is the same for all is found once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from core.access import EVERYONE, Facts, PersonFacts, Preset, RoomFacts, Settings, own_subjects
from core.levels import Level
from core.records import Person
from rooms.alike import Alike
from rooms.permissions import decide, level_of, rank_of, required
from rooms.waiting import waiting
from storage import access, actors, blocks, direct, own_rooms
from storage import rooms as room_rows
from storage.engine import Tx
from storage.own_rooms import OwnRoom


class Permissions(Struct, frozen=True):
    """What you may do in a room, by `decide`."""

    post: bool
    invite: bool
    remove: bool
    mute: bool
    ban: bool
    rights: bool
    appoint: bool
    open: bool
    settings: bool
    archive: bool
    delete: bool


class Room(Struct, frozen=True):
    """A room in your list. ``unread`` counts others' posts after ``read_seq``, 100 at most.

    ``restricted``: not everyone on this server can read it. ``guests``: a guest can.
    ``leaving_gives_up``: leaving gives up the only right to come back. ``slow``: seconds between
    two posts of one person. ``posting``: the level from which on one may post. ``asks``: how
    many wait to be let in, if you may do that. ``peer``: of a direct room, which has no name, the
    other one; ``blocked``: you block them.
    """

    id: str
    name: str
    topic: str
    preset: str
    level: str
    may: Permissions
    restricted: bool
    guests: bool
    leaving_gives_up: bool
    archived: bool
    slow: int
    history: str
    posting: str
    seq: int
    tag: str
    read_seq: int
    unread: int
    last_at: int
    asks: int
    peer: Person | None = None
    blocked: bool = False


def lists(tx: Tx, sessions: Iterable[str]) -> dict[str, list[Room]]:
    """By log-in, of those that may act: its person's rooms that they may read, in the order of
    joining."""
    people = actors.acting(tx, sessions)
    own = own_rooms.of_people(tx, (person.id for person in people.values()))
    described = _Described(tx, own, people.values())
    return {
        session: described.list_of(person, own.get(person.id, ()))
        for session, person in people.items()
    }


def one(tx: Tx, person: PersonFacts, room: str) -> Room | None:
    """The one row of someone's list; None if it is not there."""
    rows = [
        row for row in own_rooms.of_people(tx, [person.id]).get(person.id, ()) if row.room == room
    ]
    found = _Described(tx, {person.id: rows}, [person]).list_of(person, rows)
    return found[0] if found else None


class _Stand(NamedTuple):
    """How people of the same rights stand with a room."""

    level: str
    may: Permissions
    reads: bool
    leaving_gives_up: bool


class _Described:
    """The rooms of some people's lists, with all that is to be said about them."""

    def __init__(
        self, tx: Tx, own: Mapping[str, Sequence[OwnRoom]], people: Iterable[PersonFacts]
    ) -> None:
        self._settings = room_rows.settings_of_many(
            tx, {r.room for rows in own.values() for r in rows}
        )
        self._facts = own_rooms.facts(tx, self._settings, own)
        self._stands = {room: Alike(facts, _stand) for room, facts in self._facts.items()}
        self._guests = access.with_guests(tx, self._settings)
        self._pairs = direct.pairs(
            tx, [room for room, facts in self._facts.items() if facts.direct]
        )
        self._blocked = blocks.of_people(tx, own) if self._pairs else {}
        kept = {
            row.room
            for person in people
            for row in own.get(person.id, ())
            if self._stands[row.room](person).may.invite
        }
        self._asked = waiting(tx, kept)

    def list_of(self, person: PersonFacts, rows: Iterable[OwnRoom]) -> list[Room]:
        """Those of ``rows`` that may be read."""
        stands = ((row, self._stands[row.room](person)) for row in rows)
        return [self._room(row, stand) for row, stand in stands if stand.reads]

    def _room(self, row: OwnRoom, stand: _Stand) -> Room:
        settings, facts = self._settings[row.room], self._facts[row.room]
        peer = self._peer(row)
        return Room(
            id=row.room,
            name=settings.name or "",
            topic=settings.topic or "",
            preset=(settings.preset or Preset.PRIVATE).value,
            level=stand.level,
            may=stand.may,
            restricted=everyone_level(facts) < Level.READ,
            guests=row.room in self._guests,
            leaving_gives_up=stand.leaving_gives_up,
            archived=facts.archived,
            slow=facts.slow,
            history=facts.history.value,
            posting=required("post", facts).name,
            seq=row.seq,
            tag=row.tag,
            read_seq=row.read_seq,
            unread=row.unread,
            last_at=row.last_at,
            asks=len(self._asked.get(row.room, ())) if stand.may.invite else 0,
            peer=peer,
            blocked=peer is not None and peer.id in self._blocked.get(row.person, ()),
        )

    def _peer(self, row: OwnRoom) -> Person | None:
        pair = self._pairs.get(row.room, ())
        return next((person for person in pair if person.id != row.person), None)


def _stand(facts: Facts) -> _Stand:
    may = Permissions(**{name: decide(name, facts).allowed for name in _MAY})
    gives_up = not (facts.room.direct or _can_come_back(facts))
    return _Stand(level_of(facts).name, may, decide("read", facts).allowed, gives_up)


_MAY = Permissions.__struct_fields__


def everyone_level(room: RoomFacts) -> Level:
    """The level that everyone signed in, but no guest, has at least before caps."""
    grant = room.grants.get(EVERYONE)
    return grant.level if grant else Level.HIDDEN


def _can_come_back(facts: Facts) -> bool:
    """Whether someone may still read once they gave up their personal grant, and not by glass."""
    own = own_subjects(facts.person.id)
    lasting = tuple(grant for subject, grant in facts.room.grants.items() if subject not in own)
    return rank_of(Facts(facts.person, RoomFacts(Settings(), lasting))) >= Level.READ
