"""Direct rooms: whose they are, and from whose lists they are hidden."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, select

from core.access import SubjectKind
from core.records import Person
from storage.engine import Tx
from storage.people import batches, persons
from storage.schema import grants, memberships, rooms


def key_of(people: Iterable[str]) -> str:
    """The same people, the same room."""
    return " ".join(sorted(people))


def room_of(tx: Tx, people: Iterable[str]) -> str | None:
    """The direct room of these two, if there is one."""
    query = select(rooms.c.id).where(rooms.c.direct == key_of(people))
    return tx.conn.execute(query).scalar_one_or_none()


def pairs(tx: Tx, ids: Iterable[str]) -> dict[str, list[Person]]:
    """The two whose room it is, by direct room; other rooms are left out."""
    found: dict[str, list[str]] = {}
    for some in batches(ids):
        query = select(rooms.c.id, rooms.c.direct).where(rooms.c.id.in_(some))
        for room, key in tx.conn.execute(query.where(rooms.c.direct.is_not(None))):
            found[room] = key.split()
    shown = persons(tx, (person for pair in found.values() for person in pair))
    return {room: [shown[one] for one in pair if one in shown] for room, pair in found.items()}


def met_by(tx: Tx, person: str) -> set[str]:
    """Everyone with whom ``person`` has a direct room, hidden or not."""
    mine = grants.alias()
    query = (
        select(grants.c.subject)
        .join(mine, mine.c.room == grants.c.room)
        .join(rooms, rooms.c.id == mine.c.room)
        .where(
            mine.c.subject_kind == SubjectKind.PERSON.value,
            mine.c.subject == person,
            rooms.c.direct.is_not(None),
        )
    )
    return set(tx.conn.execute(query).scalars()) - {person}


def absent(tx: Tx, room: str) -> list[str]:
    """Whose direct room it is, but who does not have it in their list."""
    inside = and_(memberships.c.room == grants.c.room, memberships.c.person == grants.c.subject)
    query = (
        select(grants.c.subject)
        .outerjoin(memberships, inside)
        .where(grants.c.room == room, memberships.c.person.is_(None))
    )
    return list(tx.conn.execute(query.order_by(grants.c.subject)).scalars())
