"""Whose list a room is in, and how far they have read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import func, select, update

from storage.engine import Tx
from storage.people import batches
from storage.schema import heads, memberships
from storage.schema import rooms as room_rows


class Numbers(Struct, frozen=True):
    """How many rooms someone is in; direct ones are counted apart."""

    rooms: int
    direct: int


def how_many(tx: Tx, person: str) -> Numbers:
    query = (
        select(func.count(), func.count(room_rows.c.direct))
        .join_from(memberships, room_rows, room_rows.c.id == memberships.c.room)
        .where(memberships.c.person == person)
    )
    every, direct = tx.conn.execute(query).one()
    return Numbers(every - direct, direct)


def rooms_of(tx: Tx, person: str) -> list[str]:
    query = select(memberships.c.room).where(memberships.c.person == person)
    return list(tx.conn.execute(query).scalars())


def sharing_a_room(tx: Tx, person: str) -> list[str]:
    """Everyone who is in a room that ``person`` is in."""
    mine = select(memberships.c.room).where(memberships.c.person == person)
    query = select(memberships.c.person).where(memberships.c.room.in_(mine)).distinct()
    return list(tx.conn.execute(query).scalars())


def share_a_room(tx: Tx, one: str, other: str) -> bool:
    """Whether both are in some room."""
    theirs = memberships.alias()
    query = (
        select(memberships.c.room)
        .join(theirs, theirs.c.room == memberships.c.room)
        .where(memberships.c.person == one, theirs.c.person == other)
    )
    return tx.conn.execute(query.limit(1)).first() is not None


def read_up_to(tx: Tx, person: str, room: str, seq: int) -> bool:
    """Move the mark forward, never back nor past the head. False if nothing moved."""
    head = select(heads.c.seq).where(heads.c.room == room).scalar_subquery()
    statement = (
        update(memberships)
        .where(
            memberships.c.room == room,
            memberships.c.person == person,
            memberships.c.read_seq < seq,
            head >= seq,
        )
        .values(read_seq=seq)
    )
    return tx.conn.execute(statement).rowcount == 1


def counts(tx: Tx, rooms: Iterable[str]) -> dict[str, int]:
    """Members of each room."""
    found: dict[str, int] = {}
    for some in batches(rooms):
        query = (
            select(memberships.c.room, func.count().label("members"))
            .where(memberships.c.room.in_(some))
            .group_by(memberships.c.room)
        )
        found.update((row.room, row.members) for row in tx.conn.execute(query))
    return found
