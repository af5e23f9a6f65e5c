"""One commit for many: each gets its own result, what is wrong with one stays with it, and what
waits is bounded."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from core.errors import ChatError
from storage import group_commit
from storage.engine import Contradiction, Database, StorageDown, Tx
from storage.group_commit import Done, GroupCommit


class Notes:
    """Words, written down; ``broken`` says what befalls a word in the transaction."""

    def __init__(self, file: Path) -> None:
        self.database = Database(f"sqlite:///{file}")
        self.database.write_here(lambda tx: tx.run("CREATE TABLE notes (word TEXT UNIQUE)", ()))
        self.broken: Callable[[Tx, str], None] = lambda tx, word: None
        self.batches: list[int] = []
        self.told: list[Sequence[str]] = []
        self.tell: Callable[[Sequence[str]], None] = self.told.append
        self.commits: GroupCommit[str, str] = GroupCommit(
            self.database, self._write, lambda word: word, len
        )

    def _write(self, tx: Tx, words: Sequence[str]) -> Done[str]:
        self.batches.append(len(words))
        for word in words:
            self.broken(tx, word)
            tx.run("INSERT INTO notes VALUES (?)", (word,))
        results = [word.upper() for word in words]
        return Done(results, partial(self.tell, results))

    async def write(self, *words: str) -> list[str | BaseException]:
        return await asyncio.gather(
            *(self.commits.commit(word) for word in words), return_exceptions=True
        )

    def kept(self) -> list[str]:
        rows = self.database.read_here(lambda tx: tx.run("SELECT word FROM notes", ()).fetchall())
        return [word for (word,) in rows]


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    notes = Notes(tmp_path / "notes.db")
    yield notes
    notes.database.close()


def words(count: int) -> list[str]:
    return [f"word {number}" for number in range(count)]


async def test_what_gathered_is_one_commit_and_answered_in_one_step(notes: Notes) -> None:
    steps: dict[str | Exception, int] = {}
    turns = 0

    def answer(result: str | Exception) -> None:
        steps[result] = turns

    for word in words(50):
        notes.commits.submit(word, answer)
    while not steps:
        await asyncio.sleep(0)
        turns += 1
    assert notes.batches == [50]
    assert list(steps) == [word.upper() for word in words(50)]
    assert set(steps.values()) == {turns - 1}


def too_large(tx: Tx, word: str) -> None:
    """As SQLite's driver refuses a number of more than 63 bits."""
    if word == "word 7":
        tx.run("INSERT INTO notes VALUES (?)", (2**63,))


def no_text(tx: Tx, word: str) -> None:
    if word == "word 7":
        tx.run("INSERT INTO notes VALUES (?)", ("\ud800",))


def there_already(tx: Tx, word: str) -> None:
    if word == "word 7":
        tx.run("INSERT INTO notes VALUES ('word 7')", ())


@pytest.mark.parametrize(
    ("broken", "error"),
    [(too_large, OverflowError), (no_text, UnicodeEncodeError), (there_already, Contradiction)],
)
async def test_what_is_wrong_with_one_fails_that_one_alone(
    notes: Notes, broken: Callable[[Tx, str], None], error: type[Exception]
) -> None:
    notes.broken = broken
    results = await notes.write(*words(20))
    assert [type(result) for result in results] == [str] * 7 + [error] + [str] * 12
    assert notes.kept() == [word for word in words(20) if word != "word 7"]
    told = [result for batch in notes.told for result in batch]
    assert told == [result for result in results if isinstance(result, str)]


@pytest.mark.parametrize("code", ["storage_down", "busy"])
async def test_where_nothing_can_be_written_all_who_wait_are_told_at_once(
    notes: Notes, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Not batch by batch, each after a wait of its own."""
    monkeypatch.setattr(group_commit, "MOST", 5)

    def down(tx: Tx, word: str) -> None:
        raise StorageDown if code == "storage_down" else ChatError(code)

    notes.broken = down
    results = await notes.write(*words(50))
    assert [getattr(result, "code", result) for result in results] == [code] * 50
    assert notes.batches == [5]
    notes.broken = lambda tx, word: None
    assert await notes.write("afterwards") == ["AFTERWARDS"]


async def test_large_ones_are_bounded_by_their_size(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "WAITING_BYTES", 100)
    for _ in range(3):  # what was committed counts no more
        large = [asyncio.ensure_future(notes.commits.commit(it * 30 + str(_))) for it in "abc"]
        await asyncio.sleep(0)
        with pytest.raises(ChatError, match="busy"):
            notes.commits.submit("d" * 30, print)
        await asyncio.gather(*large, notes.commits.commit(f"small{_}"))
    assert len(notes.kept()) == 12


async def test_what_was_turned_away_counts_no_more(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "WAITING_BYTES", 100)
    monkeypatch.setattr(group_commit, "MOST", 1)

    def down(tx: Tx, word: str) -> None:
        raise StorageDown

    notes.broken = down
    await notes.write("a" * 40, "b" * 40)
    notes.broken = lambda tx, word: None
    assert await notes.write("a" * 40, "b" * 40) == ["A" * 40, "B" * 40]


async def test_it_is_kept_although_telling_others_failed(notes: Notes) -> None:
    def fails(done: Sequence[str]) -> None:
        raise ZeroDivisionError

    notes.tell = fails
    assert await notes.write("a", "b") == ["A", "B"]
    assert notes.batches == [2]


async def test_everyone_is_answered_before_others_are_told_and_after_what_was_before(
    notes: Notes,
) -> None:
    heard: list[str] = []
    notes.tell = lambda results: heard.append("others")

    async def log_out() -> None:
        await notes.database.write(lambda tx: None)
        heard.append("another transaction")

    leaving = asyncio.ensure_future(log_out())
    await asyncio.sleep(0)
    notes.commits.submit("a", lambda result: heard.append(str(result)))
    notes.commits.submit("b", lambda result: heard.append(str(result)))
    await asyncio.sleep(0)  # both are with the thread that writes
    while len(notes.kept()) < 2:
        time.sleep(0.001)  # noqa: ASYNC251  (the loop is busy, and hears of both at once)
    await notes.commits.drain()
    await leaving
    assert heard == ["another transaction", "A", "B", "others"]


async def test_whoever_cannot_be_answered_keeps_nobody_else_from_theirs(notes: Notes) -> None:
    def fails(result: str | Exception) -> None:
        raise ZeroDivisionError

    notes.commits.submit("a", fails)
    assert await notes.write("b") == ["B"]


async def test_once_the_database_is_closed_all_who_wait_are_told(notes: Notes) -> None:
    heard: list[str | Exception] = []
    notes.commits.submit("a", heard.append)
    await asyncio.sleep(0)
    notes.commits.submit("b", heard.append)
    notes.database.close()
    await notes.commits.drain()
    assert sorted(str(one) for one in heard) == ["A", "storage_down"]


async def test_an_error_keeps_nothing_alive(notes: Notes) -> None:
    """Not until a search for garbage: what asked for it may hold much."""

    class Large:
        pass

    async def asks() -> weakref.ref[Large]:
        large = Large()

        def work(tx: Tx) -> None:
            raise StorageDown

        with contextlib.suppress(StorageDown):
            await notes.database.write(work)
        return weakref.ref(large)

    gc.disable()
    try:
        large = await asyncio.create_task(asks())
        await notes.database.write(lambda tx: None)  # the thread is done with the other
        assert large() is None
    finally:
        gc.enable()
