"""Rooms as admins may know of them: never a text, and direct rooms only as a number."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import func, select

from core.access import Preset
from storage.engine import Tx
from storage.schema import rooms


class RoomRow(Struct, frozen=True):
    """A room's plain facts. ``changed_at``: when its rights were changed last (ms)."""

    id: str
    name: str
    topic: str
    preset: str
    archived: bool
    deleted: bool
    changed_at: int | None


def every_room(tx: Tx) -> list[RoomRow]:
    """All rooms but direct ones, by name."""
    query = select(
        rooms.c.id,
        rooms.c.name,
        rooms.c.topic,
        rooms.c.preset,
        rooms.c.archived,
        rooms.c.deleted_at.is_not(None),
        rooms.c.changed_at,
    ).where(rooms.c.preset != Preset.DIRECT.value)
    rows = [RoomRow(*row) for row in tx.conn.execute(query)]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def direct_rooms(tx: Tx) -> int:
    """How many there are."""
    query = select(func.count()).select_from(rooms).where(rooms.c.preset == Preset.DIRECT.value)
    return int(tx.conn.execute(query).scalar_one())


def grantable(tx: Tx) -> list[str]:
    """Rooms whose access list can be changed."""
    query = select(rooms.c.id).where(
        rooms.c.preset != Preset.DIRECT.value, rooms.c.deleted_at.is_(None)
    )
    return sorted(tx.conn.execute(query).scalars())
