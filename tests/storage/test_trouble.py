"""Two programs, files that break, ids by the thousand: storage says so or copes."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.log import Head
from storage import log, people
from storage.engine import Database, StorageDown, Tx
from storage.restoring import continue_elsewhere
from storage.sqlite import backup
from tests.rooms.house import House
from tests.sources import ROOT

COUNTING = """
import sys
from storage.engine import Database

database = Database(sys.argv[1])

def count(tx):
    (found,) = tx.conn.exec_driver_sql("SELECT n FROM counter").one()
    tx.conn.exec_driver_sql("UPDATE counter SET n = ?", (found + 1,))

for _ in range(50):
    database.write_here(count)
database.close()
"""


@pytest.fixture
def file(tmp_path: Path, empty_database: Path) -> Path:
    backup(empty_database, tmp_path / "chatelaine.db")
    connection = sqlite3.connect(tmp_path / "chatelaine.db")
    connection.execute("CREATE TABLE counter (n INTEGER)")
    connection.execute("INSERT INTO counter VALUES (0)")
    connection.commit()
    connection.close()
    return tmp_path / "chatelaine.db"


@pytest.fixture
def database(file: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


def counted(tx: Tx) -> int:
    return int(tx.conn.exec_driver_sql("SELECT n FROM counter").scalar_one())


def count(tx: Tx) -> None:
    tx.conn.exec_driver_sql("UPDATE counter SET n = ?", (counted(tx) + 1,))


async def test_two_processes_lose_no_change(file: Path, database: Database) -> None:
    """What is read in a writing transaction is still so when it writes."""
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", COUNTING, f"sqlite:///{file}", cwd=ROOT, stderr=subprocess.PIPE
    )
    for _ in range(50):
        await database.write(count)
    _, errors = await other.communicate()
    assert errors == b""
    assert await database.read(counted) == 100


async def test_what_was_answered_is_on_the_disk(file: Path, database: Database) -> None:
    """Another program, which shares nothing with this one but the file, sees it at once."""
    for expected in (1, 2, 3):
        await database.write(count)
        other = sqlite3.connect(file)
        assert other.execute("SELECT n FROM counter").fetchall() == [(expected,)]
        other.close()


async def test_a_connection_cannot_even_be_opened_while_locked(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first statement of a new connection fails, before any transaction."""
    monkeypatch.setattr("storage.sqlite.BUSY_MS", 20)
    locker = sqlite3.connect(file, isolation_level=None)
    locker.execute("PRAGMA journal_mode = DELETE")
    locker.execute("BEGIN EXCLUSIVE")
    database = Database(f"sqlite:///{file}")
    with pytest.raises(StorageDown):
        await database.read(counted)
    with pytest.raises(StorageDown):
        await database.write(count)
    locker.execute("ROLLBACK")
    locker.close()
    await database.write(count)
    assert await database.read(counted) == 1
    database.close()


async def test_a_file_that_broke(tmp_path: Path) -> None:
    file = tmp_path / "chatelaine.db"
    file.write_bytes(b"no database" * 1_000)
    database = Database(f"sqlite:///{file}")
    for ask in (database.read, database.write):
        with pytest.raises(StorageDown):
            await ask(counted)
    database.close()


async def test_tables_that_are_not_there(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StorageDown):
        await database.read(counted)
    database.close()


async def test_ids_by_the_thousand(house: House) -> None:
    """More than fit into one statement."""
    some = [await house.person(f"p{number}") for number in range(3)]
    ids = [who.account.id for who in some] + [f"nobody{number}" for number in range(1_700)]
    found = await house.read(lambda tx: people.persons(tx, ids))
    assert found.keys() == {who.account.id for who in some}
    rooms = [await house.room(some[0]) for _ in range(3)]
    asked = [*reversed(rooms), *ids]
    heads = await house.database.write(lambda tx: log.lock_heads(tx, asked))
    assert sorted(heads) == sorted(rooms)
    assert await house.read(lambda tx: log.heads_of(tx, asked)) == {
        head.room: (head.seq, head.tag) for head in heads.values()
    }


@pytest.mark.parametrize("size", [0, 1, 499, 500, 501, 1_001])
def test_batches_hold_each_id_once(size: int) -> None:
    ids = [f"{number:05}" for number in range(size)]
    batches = people.batches([*ids, *ids])
    assert [id for batch in batches for id in batch] == ids
    assert all(0 < len(batch) <= people.BATCH for batch in batches)


async def test_a_copy_continues_as_another_history(house: House, tmp_path: Path) -> None:
    """What the copy writes from here on is not what the first one writes under the same seq."""
    ann = await house.person("ann")
    rooms = [await house.room(ann) for _ in range(3)]
    copy = tmp_path / "copy.db"
    backup(tmp_path / "chatelaine.db", copy)
    continue_elsewhere(copy)
    before = {room: await house.head(room) for room in rooms}
    after = heads_in(copy, rooms)
    assert {head.tag for head in before.values()}.isdisjoint(h.tag for h in after.values())
    assert {room: head.seq for room, head in after.items()} == {
        room: head.seq for room, head in before.items()
    }


def heads_in(file: Path, rooms: list[str]) -> dict[str, Head]:
    database = Database(f"sqlite:///{file}")
    found = database.read_here(lambda tx: {room: log.head_of(tx, room) for room in rooms})
    database.close()
    return {room: head for room, head in found.items() if head is not None}


async def test_a_copy_made_while_people_write_is_whole(house: House, tmp_path: Path) -> None:
    ann = await house.person("ann")
    room = await house.room(ann)
    posts = [asyncio.ensure_future(house.say(ann, room, str(number))) for number in range(200)]
    await asyncio.sleep(0)
    loop = asyncio.get_running_loop()
    file, copy = tmp_path / "chatelaine.db", tmp_path / "copy.db"
    await loop.run_in_executor(None, backup, file, copy)
    await asyncio.gather(*posts)
    database = Database(f"sqlite:///{copy}")
    head = database.read_here(lambda tx: log.head_of(tx, room))
    entries = database.read_here(lambda tx: log.after(tx, room, 0, 1_000))
    database.close()
    assert head is not None
    assert [entry.seq for entry in entries] == list(range(1, head.seq + 1))
