"""Whose list a room is in, and how far they have read."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update

from core.access import History
from core.log import Kind
from storage.engine import Tx
from storage.people import batches
from storage.schema import entries, heads, memberships, spans
from storage.schema import rooms as room_rows

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


def unread(tx: Tx, person: str, rooms: Iterable[str]) -> dict[str, int]:
    """By room of someone's list: others' posts after their mark, of those that they may read.

    Counting stops at `UNREAD_LIMIT`.
    """
    some = (
        select(entries.c.seq)
        .where(
            entries.c.room == memberships.c.room,
            entries.c.seq > memberships.c.read_seq,
            entries.c.kind == Kind.POST.value,
            entries.c.author != person,
            or_(_is_open_to_readers(), _in_a_span_of(person)),
        )
        .limit(UNREAD_LIMIT)
        .correlate(memberships, room_rows)
        .subquery()
    )
    count = select(func.count()).select_from(some).scalar_subquery()
    own = select(memberships.c.room, count.label("unread")).join(room_rows)
    own = own.where(memberships.c.person == person)
    found: dict[str, int] = {}
    for part in batches(rooms):
        query = own.where(memberships.c.room.in_(part))
        found.update((row.room, row.unread) for row in tx.conn.execute(query))
    return found


def _is_open_to_readers() -> ColumnElement[bool]:
    return and_(room_rows.c.history == History.ALL.value, room_rows.c.open_from <= entries.c.seq)


def _in_a_span_of(person: str) -> ColumnElement[bool]:
    """What `storage.log.within` says of someone's spans."""
    return exists().where(
        spans.c.room == entries.c.room,
        spans.c.person == person,
        spans.c.from_seq <= entries.c.seq,
        or_(spans.c.to_seq.is_(None), spans.c.to_seq >= entries.c.seq),
    )


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
