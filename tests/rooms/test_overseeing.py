"""What admins see of rooms: who may, and who gave it; never what is said."""

from __future__ import annotations

import pytest

from core.access import EVERYONE, Cap, Delta, Grant, Preset, Settings
from core.levels import Level
from core.records import Identity
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def test_the_list(
    house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
) -> None:
    kitchen = await house.making.make(ann, "Kitchen", "forks", Preset.LISTED)
    garden = await house.making.make(bo, "garden")
    direct = await house.room(ann)
    await house.change(direct, Delta(settings=Settings(preset=Preset.DIRECT)))
    await house.invite(ann, kitchen, bo, level=Level.OWN)
    await house.change(garden, Delta(settings=Settings(archived=True)))
    invited = (await house.entries(kitchen))[-1].at
    house.clock.ms += 60_000
    await house.say(ann, kitchen, "canary")
    await house.making.describe(ann, kitchen, "Kitchens", None)
    found = await house.overseeing.rooms(adam)
    assert (found.direct, found.more) == (1, False)
    assert [it.room.id for it in found.rooms] == [garden, kitchen]
    seen = found.rooms[1]
    assert (seen.room.name, seen.room.topic, seen.room.preset) == ("Kitchens", "forks", "listed")
    assert [person.nickname for person in seen.owners] == ["ann", "bo"]
    assert (seen.people, seen.room.changed_at) == (2, invited), (
        "neither posts nor names change rights"
    )
    assert (found.rooms[0].room.archived, found.rooms[0].room.deleted) == (True, False)
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    ("query", "names"),
    [("", 2), ("kitch", 1), ("FORKS", 1), ("厨", 1), ("canary", 0), ("n", 1), ("ID", 1)],
)
async def test_searching(
    house: House, ann: Identity, adam: Identity, query: str, names: int
) -> None:
    room = await house.making.make(ann, "Kitchen", "forks")
    await house.making.make(ann, "厨房")
    await house.say(ann, room, "canary")
    query = room if query == "ID" else query
    assert len((await house.overseeing.rooms(adam, query)).rooms) == names


async def test_an_access_list(
    house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    group = await house.crew(adam, cy)
    await house.bulk.give("Crew", Level.MODERATE, [room], "On call")
    everyone = Grant(EVERYONE, Level.SEE, ann.account.id, 5, until=house.clock.now() + 9)
    ban = Cap(cy.account.id, Level.HIDDEN, ann.account.id, 6, "Rude", house.clock.now() + 9)
    await house.change(room, Delta(grants=(everyone,), caps=(ban,)))
    await house.glass.shatter(adam, room, Level.READ, 1, "Looking")
    found = await house.overseeing.access(adam, room)
    grants = [(it.kind, it.name, it.level, it.by, it.why) for it in found.grants]
    assert grants == [
        ("person", "ann", Level.OWN, "ann", ""),
        ("group", "Crew", Level.MODERATE, "", "On call"),
        ("person", "bo", Level.POST, "ann", ""),
        ("glass", "adam", Level.READ, "adam", "Looking"),
        ("everyone", "", Level.SEE, "ann", ""),
    ]
    assert found.grants[1].id == group
    (cap,) = found.caps
    assert (cap.name, cap.level, cap.by, cap.at, cap.why, cap.until) == (
        "cy", Level.HIDDEN, "ann", 6, "Rude", ban.until,
    )  # fmt: skip


async def test_only_admins(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    assert await refusal(house.overseeing.rooms(ann)) == "not_found"
    assert await refusal(house.overseeing.access(ann, room)) == "not_found"
