"""The log as it lies in the database, believed in nothing: for those who look for tampering."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import func, or_, select

from core.log import Kind
from storage.engine import Tx
from storage.schema import entries, rooms


class Raw(Struct, frozen=True):
    """One row that is, or once was, an access entry."""

    seq: int
    kind: str
    author: str | None
    at: int
    delta: str | None
    access_hash: str | None


def every_room(tx: Tx) -> list[str]:
    """Also direct and deleted ones."""
    return list(
        tx.conn.execute(select(rooms.c.id).order_by(rooms.c.created_at, rooms.c.id)).scalars()
    )


def access_rows(tx: Tx, room: str) -> list[Raw]:
    """Whatever looks like an access entry in any way, by seq."""
    looks = or_(
        entries.c.access_hash.is_not(None),
        entries.c.delta.is_not(None),
        entries.c.kind != Kind.POST.value,
    )
    columns = [entries.c[name] for name in Raw.__struct_fields__]
    query = select(*columns).where(entries.c.room == room, looks).order_by(entries.c.seq)
    return [Raw(*row) for row in tx.conn.execute(query)]


def holes(tx: Tx, room: str, last: int) -> list[int]:
    """The seqs up to ``last`` at which there is no entry: seqs have no holes."""
    here = entries.c.room == room
    count = tx.conn.execute(
        select(func.count()).select_from(entries).where(here, entries.c.seq.between(1, last))
    ).scalar_one()
    if count == last:
        return []
    there = set(tx.conn.execute(select(entries.c.seq).where(here)).scalars())
    return [seq for seq in range(1, last + 1) if seq not in there]


def newest(tx: Tx, room: str) -> int:
    """The highest seq that there is; 0 if the log is empty."""
    found = select(func.max(entries.c.seq)).where(entries.c.room == room)
    return tx.conn.execute(found).scalar_one() or 0
