"""The connection that writes: kept, replaced after an error, and alone in keeping files small."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPICursor

from core.errors import ChatError
from storage import engine, sqlite
from storage.engine import Contradiction, Database, DiskFull, StorageDown, Tx

PAGE = 4_096


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "notes.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    database.write_here(lambda tx: tx.run("CREATE TABLE notes (word TEXT UNIQUE)", ()))
    yield database
    database.close()


@pytest.fixture
def connects(database: Database) -> list[object]:
    """The writing connections made from now on."""
    made: list[object] = []
    event.listen(database._writer, "connect", lambda connection, _: made.append(connection))
    return made


def note(tx: Tx, word: str = "hello") -> None:
    tx.run("INSERT INTO notes VALUES (?)", (word,))


def count(tx: Tx) -> int:
    return int(tx.run("SELECT count(*) FROM notes", ()).fetchall()[0][0])


def test_it_is_kept_from_one_transaction_to_the_next(
    database: Database, connects: list[object]
) -> None:
    def refuse(tx: Tx) -> None:
        note(tx, "not this")
        raise ChatError("not_allowed")

    for number in range(3):
        database.write_here(lambda tx, number=number: note(tx, str(number)))  # type: ignore[misc]
        with pytest.raises(ChatError, match="not_allowed"):
            database.write_here(refuse)
    assert connects == []
    assert database.read_here(count) == 3


def test_it_is_replaced_after_an_error(database: Database, connects: list[object]) -> None:
    """Whatever state it was left in."""
    with pytest.raises(StorageDown):
        database.write_here(lambda tx: tx.run("INSERT INTO nowhere VALUES (1)", ()))
    database.write_here(note)
    database.write_here(lambda tx: note(tx, "again"))
    assert len(connects) == 1
    assert database.read_here(count) == 2


def test_a_contradiction_writes_nothing(database: Database) -> None:
    def twice(tx: Tx) -> None:
        note(tx)
        note(tx)

    with pytest.raises(Contradiction):
        database.write_here(twice)
    assert database.read_here(count) == 0


async def test_who_waited_in_line_too_long_is_told_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of theirs is done any more."""
    monkeypatch.setattr(engine, "LINE_MOST", -1.0)
    with pytest.raises(ChatError, match="busy"):
        await database.write(note)
    monkeypatch.undo()
    assert await database.read(count) == 0


async def test_reads_go_on_while_a_write_waits(database: Database) -> None:
    held = threading.Event()
    write = asyncio.ensure_future(database.write(lambda tx: held.wait(30)))
    assert await database.read(count) == 0
    assert not write.done()
    held.set()
    assert await write


# --- what outlives a transaction -----------------------------------------------------------------


def kept_by(database: Database, how: Callable[[Tx], object]) -> DBAPICursor:
    """The cursor of a transaction that did ``how``, as someone has it who held on to it."""
    cursors: list[DBAPICursor] = []

    def work(tx: Tx) -> None:
        cursors.append(tx.run("SELECT 1", ()))
        how(tx)

    with suppress(ChatError):
        database.write_here(work)
    return cursors[0]


def write_two(tx: Tx) -> None:
    tx.run("INSERT INTO notes VALUES (?)", [("one",), ("two",)], many=True)


def refuse(tx: Tx) -> None:
    write_two(tx)
    raise ChatError("not_allowed")


@pytest.mark.parametrize("how", [write_two, refuse, lambda tx: tx.run("nonsense", ())])
def test_its_cursor_ends_with_it(database: Database, how: Callable[[Tx], object]) -> None:
    """However it ended, whoever still holds something of it.

    A cursor that lives on shares its compiled statement with later transactions, and resets it
    under them when another thread forgets it.
    """
    with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
        kept_by(database, how).execute("SELECT 1")


def test_a_readers_cursor_ends_with_it(database: Database) -> None:
    cursor = database.read_here(lambda tx: tx.run("SELECT 1", ()))
    with pytest.raises(sqlite3.ProgrammingError, match="closed cursor"):
        cursor.execute("SELECT 1")


# --- a full disk ---------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_heals(database: Database) -> None:
    """SQLite is made to believe that there is no room for another page."""

    def fill(tx: Tx) -> None:
        for number in range(10_000):
            note(tx, f"{number:>1000}")

    database.write_here(note)
    database._writing.exec_driver_sql("PRAGMA max_page_count = 10")  # type: ignore[union-attr]
    database._writing.rollback()  # type: ignore[union-attr]
    with pytest.raises(DiskFull, match="disk_full"):
        database.write_here(fill)
    assert database.read_here(count) == 1
    database.write_here(lambda tx: note(tx, "there is room again"))
    assert database.read_here(count) == 2


@pytest.mark.parametrize(
    ("name", "left", "full"),
    [
        ("SQLITE_FULL", 2**40, True),
        ("SQLITE_IOERR_WRITE", 0, True),
        ("SQLITE_MISUSE", 0, False),
        ("SQLITE_IOERR_FSYNC", 2**40, False),
        ("SQLITE_BUSY", 0, False),
    ],
)
def test_what_comes_of_a_full_disk(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, left: int, full: bool
) -> None:
    monkeypatch.setattr(sqlite, "ROOM_LEFT", 2**80 if left == 0 else 0)
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = name
    assert sqlite.is_full(error, file) is full


def test_a_folder_that_is_gone_is_not_full(file: Path) -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorname = "SQLITE_IOERR_WRITE"
    assert not sqlite.is_full(error, file.parent / "gone" / file.name)


# --- the write-ahead log -------------------------------------------------------------------------


def write_much(database: Database, large: int = 3_000) -> None:
    for number in range(100):
        word = f"{number:>{large}}"
        database.write_here(lambda tx, word=word: note(tx, word))  # type: ignore[misc]


def wal(file: Path) -> int:
    return file.with_name(f"{file.name}-wal").stat().st_size


def test_who_is_in_charge_keeps_the_log_short(
    file: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAL_PAGES", 10)
    database.take_charge()
    write_much(database)
    assert wal(file) < 30 * PAGE < 100 * PAGE < file.stat().st_size


def test_also_after_an_error(
    file: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAL_PAGES", 10)
    database.take_charge()
    with pytest.raises(StorageDown):
        database.write_here(lambda tx: tx.run("INSERT INTO nowhere VALUES (1)", ()))
    write_much(database)
    assert wal(file) < 30 * PAGE


def test_a_program_beside_the_server_leaves_it_alone(
    file: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that bring it into the database at the same moment can damage it."""
    monkeypatch.setattr(sqlite, "WAL_PAGES", 10)
    beside = Database(f"sqlite:///{file}")
    before = file.stat().st_size
    write_much(beside, 30_000)
    beside.close()
    assert file.stat().st_size == before
    assert wal(file) > 1_500 * PAGE, "more than SQLite itself would let it grow"


def test_all_is_in_one_file_when_it_is_closed(file: Path) -> None:
    database = Database(f"sqlite:///{file}")
    database.write_here(lambda tx: tx.run("CREATE TABLE notes (word TEXT)", ()))
    database.read_here(count)
    database.close()
    assert [path.name for path in file.parent.iterdir()] == [file.name]
