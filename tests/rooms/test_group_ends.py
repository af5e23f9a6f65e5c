"""Memberships of groups end by themselves, by an entry, by the database's clock."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.levels import Level
from core.log import Entry, Kind
from core.records import Identity
from storage import journal
from tests.rooms.house import House
from tests.rooms.refusals import refusal

HOUR = 3_600_000


async def lounge(house: House, ann: Identity, adam: Identity, bo: Identity) -> str:
    """A room that Bo is in by a group, for an hour."""
    room = await house.room(ann)
    group = await house.crew(adam, bo, until=house.clock.now() + HOUR)
    await house.give_group(room, group, Level.POST)
    await house.membership.join(bo, room)
    return room


async def last(house: House, room: str) -> Entry:
    return (await house.entries(room))[-1]


async def test_an_end_is_an_entry(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    room = await lounge(house, ann, adam, bo)
    house.clock.ms += HOUR - 1
    await house.sweeper.sweep()
    assert await house.level(room, bo) is Level.POST
    house.clock.ms += 1
    await house.sweeper.sweep()
    entry = await last(house, room)
    assert (entry.kind, entry.by) == (Kind.EXPIRED, None)
    assert [person.nickname for person in entry.people] == ["bo"]
    assert await house.level(room, bo) is Level.HIDDEN
    noted = (await house.read(journal.lines))[-1]
    assert (noted.change.kind, noted.change.by, dict(noted.seqs)) == (
        "ended", None, {room: entry.seq},
    )  # fmt: skip
    head = await house.head(room)
    await house.sweeper.sweep()
    assert await house.head(room) == head, "it ends once"


async def test_no_post_comes_between(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    """Nobody swept; whoever posts first finds it ended."""
    room = await lounge(house, ann, adam, bo)
    house.clock.ms += HOUR
    assert await refusal(house.say(bo, room, "still here?")) == "not_found"
    await house.say(ann, room, "he was")
    kinds = [entry.kind for entry in await house.entries(room)]
    assert kinds[-2:] == [Kind.EXPIRED, Kind.POST]


async def test_after_a_restart(
    tmp_path: Path, house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    """It ran out while the server was down."""
    room = await lounge(house, ann, adam, bo)
    house.database.close()
    (tmp_path / "later").mkdir()
    later = House(tmp_path / "later", tmp_path / "chatelaine.db")
    later.clock.ms = house.clock.ms + HOUR
    await later.sweeper.sweep()
    assert (await last(later, room)).kind is Kind.EXPIRED
    assert await later.level(room, bo) is Level.HIDDEN
    later.close()


@pytest.mark.parametrize("back", [1, HOUR, 100 * HOUR])
async def test_with_the_clock_set_back(
    house: House, ann: Identity, adam: Identity, bo: Identity, back: int
) -> None:
    """The room has an entry from after the end: nothing that it has ended comes back."""
    room = await lounge(house, ann, adam, bo)
    house.clock.ms += HOUR
    await house.say(ann, room, "it is past his hour")
    ended = await house.entries(room)
    assert [entry.kind for entry in ended[-2:]] == [Kind.EXPIRED, Kind.POST]
    house.clock.ms -= HOUR + back
    await house.sweeper.sweep()
    assert await refusal(house.say(bo, room, "is it?")) == "not_found"
    assert await house.entries(room) == ended
    times = [entry.at for entry in ended]
    assert times == sorted(times)


async def test_an_end_that_is_past(house: House, adam: Identity, bo: Identity) -> None:
    group = await house.crew(adam)
    for until in (house.clock.now(), 1, -5):
        adding = house.groups.add(adam, group, "bo", until)
        assert await refusal(adding) == "until_past"


@pytest.mark.parametrize("until", [None, 5 * HOUR])
async def test_it_can_be_put_off(
    house: House, ann: Identity, adam: Identity, bo: Identity, until: int | None
) -> None:
    room = await lounge(house, ann, adam, bo)
    group = (await house.groups.every(adam))[0].group.id
    later = None if until is None else house.clock.now() + until
    await house.groups.add(adam, group, "bo", later)
    assert (await house.head(room)).next_expiry == later
    house.clock.ms += 2 * HOUR
    await house.sweeper.sweep()
    assert await house.level(room, bo) is Level.POST
