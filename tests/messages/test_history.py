"""Pages of the past, each against a slice of the whole."""

from __future__ import annotations

import asyncio

import pytest

from core.access import History, Preset
from core.levels import Level
from core.log import Entry
from core.records import Identity
from messages.history import LARGEST_PAGE, Page
from tests.rooms.house import House
from tests.rooms.refusals import refusal

SEQS = range(14)
LIMITS = (1, 2, 3, 5, 12, 13)


@pytest.fixture
async def room(house: House, ann: Identity, bo: Identity) -> str:
    """Twelve entries; bo may read 3 to 5 and 9 to 12."""
    room = await house.room(ann, preset=Preset.OPEN, history=History.JOINED)
    await house.say(ann, room, "2")
    await house.membership.join(bo, room)
    await house.say(ann, room, "4")
    await house.membership.leave(bo, room)
    for number in (6, 7, 8):
        await house.say(ann, room, str(number))
    await house.membership.join(bo, room)
    for number in (10, 11, 12):
        await house.say(ann, room, str(number))
    return room


async def readable(house: House, room: str, all_of_it: bool) -> list[Entry]:
    mine = range(1, 13) if all_of_it else [3, 4, 5, 9, 10, 11, 12]
    return [entry for entry in await house.entries(room) if entry.seq in mine]


def check_flags(page: Page, mine: list[Entry], first: int, after: int) -> None:
    """``first`` and ``after``: the page covers all seqs from ``first`` up to before ``after``."""
    if page.entries:
        first, after = page.entries[0].seq, page.entries[-1].seq + 1
    assert page.start == (not any(entry.seq < first for entry in mine))
    assert page.end == (not any(entry.seq >= after for entry in mine))


@pytest.mark.parametrize("who", ["ann", "bo"])
class TestPages:
    async def test_before(
        self, house: House, ann: Identity, bo: Identity, room: str, who: str
    ) -> None:
        mine = await readable(house, room, who == "ann")
        for seq in SEQS:
            for limit in LIMITS:
                page = await house.pages.before({"ann": ann, "bo": bo}[who], room, seq, limit)
                assert [*page.entries] == [e for e in mine if e.seq < seq][-limit:]
                check_flags(page, mine, seq, seq)

    async def test_after(
        self, house: House, ann: Identity, bo: Identity, room: str, who: str
    ) -> None:
        mine = await readable(house, room, who == "ann")
        for seq in SEQS:
            for limit in LIMITS:
                page = await house.pages.after({"ann": ann, "bo": bo}[who], room, seq, limit)
                assert [*page.entries] == [e for e in mine if e.seq > seq][:limit]
                check_flags(page, mine, seq + 1, seq + 1)

    async def test_around(
        self, house: House, ann: Identity, bo: Identity, room: str, who: str
    ) -> None:
        mine = await readable(house, room, who == "ann")
        for seq in SEQS:
            for limit in LIMITS:
                page = await house.pages.around({"ann": ann, "bo": bo}[who], room, seq, limit)
                older = [e for e in mine if e.seq < seq]
                newer = [e for e in mine if e.seq >= seq]
                half = limit // 2
                expected = older[len(older) - half if len(older) > half else 0 :]
                assert [*page.entries] == expected + newer[: limit - half]
                check_flags(page, mine, seq, seq)

    async def test_newest(
        self, house: House, ann: Identity, bo: Identity, room: str, who: str
    ) -> None:
        mine = await readable(house, room, who == "ann")
        page = await house.pages.before({"ann": ann, "bo": bo}[who], room, None, 3)
        assert ([*page.entries], page.start, page.end) == (mine[-3:], False, True)


async def test_paging_back_shows_all_once(house: House, ann: Identity, room: str) -> None:
    for limit in LIMITS:
        found: list[Entry] = []
        page = await house.pages.before(ann, room, None, limit)
        found[:0] = page.entries
        while not page.start:
            page = await house.pages.before(ann, room, found[0].seq, limit)
            found[:0] = page.entries
        assert found == await house.entries(room)


async def test_a_page_tells_where_the_log_stands(house: House, ann: Identity, room: str) -> None:
    head = await house.head(room)
    for page in (
        await house.pages.before(ann, room, 5, 2),
        await house.pages.after(ann, room, 5, 2),
        await house.pages.around(ann, room, 5, 2),
    ):
        assert (page.seq, page.tag) == (head.seq, head.tag)


async def test_entries_bear_their_people_as_they_are_called_now(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql("UPDATE accounts SET nickname = upper(nickname)")
    )
    page = await house.pages.before(ann, room, 4, 2)
    assert [[person.nickname for person in entry.people] for entry in page.entries] == [[], ["BO"]]
    assert [entry.by and entry.by.nickname for entry in page.entries] == ["ANN", "BO"]


@pytest.mark.parametrize("limit", [0, -5, 10_000])
async def test_limits_are_kept_sane(house: House, ann: Identity, room: str, limit: int) -> None:
    await asyncio.gather(*(house.say(ann, room, str(n)) for n in range(LARGEST_PAGE)))
    page = await house.pages.before(ann, room, None, limit)
    assert len(page.entries) == min(max(limit, 1), LARGEST_PAGE)


async def test_reading_needs_read(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.LISTED)
    assert await refusal(house.pages.before(cy, room, None, 5)) == "not_allowed"
    await house.invite(ann, room, cy, level=Level.READ)
    assert await refusal(house.pages.before(cy, room, None, 5)) is None


async def test_reading_needs_a_live_log_in(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    await house.log_out(ann)
    assert await refusal(house.pages.before(ann, room, None, 5)) == "not_signed_in"
