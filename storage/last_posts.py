"""When people posted last, in rooms with slow mode."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete, insert, select

from storage.engine import Tx
from storage.schema import last_posts


def last_at(tx: Tx, room: str, person: str) -> int | None:
    """In ms."""
    here = (last_posts.c.room == room) & (last_posts.c.person == person)
    return tx.conn.execute(select(last_posts.c.at).where(here)).scalar_one_or_none()


def note(tx: Tx, posted: Mapping[tuple[str, str], int]) -> None:
    """By (room, person): when they posted."""
    for (room, person), at in posted.items():
        here = (last_posts.c.room == room) & (last_posts.c.person == person)
        tx.conn.execute(delete(last_posts).where(here))
        tx.conn.execute(insert(last_posts).values(room=room, person=person, at=at))
