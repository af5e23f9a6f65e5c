"""Millions of old posts, written straight into the table, as the server would have left them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import insert, update

from core.log import Head, Kind
from core.records import Person
from storage import journal, log
from storage.engine import Database, Tx
from storage.schema import entries, heads

AT_A_TIME = 50_000
LENGTH = 100
TEXT = "What was said here long ago, and has been read by all since, is about as long as this. " * 3
COLUMNS = ("room", "seq", "kind", "author", "tag", "at", "client_id", "journal", "text")
LARGE = ("ix_entries_room_seq", "ix_entries_posts")
"""Indexes that are made once all rows are there: row by row they would take hours."""
SCRAMBLE = 2_654_435_761
"""Knuth's multiplier: numbers become ids in another order than the posts, as random ones are."""


class History:
    """Adds posts to ``rooms``, in turn: every second one to the first, the others to the rest."""

    def __init__(self, database: Database, rooms: Sequence[str], authors: Sequence[Person]) -> None:
        self._database = database
        self._rooms = list(rooms)
        self._authors = [author.id for author in authors]
        self._written = 0

    def grow_to(self, posts: int) -> None:
        """Until ``posts`` have been added."""
        found = self._database.read_here(lambda tx: [log.head_of(tx, it) for it in self._rooms])
        ends = [head for head in found if head is not None]
        seqs = [head.seq for head in ends]
        line = self._database.read_here(journal.newest)
        rows = self._rows(range(self._written, posts), ends, seqs, line)
        self._database.write_here(_drop_indexes)
        while some := list(islice(rows, AT_A_TIME)):
            self._database.write_here(partial(_insert, some))
        self._database.write_here(_make_indexes)
        moved = [(head.room, seq) for head, seq in zip(ends, seqs, strict=True)]
        self._database.write_here(partial(_move_heads, moved))
        self._written = posts

    def _rows(
        self, numbers: range, ends: list[Head], seqs: list[int], line: int
    ) -> Iterator[tuple[Any, ...]]:
        """``seqs`` goes with them."""
        for number in numbers:
            place = self._place(number)
            head, author = ends[place], self._authors[number // 2 % len(self._authors)]
            seqs[place] += 1
            begin = number % len(TEXT[LENGTH:])
            text = TEXT[begin : begin + LENGTH]
            yield (
                head.room, seqs[place], Kind.POST.value, author, head.tag, head.last_at,
                _client_id(number), line, text,
            )  # fmt: skip

    def _place(self, number: int) -> int:
        """Which room."""
        rest = len(self._rooms) - 1
        return 0 if number % 2 == 0 or not rest else 1 + number // 2 % rest


def _client_id(number: int) -> str:
    return f"{number * SCRAMBLE % 2**32:08x}-old-{number}"


def _insert(rows: list[tuple[Any, ...]], tx: Tx) -> None:
    named = insert(entries).values(dict.fromkeys(COLUMNS))
    statement = named.compile(dialect=tx.conn.dialect)
    assert statement.positiontup == list(COLUMNS)
    tx.conn.exec_driver_sql(str(statement), rows)


def _drop_indexes(tx: Tx) -> None:
    for index in entries.indexes:
        if index.name in LARGE:
            index.drop(tx.conn)


def _make_indexes(tx: Tx) -> None:
    made = [index for index in entries.indexes if index.name in LARGE]
    assert len(made) == len(LARGE)
    for index in made:
        index.create(tx.conn)


def _move_heads(moved: list[tuple[str, int]], tx: Tx) -> None:
    for room, seq in moved:
        tx.conn.execute(update(heads).where(heads.c.room == room).values(seq=seq))
