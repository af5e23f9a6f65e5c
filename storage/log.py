"""The room log: heads and entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from msgspec import structs
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from core.access import Delta, decode_delta, encode_delta
from core.log import Entry, Head, Kind, Span
from core.records import Person
from storage.engine import Tx
from storage.people import batches, persons
from storage.prepared import Prepared, PreparedList, Values
from storage.schema import entries, heads, journal

_HEAD = tuple(heads.c[name] for name in Head.__struct_fields__)
_HEADS = select(*_HEAD)
_LOCK = PreparedList(
    1,
    lambda rooms: (
        _HEADS.where(heads.c.room.in_([room for (room,) in rooms]))
        .order_by(heads.c.room)
        .with_for_update()
    ),
)
_MOVED = ("seq", "access_version", "next_expiry", "last_at", "access_hash")
_MOVE = Prepared(
    update(heads)
    .where(heads.c.room == bindparam("moved"))
    .values({name: bindparam(name) for name in _MOVED}),
    *_MOVED,
    "moved",
)
_WRITTEN = (
    "room", "seq", "kind", "author", "tag", "at", "client_id", "delta", "access_hash", "journal",
    "text",
)  # fmt: skip
_WRITE = Prepared(
    insert(entries).values({name: bindparam(name) for name in _WRITTEN}).inline(), *_WRITTEN
)
_NEWEST_LINE = Prepared(select(func.max(journal.c.id)))


def add_head(tx: Tx, head: Head) -> None:
    """Begin a room's log."""
    tx.conn.execute(insert(heads).values(**structs.asdict(head)))


def lock_heads(tx: Tx, rooms: Iterable[str]) -> dict[str, Head]:
    """Lock and read the heads of those rooms that exist, always in the same order.

    What is to be checked under the lock is read by later statements (docs/room-log.md, 1.1).
    """
    rows = _LOCK.rows(tx, [(room,) for room in sorted(set(rooms))])
    return {row[0]: Head(*row) for row in rows}


def head_of(tx: Tx, room: str) -> Head | None:
    row = tx.conn.execute(_HEADS.where(heads.c.room == room)).first()
    return Head(*row) if row else None


def heads_due(tx: Tx) -> list[Head]:
    """Rooms in which something has ended by the time of their newest entry."""
    some = heads.c.next_expiry > 0  # finds the few that have one by the index
    query = _HEADS.where(some, heads.c.next_expiry <= heads.c.last_at)
    return [Head(*row) for row in tx.conn.execute(query)]


def heads_of(tx: Tx, rooms: Iterable[str]) -> dict[str, tuple[int, str]]:
    """(seq, tag) of each room that exists."""
    found: dict[str, tuple[int, str]] = {}
    for some in batches(rooms):
        query = select(heads.c.room, heads.c.seq, heads.c.tag).where(heads.c.room.in_(some))
        found.update({row.room: (row.seq, row.tag) for row in tx.conn.execute(query)})
    return found


def move_heads(tx: Tx, moved: Sequence[Head]) -> None:
    """Write back heads that were locked in this transaction."""
    _MOVE.run_all(
        tx,
        [
            (it.seq, it.access_version, it.next_expiry, it.last_at, it.access_hash, it.room)
            for it in moved
        ],
    )


def append(tx: Tx, new: Sequence[Entry], access_hash: str | None = None) -> None:
    """Add entries whose seqs the caller took from locked heads."""
    if new:
        newest = _NEWEST_LINE.rows(tx)[0][0] or 0
        _WRITE.run_all(tx, [_entry_values(entry, access_hash, newest) for entry in new])


def _entry_values(entry: Entry, access_hash: str | None, newest_line: int) -> Values:
    return (
        entry.room,
        entry.seq,
        entry.kind.value,
        entry.by.id if entry.by else None,
        entry.tag,
        entry.at,
        entry.client_id,
        encode_delta(entry.delta).decode() if entry.delta else None,
        access_hash,
        newest_line,
        entry.text,
    )


_ENTRIES = select(
    entries.c.room,
    entries.c.seq,
    entries.c.tag,
    entries.c.at,
    entries.c.kind,
    entries.c.author,
    entries.c.client_id,
    entries.c.delta,
    entries.c.text,
)


def after(tx: Tx, room: str, seq: int, limit: int) -> list[Entry]:
    """The entries that follow ``seq``, whole, in order: for the hub, which decides itself."""
    query = _ENTRIES.where(entries.c.room == room, entries.c.seq > seq)
    return _loaded(tx, query.order_by(entries.c.seq).limit(limit))


Direction = Literal["before", "after"]


def page(
    tx: Tx, room: str, direction: Direction, seq: int, limit: int, spans: Sequence[Span] | None
) -> list[Entry]:
    """Up to ``limit`` entries next to ``seq`` (not it), oldest first, only within ``spans``.

    ``spans`` None: all of the log may be read.
    """
    older = direction == "before"
    query = _ENTRIES.where(entries.c.room == room)
    query = query.where(entries.c.seq < seq if older else entries.c.seq > seq)
    query = query.where(within(spans))
    query = query.order_by(entries.c.seq.desc() if older else entries.c.seq).limit(limit)
    found = _loaded(tx, query)
    return found[::-1] if older else found


def within(spans: Sequence[Span] | None) -> ColumnElement[bool]:
    """Whether an entry lies in one of ``spans``; None: all do."""
    if spans is None:
        return true()
    inside = [
        and_(
            entries.c.seq >= span.start, *(() if span.end is None else (entries.c.seq <= span.end,))
        )
        for span in spans
    ]
    return or_(false(), *inside)


def _loaded(tx: Tx, query: Select[Any]) -> list[Entry]:
    rows = tx.conn.execute(query).all()
    deltas = [decode_delta(row.delta) if row.delta else None for row in rows]
    wanted = {row.author for row in rows if row.author}
    for delta in deltas:
        wanted |= delta.people if delta else frozenset()
    shown = persons(tx, wanted)
    return [_entry(row, delta, shown) for row, delta in zip(rows, deltas, strict=True)]


def _entry(row: Row[Any], delta: Delta | None, shown: dict[str, Person]) -> Entry:
    return Entry(
        room=row.room,
        seq=row.seq,
        tag=row.tag,
        at=row.at,
        kind=Kind(row.kind),
        by=shown.get(row.author),
        people=named_people(delta, shown),
        delta=delta,
        text=row.text,
        client_id=row.client_id,
    )


def named_people(delta: Delta | None, shown: dict[str, Person]) -> tuple[Person, ...]:
    """The people an access entry is about, as shown to its readers."""
    if delta is None:
        return ()
    return tuple(shown[person] for person in sorted(delta.told) if person in shown)


def blank(tx: Tx, room: str) -> None:
    """Every text that was said in the room is gone; that something was said stays."""
    tx.conn.execute(update(entries).where(entries.c.room == room).values(text=None))


def access_entries(tx: Tx, room: str) -> list[tuple[Entry, str]]:
    """Every access entry of a room with its hash, in order: for replay and verification."""
    query = (
        _ENTRIES.add_columns(entries.c.access_hash)
        .where(entries.c.room == room, entries.c.access_hash.is_not(None))
        .order_by(entries.c.at, entries.c.seq)  # which their own index gives
    )
    rows = sorted(tx.conn.execute(query), key=lambda row: row.seq)
    shown = persons(tx, [row.author for row in rows if row.author])
    return [(_entry(row, decode_delta(row.delta), shown), row.access_hash) for row in rows]


def journal_marks(tx: Tx, room: str) -> dict[int, int]:
    """By seq of its access entries: the journal's newest line when each was written.

    Clocks may be set back; this tells all the same what was before what.
    """
    query = (
        select(entries.c.seq, entries.c.journal)
        .where(entries.c.room == room, entries.c.access_hash.is_not(None))
        .order_by(entries.c.at, entries.c.seq)  # which their own index gives
    )
    return {row.seq: row.journal for row in tx.conn.execute(query) if row.journal is not None}


def journal_mark(tx: Tx, room: str, seq: int) -> int | None:
    """As `journal_marks`, of any one entry; None if that was not written down."""
    query = select(entries.c.journal).where(entries.c.room == room, entries.c.seq == seq)
    return tx.conn.execute(query).scalar_one_or_none()


def number_at(tx: Tx, room: str, at: int) -> int | None:
    """The seq of the newest entry by the time ``at`` (ms)."""
    query = select(entries.c.seq).where(entries.c.room == room, entries.c.at <= at)
    return tx.conn.execute(query.order_by(entries.c.seq.desc()).limit(1)).scalar_one_or_none()


def time_of(tx: Tx, room: str, seq: int) -> int | None:
    """When an entry was written."""
    query = select(entries.c.at).where(entries.c.room == room, entries.c.seq == seq)
    return tx.conn.execute(query).scalar_one_or_none()
