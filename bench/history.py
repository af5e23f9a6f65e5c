"""Millions of old posts, written straight into the tables, as the server would have left them."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, update

from core.log import Kind
from core.records import Person
from storage import journal, log
from storage.engine import Database, Tx
from storage.schema import bodies, entries, heads, post_ids

AT_A_TIME = 50_000
TEXT = (
    "What was said here long ago, and has been read by everyone since, is about as long as this. "
    * 2
)
LENGTH = 100
Row = tuple[Any, ...]


class History:
    """Adds posts to ``rooms``: half of them to the first, the others to the rest in equal parts."""

    def __init__(self, database: Database, rooms: Sequence[str], authors: Sequence[Person]) -> None:
        self._database = database
        self._rooms = list(rooms)
        self._authors = [author.id for author in authors]
        self._written = 0
        self._ids = [0] * len(authors)
        self._random = random.Random(4)

    def grow_to(self, posts: int) -> None:
        """Until ``posts`` have been added."""
        new = posts - self._written
        shares = {room: new // 2 // max(1, len(self._rooms) - 1) for room in self._rooms[1:]}
        shares[self._rooms[0]] = new - sum(shares.values())
        places: list[tuple[str, int]] = []
        for room in self._rooms:
            places += self._fill(room, shares[room])
        for number in range(len(self._authors)):
            self._remember(number, places)
        self._written = posts

    def author_of(self, seq: int) -> int:
        return seq % len(self._authors)

    def _fill(self, room: str, count: int) -> list[tuple[str, int]]:
        """Entries and their texts; where they are."""
        head = self._database.read_here(lambda tx: log.head_of(tx, room))
        line = self._database.read_here(journal.newest)
        assert head is not None
        seqs = range(head.seq + 1, head.seq + count + 1)
        at = head.last_at
        self._write(entries, (
            (room, seq, Kind.POST.value, self._authors[self.author_of(seq)], head.tag, at,
             _client_id(seq), None, None, line)
            for seq in seqs
        ))  # fmt: skip
        self._write(bodies, ((room, seq, _text(seq)) for seq in seqs))
        moved = update(heads).where(heads.c.room == room).values(seq=head.seq + count)
        self._database.write_here(lambda tx: tx.conn.execute(moved))
        return [(room, seq) for seq in seqs]

    def _remember(self, number: int, places: list[tuple[str, int]]) -> None:
        """What became of each post of one author. Their ids are in another order than the posts, as
        random ones are, so that the next post's falls anywhere among them."""
        own = [place for place in places if self.author_of(place[1]) == number]
        self._random.shuffle(own)
        author, first = self._authors[number], self._ids[number]
        self._ids[number] += len(own)
        self._write(post_ids, (
            (author, f"{first + rank:010d}{_client_id(seq)}", room, seq, None, 0, _hash(seq))
            for rank, (room, seq) in enumerate(own)
        ))  # fmt: skip

    def _write(self, table: Table, rows: Iterable[Row]) -> None:
        for some in _batches(rows):
            self._database.write_here(partial(_insert, table, some))


def _insert(table: Table, rows: list[Row], tx: Tx) -> None:
    statement = str(insert(table).compile(dialect=tx.conn.dialect))
    tx.conn.exec_driver_sql(statement, rows)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, AT_A_TIME)):
        yield some


def _client_id(seq: int) -> str:
    return f"{seq:08x}old"


def _text(seq: int) -> str:
    begin = seq % 90
    return TEXT[begin : begin + LENGTH]


def _hash(seq: int) -> str:
    return hashlib.sha256(str(seq).encode()).hexdigest()
