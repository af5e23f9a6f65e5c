"""Who is in a room, and how many can read and post there."""

from __future__ import annotations

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts, SubjectKind
from core.levels import Level
from core.records import Identity, Person, Role
from rooms.acting import actor, check
from rooms.listing import everyone_level
from rooms.permissions import decide, level_of, rank_of
from storage import access, people
from storage.engine import Database, Tx


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


class Occupancy:
    """Answers from one snapshot; `decide` has the last word on every row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, who: Identity, room: str) -> Occupants:
        """For those who may read the room. Guests are told of its own people only."""

        def work(tx: Tx) -> Occupants:
            person = actor(tx, who)
            check("read", Facts(person, access.facts_for(tx, room, person.id, person.groups)))
            return _occupants(tx, person, access.room_facts(tx, room))

        return await self._database.read(work)


def _occupants(tx: Tx, reader: PersonFacts, room: RoomFacts) -> Occupants:
    wide = everyone_level(room) >= Level.READ and reader.role is not Role.GUEST
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
        role=facts.role.value,
        member=shown.id in room.members,
        may_remove=decide("remove", Facts(reader, room)).allowed and outranks,
    )
