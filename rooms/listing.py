"""What someone sees of rooms: their own list, the directory, the people of a room."""

from __future__ import annotations

from msgspec import Struct

from core.access import (
    EVERYONE,
    Facts,
    PersonFacts,
    Preset,
    RoomFacts,
    Settings,
    SubjectKind,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level
from core.records import Identity, Person, Role
from rooms.acting import actor, check
from rooms.hearing import spans_of
from rooms.permissions import decide, level_of, rank_of
from storage import access, memberships, people
from storage import rooms as room_rows
from storage.engine import Database, Tx
from storage.memberships import Membership


class Permissions(Struct, frozen=True):
    """What you may do in a room, by `decide`."""

    post: bool
    invite: bool
    remove: bool
    settings: bool


class Room(Struct, frozen=True):
    """A room in your list. ``unread`` counts others' posts after ``read_seq``, 100 at most.

    ``restricted``: not everyone on this server can read it. ``guests``: a guest can.
    ``leaving_gives_up``: leaving gives up the only right to come back.
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
    history: str
    seq: int
    tag: str
    read_seq: int
    unread: int
    last_at: int


class Listed(Struct, frozen=True):
    """A room in the directory. ``owners``: whom to ask. ``people``: how many are in it."""

    id: str
    name: str
    topic: str
    level: str
    may_join: bool
    member: bool
    owners: list[Person]
    people: int


class Occupant(Struct, frozen=True):
    """Someone in a room or with a personal grant there. ``member``: it is in their list."""

    id: str
    nickname: str
    level: str
    role: str
    member: bool
    may_remove: bool


class Occupants(Struct, frozen=True):
    """The people of a room, and how many on this server can ``read`` and ``post`` there."""

    people: list[Occupant]
    read: int
    post: int


class Listing:
    """Answers from one snapshot each; `decide` has the last word on every row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mine(self, who: Identity) -> list[Room]:
        """One's own rooms, in the order of joining."""

        def work(tx: Tx) -> list[Room]:
            person = actor(tx, who)
            own = memberships.of_person(tx, person.id)
            settings = room_rows.settings_of_many(tx, [row.room for row in own])
            seen = (_room(tx, person, row, settings[row.room]) for row in own)
            return [room for room in seen if room is not None]

        return await self._database.read(work)

    async def one(self, who: Identity, room: str) -> Room:
        """One of one's own rooms. Raises `not_found`, or `not_member` if it is only in reach."""

        def work(tx: Tx) -> Room:
            person = actor(tx, who)
            check("see", Facts(person, access.facts_for(tx, room, person.id)))
            for row in memberships.of_person(tx, person.id):
                if row.room == room:
                    settings = room_rows.settings_of_many(tx, [room])[room]
                    found = _room(tx, person, row, settings)
                    if found is not None:
                        return found
            raise ChatError("not_member")

        return await self._database.read(work)

    async def directory(self, who: Identity) -> list[Listed]:
        """Every room that one may see, by name."""

        def work(tx: Tx) -> list[Listed]:
            person = actor(tx, who)
            reach = access.rooms_within_reach(tx, person.id, person.groups)
            counts = memberships.counts(tx, reach)
            settings = room_rows.settings_of_many(tx, reach)
            rows = (
                _listed(tx, person, room, settings[room], counts.get(room, 0)) for room in reach
            )
            return sorted((row for row in rows if row), key=lambda row: (row.name, row.id))

        return await self._database.read(work)

    async def may_invite(self, who: Identity, room: str) -> None:
        """Raise unless one may invite, before anything is said of whom."""

        def work(tx: Tx) -> None:
            person = actor(tx, who)
            check("invite", Facts(person, access.facts_for(tx, room, person.id)))

        await self._database.read(work)

    async def occupants(self, who: Identity, room: str) -> Occupants:
        """Who is in a room, for those who may read it."""

        def work(tx: Tx) -> Occupants:
            person = actor(tx, who)
            check("read", Facts(person, access.facts_for(tx, room, person.id)))
            return _occupants(tx, person, access.room_facts(tx, room))

        return await self._database.read(work)


def _room(tx: Tx, person: PersonFacts, row: Membership, settings: Settings) -> Room | None:
    room_facts = access.facts_for(tx, row.room, person.id, person.groups)
    facts = Facts(person, room_facts)
    if not decide("read", facts).allowed:
        return None
    readable = spans_of(tx, row.room, person, room_facts.history)
    return Room(
        id=row.room,
        name=settings.name or "",
        topic=settings.topic or "",
        preset=(settings.preset or Preset.PRIVATE).value,
        level=level_of(facts).name,
        may=Permissions(**{name: decide(name, facts).allowed for name in _MAY}),
        restricted=_everyone_level(room_facts) < Level.READ,
        guests=access.guest_reads(tx, row.room),
        leaving_gives_up=not _can_come_back(facts),
        history=room_facts.history.value,
        seq=row.seq,
        tag=row.tag,
        read_seq=row.read_seq,
        unread=memberships.unread(tx, person.id, row.room, row.read_seq, readable),
        last_at=row.last_at,
    )


_MAY = Permissions.__struct_fields__


def _everyone_level(facts: RoomFacts) -> Level:
    grant = facts.grants.get(EVERYONE)
    return grant.level if grant else Level.HIDDEN


def _can_come_back(facts: Facts) -> bool:
    """Whether someone may still read once they gave up their personal grant."""
    own = person_subject(facts.person.id)
    lasting = tuple(grant for subject, grant in facts.room.grants.items() if subject != own)
    return rank_of(Facts(facts.person, RoomFacts(Settings(), lasting))) >= Level.READ


def _listed(
    tx: Tx, person: PersonFacts, room: str, settings: Settings, count: int
) -> Listed | None:
    facts = Facts(person, access.facts_for(tx, room, person.id, person.groups))
    if not decide("see", facts).allowed:
        return None
    return Listed(
        id=room,
        name=settings.name or "",
        topic=settings.topic or "",
        level=level_of(facts).name,
        may_join=decide("join", facts).allowed,
        member=person.id in facts.room.members,
        owners=access.owners(tx, room),
        people=count,
    )


def _occupants(tx: Tx, reader: PersonFacts, room: RoomFacts) -> Occupants:
    wide = _everyone_level(room) >= Level.READ
    named = {s.id for s in room.grants if s.kind is SubjectKind.PERSON} | room.members
    everyone = people.facts(tx, people.all_ids(tx) if wide else named)
    levels = {id: level_of(Facts(facts, room)) for id, facts in everyone.items()}
    inside = sorted(id for id in named if levels.get(id, Level.HIDDEN) >= Level.READ)
    shown = people.persons(tx, inside)
    rows = [
        _occupant(shown[id], levels[id], everyone[id], room, reader) for id in inside if id in shown
    ]
    return Occupants(
        people=sorted(rows, key=lambda row: (-Level[row.level], row.nickname.casefold())),
        read=sum(level >= Level.READ for level in levels.values()),
        post=sum(decide("post", Facts(facts, room)).allowed for facts in everyone.values()),
    )


def _occupant(
    shown: Person, level: Level, facts: PersonFacts, room: RoomFacts, reader: PersonFacts
) -> Occupant:
    outranks = rank_of(Facts(facts, room)) < level_of(Facts(reader, room))
    return Occupant(
        id=shown.id,
        nickname=shown.nickname,
        level=level.name,
        role=Role(facts.role).value,
        member=shown.id in room.members,
        may_remove=decide("remove", Facts(reader, room)).allowed and outranks,
    )
