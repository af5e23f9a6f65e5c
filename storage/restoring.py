"""A restored copy of a database is another history: whoever followed the first must not go on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select, update

from core.ids import new_id
from storage.engine import Database, Tx
from storage.schema import heads


def continue_elsewhere(file: Path) -> None:
    """Give every room's log in the copy ``file`` a new tag.

    Entries that the first database takes after the copy will have seqs that the copy gives to
    others; a client that comes back with the old tag is told to load anew.
    """
    database = Database(f"sqlite:///{file}")
    database.write_here(_new_tags)
    database.close()


def _new_tags(tx: Tx) -> None:
    for room in tx.conn.execute(select(heads.c.room)).scalars().all():
        tx.conn.execute(update(heads).where(heads.c.room == room).values(tag=new_id()))
