"""Who is in a room, and how many can read and post there."""

from __future__ import annotations

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts
from core.levels import Level
from core.records import Identity, Person, Role
from rooms.acting import looking_in
from rooms.alike import Alike
from rooms.own_rooms import everyone_level
from rooms.permissions import decide, level_of, rank_of
from storage import access, groups, people, rooms
from storage.engine import Database, Tx


class Occupant(Struct, frozen=True):
    """Someone in a room or with a personal grant there. ``member``: it is in their list; who hid
    a direct room does not tell the other."""

    id: str
    nickname: str
    level: str
    role: str
    member: bool
    muted: bool
    may_remove: bool
    """Whether one outranks them, and may remove (mute, ban) those whom one does."""


class Occupants(Struct, frozen=True):
    """The people of a room, and how many on this server can ``read`` and ``post`` there.

    ``guests``: some of them are guests. ``history``: what of the past newcomers read.
    ``changed_at``, ``changed_by``: when rights were changed here last, and by whom; None if they
    ended by themselves.
    """

    people: list[Occupant]
    read: int
    post: int
    guests: bool
    history: str
    changed_at: int | None
    changed_by: Person | None


class Occupancy:
    """Answers from one snapshot; `decide` has the last word on every row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, who: Identity, room: str) -> Occupants:
        """For those who may read the room. Guests are told of its own people only."""

        def work(tx: Tx) -> Occupants:
            person = looking_in(tx, who, room, "read").person
            changed = rooms.last_change(tx, room)
            return _occupants(tx, person, access.room_facts(tx, room), changed)

        return await self._database.read(work)


def _occupants(tx: Tx, reader: PersonFacts, room: RoomFacts, changed: rooms.Changed) -> Occupants:
    wide = everyone_level(room) >= Level.READ and reader.role is not Role.GUEST
    named = room.people_granted | room.members
    named |= {id for group in room.groups_granted for id in groups.people_in(tx, group)}
    everyone = people.everybody(tx) if wide else people.facts(tx, named)
    level, may_post = Alike(room, level_of), Alike(room, lambda f: decide("post", f).allowed)
    levels = {id: level(facts) for id, facts in everyone.items()}
    inside = sorted(id for id in named if levels.get(id, Level.HIDDEN) >= Level.READ)
    shown = people.persons(tx, inside)
    rows = [
        _occupant(shown[id], levels[id], everyone[id], room, reader) for id in inside if id in shown
    ]
    return Occupants(
        people=sorted(rows, key=lambda row: (-Level[row.level], row.nickname.casefold())),
        read=sum(level >= Level.READ for level in levels.values()),
        post=sum(may_post(facts) for facts in everyone.values()),
        guests=any(everyone[id].role is Role.GUEST for id in inside),
        history=room.history.value,
        changed_at=changed.at,
        changed_by=people.persons(tx, [changed.by]).get(changed.by) if changed.by else None,
    )


def _occupant(
    shown: Person, level: Level, facts: PersonFacts, room: RoomFacts, reader: PersonFacts
) -> Occupant:
    me, mine = Facts(reader, room), Facts(facts, room)
    outranks = rank_of(mine) < level_of(me)
    return Occupant(
        id=shown.id,
        nickname=shown.nickname,
        level=level.name,
        role=facts.role.value,
        member=room.direct or shown.id in room.members,
        muted=shown.id in room.caps,
        may_remove=decide("remove", me).allowed and outranks,
    )
