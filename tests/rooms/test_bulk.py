"""Groups in many rooms at once, by whoever runs the machine."""

from __future__ import annotations

import pytest

from core.access import Delta, Grant, Preset, Settings, group_subject
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity
from storage import journal
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def test_every_room_but_direct_and_deleted_ones(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    group = await house.crew(adam, bo)
    rooms = [await house.room(ann) for _ in range(5)]
    one, two, archived, direct, deleted = rooms
    await house.change(archived, Delta(settings=Settings(archived=True)))
    await house.change(direct, Delta(settings=Settings(preset=Preset.DIRECT)))
    await house.change(deleted, Delta(settings=Settings(deleted=True)))
    done = await house.bulk.give("crew", Level.MODERATE, None, "On call")
    assert set(done) == {one, two, archived}
    for room in rooms:
        has = Level.MODERATE if room in done else Level.HIDDEN
        assert await house.level(room, bo) is has
    entry = (await house.entries(one))[-1]
    assert (entry.kind, entry.by) == (Kind.ACCESS, None)
    grant = (await house.facts(one)).grants[group_subject(group)]
    assert (grant.by, grant.why) == (None, "On call")
    line = (await house.read(journal.lines))[-1]
    assert (line.change.kind, line.change.group, set(line.seqs)) == (
        "group_given",
        group,
        set(done),
    )
    assert await house.bulk.give("crew", Level.MODERATE, None) == [], "it is like that already"


async def test_given_instead_and_taken_back(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    group = await house.crew(adam, bo)
    room, other = await house.room(ann), await house.room(ann)
    await house.change(room, Delta(grants=(Grant(group_subject(group), Level.OWN, None, 0),)))
    assert await house.bulk.give("Crew", Level.READ, [room]) == [room]
    assert await house.level(room, bo) is Level.READ
    assert await house.bulk.take("Crew", [room, other], "Over") == [room]
    assert await house.level(room, bo) is Level.HIDDEN


@pytest.mark.parametrize(
    ("group", "which", "why", "error"),
    [
        ("Band", "room", "", "group_not_found"),
        ("Crew", "absent", "", "not_found"),
        ("Crew", "deleted", "", "not_found"),
        ("Crew", "direct", "", "access_closed"),
        ("Crew", "room", "x" * 201, "why_long"),
    ],
)
async def test_all_or_nothing(
    house: House, ann: Identity, adam: Identity, group: str, which: str, why: str, error: str
) -> None:
    await house.crew(adam)
    rooms = {name: await house.room(ann) for name in ("room", "direct", "deleted")}
    await house.change(rooms["direct"], Delta(settings=Settings(preset=Preset.DIRECT)))
    await house.change(rooms["deleted"], Delta(settings=Settings(deleted=True)))
    wanted = [rooms["room"], {**rooms, "absent": new_id()}[which]]
    assert await refusal(house.bulk.give(group, Level.READ, wanted, why)) == error
    assert await refusal(house.bulk.take(group, wanted, why)) == error
    assert len(await house.entries(rooms["room"])) == 1
