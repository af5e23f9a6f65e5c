"""The admins' log of every change of access: what is in it, in which order, and what is found."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.access import Cap, Delta, Grant, History, PersonFacts, Preset, Settings
from core.access import person_subject as personal
from core.levels import Level
from core.records import Identity, State
from rooms.access_log import Page, Row, Sought, page_of
from rooms.ledger import make_room
from rooms.standing import change_account
from storage import accounts
from storage.access_log import Mark
from storage.engine import Tx
from storage.journal import Change
from tests.rooms.house import House

ALL = Sought()


@pytest.fixture
async def rooms(house: House, ann: Identity, bo: Identity, cy: Identity) -> tuple[str, str]:
    """A kitchen and a garden, a few changes apart; bo is suspended in the end."""
    kitchen, garden = await house.room(ann), await house.making.make(cy, "Garden")
    house.clock.ms += 1_000
    await house.invite(ann, kitchen, bo)
    house.clock.ms += 1_000
    await house.invite(cy, garden, ann)
    await house.say(bo, kitchen, "canary text")
    await house.making.describe(ann, kitchen, None, "canary topic")
    muted = Cap(bo.account.id, Level.READ, ann.account.id, house.clock.ms, "too loud")
    house.clock.ms += 1_000
    await house.change(kitchen, Delta(caps=(muted,)), ann)
    house.clock.ms += 1_000
    gone = PersonFacts(bo.account.id, bo.account.role, State.SUSPENDED)
    await house.database.write(
        lambda tx: change_account(
            tx,
            gone,
            lambda: accounts.set_state(tx, gone.id, State.SUSPENDED),
            Change("suspended", ann.account.id, why="spam"),
        )
    )
    return kitchen, garden


async def look(house: House, sought: Sought = ALL, after: Mark | None = None, n: int = 99) -> Page:
    return await house.read(lambda tx: page_of(tx, sought, after, n))


def told(rows: Sequence[Row]) -> list[str]:
    return [f"{row.room_name or 'server'} {row.kind}" for row in rows]


async def test_everything_newest_first(house: House, rooms: tuple[str, str]) -> None:
    page = await look(house)
    assert page.more is None
    marks = [row.mark for row in page.rows]
    assert marks == sorted(marks, reverse=True)
    assert told(page.rows)[:6] == [
        "Kitchen account", "server suspended", "Kitchen access", *told(page.rows)[3:6],
    ]  # fmt: skip
    assert sorted(told(page.rows)) == sorted(
        ["Kitchen account", "server suspended", "Kitchen access", "Kitchen topic",
         "Garden invited", "Kitchen invited", "Kitchen made", "Garden made", *["server made"] * 3]
    )  # fmt: skip
    assert "canary" not in repr(page)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_follow_each_other_without_gap(
    house: House, rooms: tuple[str, str], size: int
) -> None:
    whole = (await look(house)).rows
    paged: list[Row] = []
    after = None
    while True:
        page = await look(house, ALL, after, size)
        paged += page.rows
        assert len(page.rows) <= size
        after = page.more
        if after is None:
            break
    assert paged == whole


async def test_rows_say_what_changed_and_why(house: House, rooms: tuple[str, str]) -> None:
    rows = {f"{row.room_name} {row.kind}": row for row in (await look(house)).rows}
    muted = rows["Kitchen access"]
    assert (muted.by, muted.people, muted.why) == ("ann", ["bo"], "too loud")
    (part,) = muted.parts
    assert (part.verb, part.who, part.level) == ("capped", "bo", Level.READ)
    gone = rows[" suspended"]
    assert (gone.by, gone.people, gone.why, gone.is_entry) == ("ann", ["bo"], "spam", False)
    assert [(part.verb, part.value) for part in gone.parts] == [
        ("role", "member"),
        ("state", "suspended"),
    ]
    assert [part.verb for part in rows["Kitchen topic"].parts] == ["topic"]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        (Sought(room="Garden"), ["Garden invited", "Garden made"]),
        (Sought(room="Garden", person="cy"), ["Garden invited", "Garden made"]),
        (Sought(kind="invited"), ["Garden invited", "Kitchen invited"]),
        (Sought(kind="invited", room="Kitchen"), ["Kitchen invited"]),
        (Sought(kind="suspended", journal=True), ["server suspended"]),
        (Sought(kind="made", journal=True), ["server made"] * 3),
        (Sought(kind="made"), ["Kitchen made", "Garden made"]),
        (Sought(kind="suspended", journal=True, room="Kitchen"), []),
        (
            Sought(person="bo"),
            ["Kitchen account", "server suspended", "Kitchen access", "Kitchen invited",
             "server made"],
        ),
        (Sought(room="Cellar"), []),
        (Sought(person="nobody"), []),
    ],
)  # fmt: skip
async def test_filters(
    house: House, rooms: tuple[str, str], sought: Sought, found: list[str]
) -> None:
    assert sorted(told((await look(house, sought)).rows)) == sorted(found)
    paged = await look(house, sought, n=1)
    assert len(paged.rows) == min(1, len(found))


async def test_times(house: House, rooms: tuple[str, str]) -> None:
    now = house.clock.ms
    late = await look(house, Sought(since=now))
    assert told(late.rows) == ["Kitchen account", "server suspended"]
    early = await look(house, Sought(until=now - 3_000))
    assert sorted(told(early.rows)) == sorted(["Kitchen made", "Garden made", *["server made"] * 3])


async def test_a_room_by_its_id(house: House, rooms: tuple[str, str]) -> None:
    page = await look(house, Sought(room=rooms[1]), n=1)
    assert told(page.rows) == ["Garden invited"]
    assert page.more is not None
    rest = await look(house, Sought(room=rooms[1]), page.more)
    assert told(rest.rows) == ["Garden made"]


async def test_direct_rooms_are_left_out(house: House, ann: Identity, bo: Identity) -> None:
    def work(tx: Tx) -> str:
        made = Settings(name="", preset=Preset.DIRECT, history=History.ALL)
        grants = tuple(Grant(personal(who.account.id), Level.POST, None, 0) for who in (ann, bo))
        return make_room(tx, None, Delta(settings=made, grants=grants), direct="ann bo").head.room

    room = await house.database.write(work)
    for sought in (ALL, Sought(room=room), Sought(person="ann")):
        assert all(not row.is_entry for row in (await look(house, sought)).rows)
