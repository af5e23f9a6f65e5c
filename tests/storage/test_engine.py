"""Transactions: durable, whole or not at all, and never in the way of the loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.engine import Database, StorageDown, Tx
from storage.migrate import migrate


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "chatelaine.db"
    migrate(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE notes (word TEXT)")
    connection.close()
    return file


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def note(word: str) -> Callable[[Tx], None]:
    def write(tx: Tx) -> None:
        tx.conn.execute(text("INSERT INTO notes VALUES (:word)"), {"word": word})

    return write


def words(tx: Tx) -> list[str]:
    return list(tx.conn.execute(text("SELECT word FROM notes ORDER BY rowid")).scalars())


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
)
def test_writers_are_durable(database: Database, pragma: str, value: object) -> None:
    found = database.write_here(lambda tx: tx.conn.execute(text(f"PRAGMA {pragma}")).scalar())
    assert found == value


def test_a_writer_begins_immediately(database: Database, file: Path) -> None:
    """From the first statement on, and not only from the first change, nobody else can write."""
    other = sqlite3.connect(file, timeout=0)

    def look(tx: Tx) -> None:
        words(tx)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO notes VALUES ('other')")

    database.write_here(look)
    other.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StorageDown):
        database.read_here(note("sneaked in"))
    assert database.read_here(words) == []


def test_what_raises_leaves_nothing(database: Database) -> None:
    def half(tx: Tx) -> None:
        note("half")(tx)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        database.write_here(half)
    assert database.read_here(words) == []


def test_a_reader_sees_one_moment(database: Database, file: Path) -> None:
    def look_twice(tx: Tx) -> tuple[list[str], list[str]]:
        before = words(tx)
        with sqlite3.connect(file) as other:
            other.execute("INSERT INTO notes VALUES ('meanwhile')")
        other.close()
        return before, words(tx)

    assert database.read_here(look_twice) == ([], [])
    assert database.read_here(words) == ["meanwhile"]


async def test_many_writers_all_get_their_turn(database: Database) -> None:
    every = [f"word {number}" for number in range(100)]
    await asyncio.gather(*(database.write(note(word)) for word in every))
    assert await database.read(words) == every


async def test_a_locked_database_does_not_hold_the_loop(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.sqlite.BUSY_MS", 200)
    database = Database(f"sqlite:///{file}")
    locker = sqlite3.connect(file, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    write = asyncio.create_task(database.write(note("late")))
    turns = 0
    while not write.done():
        assert await database.read(words) == []
        turns += 1
    with pytest.raises(StorageDown):
        await write
    assert turns > 1
    locker.execute("ROLLBACK")
    locker.close()
    await database.write(note("afterwards"))
    assert await database.read(words) == ["afterwards"]
    database.close()


async def test_a_transaction_has_one_time(file: Path) -> None:
    """What has ended is looked for at the same time that entries bear."""

    class Ticking:
        ms = 0

        def now(self) -> int:
            self.ms += 1
            return self.ms

        def boot(self) -> float:
            return 0.0

    database = Database(f"sqlite:///{file}", Ticking())
    try:
        assert await database.write(lambda tx: (tx.now(), tx.now())) == (1, 1)
        assert await database.read(lambda tx: (tx.now(), tx.now())) == (2, 2)
    finally:
        database.close()
