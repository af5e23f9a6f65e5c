"""What admins see of rooms that they are not in: who may, and who gave it. Never what is said."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from core.access import Cap, Grant
from core.errors import ChatError
from core.levels import Level
from core.records import Identity, Person
from rooms.acting import admin
from rooms.reasons import Names
from rooms.verifying import Verified, verify
from storage import access, memberships, overview
from storage.engine import Database, Tx
from storage.overview import RoomRow

SHOWN = 50


class Overseen(Struct, frozen=True):
    """A room, who owns it, and how many are in it."""

    room: RoomRow
    owners: list[Person]
    people: int


class RoomList(Struct, frozen=True):
    """Those that were searched for; ``direct``: how many direct rooms there are besides."""

    rooms: list[Overseen]
    more: bool
    direct: int


class Line(Struct, frozen=True):
    """A grant or a cap. ``kind``: everyone, group, person or glass. ``by``: a nickname."""

    kind: str
    id: str
    name: str
    level: Level
    by: str
    at: int
    why: str
    until: int | None


class AccessList(Struct, frozen=True):
    """A room's whole access list."""

    overseen: Overseen
    grants: list[Line]
    caps: list[Line]


class Overseeing:
    """Answers from one snapshot each. Direct rooms are not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rooms(self, who: Identity, query: str = "") -> RoomList:
        """Those whose name, topic or id contains ``query``, by name."""

        def work(tx: Tx) -> RoomList:
            admin(tx, who)
            found = [room for room in overview.every_room(tx) if _matches(room, query)]
            direct = overview.direct_rooms(tx)
            return RoomList(_overseen(tx, found[:SHOWN]), len(found) > SHOWN, direct)

        return await self._database.read(work)

    async def access(self, who: Identity, room: str) -> AccessList:
        """Raises `not_found` for direct rooms too."""

        def work(tx: Tx) -> AccessList:
            admin(tx, who)
            return _access(tx, _overseen(tx, [_row(tx, room)])[0])

        return await self._database.read(work)

    async def verify(self, who: Identity, room: str, noted: str | None) -> Verified:
        """Whether the room's access log is as it was written, up to a hash ``noted`` earlier.

        Raises `not_found` for direct rooms too.
        """

        def work(tx: Tx) -> Verified:
            admin(tx, who)
            return verify(tx, _row(tx, room).id, noted)

        return await self._database.read(work)


def _row(tx: Tx, room: str) -> RoomRow:
    found = [row for row in overview.every_room(tx) if row.id == room]
    if not found:
        raise ChatError("not_found")
    return found[0]


def _matches(room: RoomRow, query: str) -> bool:
    wanted = query.strip().casefold()
    return wanted in room.name.casefold() or wanted in room.topic.casefold() or wanted == room.id


def _overseen(tx: Tx, rooms: Iterable[RoomRow]) -> list[Overseen]:
    rows = list(rooms)
    ids = [row.id for row in rows]
    owners, counts = access.owners(tx, ids), memberships.counts(tx, ids)
    return [Overseen(row, owners.get(row.id, []), counts.get(row.id, 0)) for row in rows]


def _access(tx: Tx, overseen: Overseen) -> AccessList:
    facts = access.room_facts(tx, overseen.room.id)
    caps = facts.all_caps
    names = Names(tx, [*facts.grants.values(), *caps])
    grants = [_line(grant, names) for grant in facts.grants.values()]
    return AccessList(
        overseen,
        sorted(grants, key=lambda line: (-line.level, line.kind, line.name.casefold())),
        sorted(
            (_line(cap, names) for cap in caps),
            key=lambda line: (line.level, line.name.casefold()),
        ),
    )


def _line(item: Grant | Cap, names: Names) -> Line:
    return Line(
        kind=item.subject.kind.value,
        id=item.subject.id,
        name=names.subject(item.subject),
        level=item.level,
        by=names.person(item.by) or "",
        at=item.at,
        why=item.why,
        until=item.until,
    )
