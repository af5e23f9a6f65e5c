"""Who was removed from a room and when, so that an older link does not bring them back."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from storage.engine import Tx
from storage.schema import removals


def note(tx: Tx, room: str, person: str, at: int) -> None:
    forget(tx, room, person)
    tx.conn.execute(insert(removals).values(room=room, person=person, at=at))


def forget(tx: Tx, room: str, person: str) -> None:
    """They are wanted again."""
    here = (removals.c.room == room) & (removals.c.person == person)
    tx.conn.execute(delete(removals).where(here))


def since(tx: Tx, room: str, person: str, at: int) -> bool:
    """Whether ``person`` was removed at ``at`` (ms) or later, and not invited since."""
    query = select(removals.c.at).where(
        removals.c.room == room, removals.c.person == person, removals.c.at >= at
    )
    return tx.conn.execute(query).first() is not None
