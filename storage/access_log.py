"""The access entries of all rooms and the journal as one list, newest first, a page at a time."""

from __future__ import annotations

from typing import Any, NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, tuple_

from core.access import Delta, decode_delta
from storage.engine import Tx
from storage.journal import Change, decode_facts
from storage.schema import entries, journal
from storage.schema import rooms as room_rows


class Mark(NamedTuple):
    """Where a page ended. Lines of the journal have no room, and their id for a seq."""

    at: int
    room: str
    seq: int


class Wanted(Struct, frozen=True):
    """What is looked for; None: whatever it be. Times in ms, ``until`` not included.

    ``journal``: the kind is one of the journal's, not of rooms' entries.
    """

    rooms: list[str] | None = None
    people: list[str] | None = None
    kind: str | None = None
    journal: bool = False
    since: int | None = None
    until: int | None = None


class Found(Struct, frozen=True):
    """An access entry with its ``delta``, or a line of the journal with its ``change``."""

    mark: Mark
    room_name: str
    kind: str
    by: str | None
    delta: Delta | None = None
    change: Change | None = None
    access_hash: str | None = None


def page(tx: Tx, wanted: Wanted, after: Mark | None, limit: int) -> list[Found]:
    """The ``limit`` newest, or those that follow ``after``. Direct rooms are left out."""
    found = [*_entries(tx, wanted, after, limit), *_lines(tx, wanted, after, limit)]
    return sorted(found, key=lambda one: one.mark, reverse=True)[:limit]


def _entries(tx: Tx, wanted: Wanted, after: Mark | None, limit: int) -> list[Found]:
    """Joined from the entries outward, so that their index gives the order."""
    if wanted.kind is not None and wanted.journal:
        return []
    query = (
        select(
            entries.c.at,
            entries.c.room,
            entries.c.seq,
            entries.c.kind,
            entries.c.author,
            entries.c.delta,
            entries.c.access_hash,
            room_rows.c.name,
        )
        .outerjoin(room_rows, room_rows.c.id == entries.c.room)
        .where(entries.c.access_hash.is_not(None), room_rows.c.direct.is_(None))
        .where(*_that(wanted), *_between(entries.c.at, wanted))
    )
    return [_entry(row) for row in tx.conn.execute(_ordered(query, after).limit(limit))]


def _that(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Ids are random: one that stands in a delta means its person."""
    conditions: list[ColumnElement[bool]] = []
    if wanted.rooms is not None:
        here = entries.c.room
        one = len(wanted.rooms) == 1
        conditions.append(here == wanted.rooms[0] if one else here.in_(wanted.rooms))
    if wanted.kind is not None:
        conditions.append(entries.c.kind == wanted.kind)
    if wanted.people is not None:
        named = [entries.c.delta.contains(f'"{id}"', autoescape=True) for id in wanted.people]
        conditions.append(or_(entries.c.author.in_(wanted.people), *named))
    return conditions


def _ordered(query: Select[Any], after: Mark | None) -> Select[Any]:
    key = (entries.c.at, entries.c.room, entries.c.seq)
    if after is not None:
        query = query.where(entries.c.at <= after.at, tuple_(*key) < tuple_(*after))
    return query.order_by(*(column.desc() for column in key))


def _lines(tx: Tx, wanted: Wanted, after: Mark | None, limit: int) -> list[Found]:
    if wanted.rooms is not None or (wanted.kind is not None and not wanted.journal):
        return []
    query = select(journal).where(*_between(journal.c.at, wanted))
    if wanted.kind is not None:
        query = query.where(journal.c.kind == wanted.kind)
    if (ids := wanted.people) is not None:
        query = query.where(or_(journal.c.person.in_(ids), journal.c.by.in_(ids)))
    if after is not None:
        same = journal.c.at == after.at
        later = and_(same, journal.c.id < after.seq) if after.room == "" else same
        query = query.where(or_(journal.c.at < after.at, later))
    query = query.order_by(journal.c.at.desc(), journal.c.id.desc()).limit(limit)
    return [_line(row) for row in tx.conn.execute(query)]


def _between(at: ColumnElement[int], wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.since is not None:
        conditions.append(at >= wanted.since)
    if wanted.until is not None:
        conditions.append(at < wanted.until)
    return conditions


def _entry(row: Row[Any]) -> Found:
    return Found(
        Mark(row.at, row.room, row.seq),
        row.name,
        row.kind,
        row.author,
        delta=decode_delta(row.delta),
        access_hash=row.access_hash,
    )


def _line(row: Row[Any]) -> Found:
    facts = decode_facts(row.facts) if row.facts else None
    change = Change(row.kind, row.by, row.person, row.group, facts, row.why)
    return Found(Mark(row.at, "", row.id), "", row.kind, row.by, change=change)
