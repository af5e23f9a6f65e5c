"""Whose list a room is in, and how far they have read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import and_, func, select, update

from core.log import Kind, Span
from storage.engine import Tx
from storage.log import within
from storage.people import batches
from storage.schema import entries, heads, memberships

UNREAD_LIMIT = 100


class Membership(Struct, frozen=True):
    """One room in someone's list, and where its log and their reading stand."""

    room: str
    joined_at: int
    read_seq: int
    seq: int
    tag: str
    last_at: int


def of_person(tx: Tx, person: str) -> list[Membership]:
    """Someone's list, in the order of joining."""
    query = (
        select(
            memberships.c.room,
            memberships.c.joined_at,
            memberships.c.read_seq,
            heads.c.seq,
            heads.c.tag,
            heads.c.last_at,
        )
        .join(heads, heads.c.room == memberships.c.room)
        .where(memberships.c.person == person)
        .order_by(memberships.c.joined_at, memberships.c.room)
    )
    return [Membership(*row) for row in tx.conn.execute(query)]


def rooms_of(tx: Tx, person: str) -> list[str]:
    query = select(memberships.c.room).where(memberships.c.person == person)
    return list(tx.conn.execute(query).scalars())


def sharing_a_room(tx: Tx, person: str) -> list[str]:
    """Everyone who is in a room that ``person`` is in."""
    mine = select(memberships.c.room).where(memberships.c.person == person)
    query = select(memberships.c.person).where(memberships.c.room.in_(mine)).distinct()
    return list(tx.conn.execute(query).scalars())


def unread(tx: Tx, person: str, room: str, read_seq: int, readable: Sequence[Span] | None) -> int:
    """Others' posts after ``read_seq``, only within ``readable`` (None: all of the log).

    Counting stops at `UNREAD_LIMIT`.
    """
    some = (
        select(entries.c.seq)
        .where(
            and_(
                entries.c.room == room,
                entries.c.seq > read_seq,
                entries.c.kind == Kind.POST.value,
                entries.c.author != person,
                within(readable),
            )
        )
        .limit(UNREAD_LIMIT)
    )
    return tx.conn.execute(select(func.count()).select_from(some.subquery())).scalar_one()


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
