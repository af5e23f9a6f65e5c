"""Rooms and their settings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import bindparam, insert, select, update

from core.access import History, Preset, Settings
from core.levels import Level
from storage.engine import Tx
from storage.people import batches
from storage.prepared import Prepared
from storage.schema import rooms

_RAISED = msgspec.json.Decoder(dict[str, Level])
_SETTINGS = select(
    rooms.c.name,
    rooms.c.topic,
    rooms.c.preset,
    rooms.c.history,
    rooms.c.archived,
    rooms.c.raised,
    rooms.c.slow,
    rooms.c.open_from,
    rooms.c.deleted_at,
)
_SETTINGS_OF = Prepared(_SETTINGS.where(rooms.c.id == bindparam("room")), "room")


def add(
    tx: Tx, room: str, settings: Settings, *, awaits_newcomers: bool, direct: str | None = None
) -> None:
    """Make a room's row; its grants come with the first entry of its log.

    ``direct``: whose direct room it is (`storage.direct.key_of`).
    """
    values = {"topic": "", "archived": False, "raised": "{}", **_values(settings)}
    tx.conn.execute(
        insert(rooms).values(
            id=room,
            created_at=tx.now(),
            awaits_newcomers=awaits_newcomers,
            direct=direct,
            **values,
        )
    )


def settings_of(tx: Tx, room: str) -> Settings | None:
    rows = _SETTINGS_OF.rows(tx, room)
    return _settings(rows[0]) if rows else None


def settings_of_many(tx: Tx, ids: Iterable[str]) -> dict[str, Settings]:
    """Those that exist, by room."""
    found: dict[str, Settings] = {}
    for some in batches(ids):
        query = _SETTINGS.add_columns(rooms.c.id).where(rooms.c.id.in_(some))
        found.update({row.id: _settings(row[:-1]) for row in tx.conn.execute(query)})
    return found


def write_settings(tx: Tx, room: str, changes: Settings) -> None:
    values = _values(changes)
    if changes.deleted:
        values["deleted_at"] = tx.now()
    if values:
        tx.conn.execute(update(rooms).where(rooms.c.id == room).values(**values))


def note_change(tx: Tx, room: str, at: int, by: str | None) -> None:
    """The rights in the room were changed."""
    values = {"changed_at": at, "changed_by": by}
    tx.conn.execute(update(rooms).where(rooms.c.id == room).values(values))


class Changed(NamedTuple):
    """When (ms) and by whom the rights in a room were changed last."""

    at: int | None
    by: str | None


def last_change(tx: Tx, room: str) -> Changed:
    query = select(rooms.c.changed_at, rooms.c.changed_by).where(rooms.c.id == room)
    row = tx.conn.execute(query).one_or_none()
    return Changed(*row) if row else Changed(None, None)


def awaiting_newcomers(tx: Tx) -> list[str]:
    """The rooms that everyone is put into when they sign up."""
    query = select(rooms.c.id).where(rooms.c.awaits_newcomers).order_by(rooms.c.created_at)
    return list(tx.conn.execute(query).scalars())


def by_name(tx: Tx, name: str) -> list[str]:
    """The rooms that are called so now, oldest first."""
    query = select(rooms.c.id).where(rooms.c.name == name).order_by(rooms.c.created_at, rooms.c.id)
    return list(tx.conn.execute(query).scalars())


def any_room(tx: Tx) -> bool:
    return tx.conn.execute(select(rooms.c.id).limit(1)).first() is not None


def _settings(row: Sequence[Any]) -> Settings:
    name, topic, preset, history, archived, raised, slow, open_from, deleted_at = row
    return Settings(
        name=name,
        topic=topic,
        preset=Preset(preset),
        history=History(history),
        archived=bool(archived),
        raised=_RAISED.decode(raised),
        slow=slow,
        open_from=open_from,
        deleted=deleted_at is not None,
    )


def _values(settings: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {
        "name": settings.name,
        "topic": settings.topic,
        "preset": settings.preset and settings.preset.value,
        "history": settings.history and settings.history.value,
        "archived": settings.archived,
        "slow": settings.slow,
        "open_from": settings.open_from,
    }
    if settings.raised is not None:
        values["raised"] = msgspec.json.encode(settings.raised).decode()
    return {key: value for key, value in values.items() if value is not None}
