"""The access log: every change of who may do what, in all rooms, with filters, and as CSV."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct
from tornado.iostream import StreamClosedError

from admin.access_words import ENTRY_KINDS, JOURNAL_KINDS, Words
from admin.csv_text import BOM, csv_lines
from admin.pages.handler import AdminHandler
from core.i18n import Translator
from rooms.access_log import AccessLog, Page, Row, Sought
from rooms.approvals import Approvals
from storage.access_log import Mark
from web.guards import Guard

SHOWN = 50
EXPORTED = 500
"""Rows that are read and written at once."""
_FIELDS = ("room", "person", "kind", "from", "to")
_MARK = re.compile(r"(\d{1,15})-([0-9a-z]{0,40})-(\d{1,15})")
_JOURNAL = "account:"
"""Before the kinds of the journal, some of which are called like kinds of entries."""
COLUMNS = ("time", "room", "room_name", "seq", "kind", "by", "people", "change", "why")


class Line(Struct, frozen=True):
    """A row as the page shows it."""

    at: int
    room: str
    room_name: str
    seq: int
    is_entry: bool
    kind: str
    by: str
    changes: list[str]
    why: str


class AccessHandler(AdminHandler):
    """Reads the filters."""

    def initialize(self, access_log: AccessLog, approvals: Approvals) -> None:
        self.approvals = approvals
        self.access_log = access_log

    def filters(self) -> dict[str, str]:
        """As the form has it; what is not in use is left empty."""
        return {name: self.get_query_argument(name, "").strip()[:200] for name in _FIELDS}

    def sought(self) -> Sought:
        """Days that are none are not looked at."""
        typed = self.filters()
        until = _day(typed["to"])
        return Sought(
            room=typed["room"],
            person=typed["person"],
            kind=typed["kind"].removeprefix(_JOURNAL),
            journal=typed["kind"].startswith(_JOURNAL),
            since=_ms(_day(typed["from"])),
            until=_ms(until + timedelta(days=1) if until and until < date.max else None),
        )


class Access(AccessHandler):
    """A page of the log."""

    guard = Guard.ADMIN

    async def get(self) -> None:
        typed, words = self.filters(), Words(self.translator)
        after = _mark(self.get_query_argument("after", ""))
        page = await self.access_log.page(self.me, self.sought(), after, SHOWN, lambda page: page)
        used = {name: value for name, value in typed.items() if value}
        await self.show_page(
            "admin_access.html",
            typed=typed,
            lines=[_line(row, words) for row in page.rows],
            kinds=_kinds(self.translator),
            filtered=bool(used),
            is_first=after is None,
            newest=_address(used),
            older=_address(used | {"after": _text(page.more)}) if page.more else None,
            export=f"/admin/access/csv?{urlencode(used)}".rstrip("?"),
        )


class AccessCsv(AccessHandler):
    """All rows that were looked for, newest first, as they are read."""

    guard = Guard.ADMIN

    async def get(self) -> None:
        words, sought = Words(self.translator), self.sought()
        self.set_header("Content-Type", "text/csv; charset=utf-8")
        self.set_header("Content-Disposition", 'attachment; filename="access-log.csv"')
        self.write(BOM + csv_lines([COLUMNS]))
        after: Mark | None = None
        while True:
            text, after = await self.access_log.page(
                self.me, sought, after, EXPORTED, lambda page: (_exported(page, words), page.more)
            )
            self.write(text)
            if after is None or not await self._sent():
                return

    async def _sent(self) -> bool:
        """Wait until the reader has taken what there is; False if they went away."""
        try:
            await self.flush()
        except StreamClosedError:
            return False
        return True


def _exported(page: Page, words: Words) -> str:
    return csv_lines([_cells(row, words) for row in page.rows])


def _cells(row: Row, words: Words) -> list[str]:
    at, room, seq = row.mark
    return [
        datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds"),
        room,
        row.room_name,
        str(seq) if row.is_entry else "",
        row.kind if row.is_entry else _JOURNAL + row.kind,
        row.by,
        ", ".join(row.people),
        "; ".join(words.changes(row)),
        row.why,
    ]


def _line(row: Row, words: Words) -> Line:
    at, room, seq = row.mark
    kind, changes = words.kind(row), words.changes(row)
    return Line(at, room, row.room_name, seq, row.is_entry, kind, row.by, changes, row.why)


def _kinds(translator: Translator) -> list[tuple[str, str]]:
    """For the form: value and words, in the order of the words."""
    told = [(kind, translator.gettext(text)) for kind, text in ENTRY_KINDS.items()]
    told += [(_JOURNAL + kind, translator.gettext(text)) for kind, text in JOURNAL_KINDS.items()]
    return told


def _address(query: dict[str, str]) -> str:
    return f"/admin/access?{urlencode(query)}".rstrip("?")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _ms(day: date | None) -> int | None:
    """Where a day begins, in UTC."""
    if day is None:
        return None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)


def _text(mark: Mark) -> str:
    return f"{mark.at}-{mark.room}-{mark.seq}"


def _mark(text: str) -> Mark | None:
    found = _MARK.fullmatch(text)
    return Mark(int(found[1]), found[2], int(found[3])) if found else None
