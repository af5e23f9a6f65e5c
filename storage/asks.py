"""Who asked to be let into a room: waiting for an answer, or told no."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Select, delete, insert, select, update

from storage.engine import Tx
from storage.people import batches
from storage.prepared import PreparedList
from storage.schema import asks


class Ask(Struct, frozen=True):
    """What someone wrote when they asked. ``declined_at``: None while it waits for an answer."""

    room: str
    person: str
    text: str
    at: int
    declined_at: int | None = None


def put(tx: Tx, ask: Ask) -> None:
    """In place of an earlier one of the same person in the same room."""
    remove(tx, ask.room, [ask.person])
    tx.conn.execute(insert(asks).values(**structs.asdict(ask)))


def get(tx: Tx, room: str, person: str) -> Ask | None:
    row = tx.conn.execute(_ASKS.where(asks.c.room == room, asks.c.person == person)).first()
    return Ask(*row) if row else None


def decline(tx: Tx, room: str, person: str, by: str) -> None:
    here = (asks.c.room == room) & (asks.c.person == person)
    values = {"declined_at": tx.now(), "declined_by": by, "text": ""}
    tx.conn.execute(update(asks).where(here).values(**values))


def remove(tx: Tx, room: str, people: Iterable[str]) -> None:
    for some in batches(people):
        tx.conn.execute(delete(asks).where(asks.c.room == room, asks.c.person.in_(some)))


def in_room(tx: Tx, room: str) -> list[Ask]:
    """All, answered or not, oldest first."""
    return _loaded(tx, _ASKS.where(asks.c.room == room))


def waiting_in(tx: Tx, rooms: Iterable[str]) -> dict[str, list[Ask]]:
    """Those that wait for an answer, by room, oldest first."""
    found: dict[str, list[Ask]] = defaultdict(list)
    for row in _WAITING.rows(tx, [(room,) for room in sorted(set(rooms))]):
        found[row[0]].append(Ask(*row))
    for waiting in found.values():
        waiting.sort(key=lambda ask: (ask.at, ask.person))
    return found


def of_person(tx: Tx, person: str) -> dict[str, Ask]:
    """Someone's own, answered or not, by room."""
    return {ask.room: ask for ask in _loaded(tx, _ASKS.where(asks.c.person == person))}


_ASKS = select(asks.c.room, asks.c.person, asks.c.text, asks.c.at, asks.c.declined_at)
_WAITING = PreparedList(
    1,
    lambda rooms: _ASKS.where(
        asks.c.room.in_([room for (room,) in rooms]), asks.c.declined_at.is_(None)
    ),
)


def _loaded(tx: Tx, query: Select[Any]) -> list[Ask]:
    return [Ask(*row) for row in tx.conn.execute(query.order_by(asks.c.at, asks.c.person))]
