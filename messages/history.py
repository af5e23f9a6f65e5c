"""Reading the past, a page at a time: rule 5 of docs/room-log.md."""

from __future__ import annotations

from msgspec import Struct

from core.errors import ChatError
from core.log import Entry, Span
from core.records import Identity
from rooms.acting import looking_in
from rooms.hearing import spans_of
from storage import log
from storage.engine import Database, Tx

LARGEST_PAGE = 200


class Page(Struct, frozen=True):
    """Entries in order. ``start``: nothing older may be read; ``end``: nothing newer may.

    ``seq``, ``tag``: the room's head as of the same moment.
    """

    entries: tuple[Entry, ...]
    start: bool
    end: bool
    seq: int
    tag: str


class History:
    """Pages of room logs, each from one snapshot of rights and entries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def before(self, who: Identity, room: str, seq: int | None, limit: int) -> Page:
        """The newest ``limit`` entries, or those just before ``seq``."""
        return await self._page(who, room, older_than=seq, newer_than=None, limit=limit)

    async def after(self, who: Identity, room: str, seq: int, limit: int) -> Page:
        """The entries that follow ``seq``."""
        return await self._page(who, room, older_than=None, newer_than=seq, limit=limit)

    async def around(self, who: Identity, room: str, seq: int, limit: int) -> Page:
        """Entries on both sides of ``seq``, and it."""
        return await self._page(who, room, older_than=seq, newer_than=seq - 1, limit=limit)

    async def _page(
        self,
        who: Identity,
        room: str,
        *,
        older_than: int | None,
        newer_than: int | None,
        limit: int,
    ) -> Page:
        limit = max(1, min(limit, LARGEST_PAGE))

        def work(tx: Tx) -> Page:
            reader = _Reader(tx, who, room)
            if newer_than is None:
                newest = reader.head.seq + 1
                return reader.back(newest if older_than is None else older_than, limit)
            if older_than is None:
                return reader.forth(newer_than, limit)
            half = limit // 2
            older, newer = reader.back(older_than, half), reader.forth(newer_than, limit - half)
            return Page(older.entries + newer.entries, older.start, newer.end, newer.seq, newer.tag)

        return await self._database.read(work)


class _Reader:
    """Someone who may read a room, in one transaction. Raises `not_found` or `not_allowed`."""

    def __init__(self, tx: Tx, who: Identity, room: str) -> None:
        facts = looking_in(tx, who, room, "read")
        head = log.head_of(tx, room)
        if head is None:
            raise ChatError("not_found")
        self._tx = tx
        self.head = head
        self._spans: tuple[Span, ...] | None = spans_of(tx, room, facts)

    def back(self, seq: int, limit: int) -> Page:
        found = self._found("before", seq, limit + 1)
        start = len(found) <= limit
        shown = found if start else found[1:]
        return self._as_page(shown, start=start, end=not self._found("after", seq - 1, 1))

    def forth(self, seq: int, limit: int) -> Page:
        found = self._found("after", seq, limit + 1)
        start, end = not self._found("before", seq + 1, 1), len(found) <= limit
        return self._as_page(found[:limit], start=start, end=end)

    def _found(self, direction: log.Direction, seq: int, limit: int) -> list[Entry]:
        return log.page(self._tx, self.head.room, direction, seq, limit, self._spans)

    def _as_page(self, entries: list[Entry], *, start: bool, end: bool) -> Page:
        return Page(tuple(entries), start, end, self.head.seq, self.head.tag)
