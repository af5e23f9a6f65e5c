"""What every new room gives from its first entry on, besides its preset."""

from __future__ import annotations

import pytest

from core.access import EVERYONE, Preset, group_subject
from core.levels import Level
from core.records import Identity, Role
from storage import journal
from tests.rooms.house import House
from tests.rooms.refusals import refusal


@pytest.mark.parametrize(
    ("preset", "given", "has"),
    [
        (Preset.PRIVATE, Level.SEE, Level.SEE),
        (Preset.PRIVATE, Level.MODERATE, Level.MODERATE),
        (Preset.LISTED, Level.READ, Level.READ),
        (Preset.OPEN, Level.READ, Level.POST),
        (Preset.OPEN, Level.POST, Level.POST),
        (Preset.ANNOUNCEMENTS, Level.MODERATE, Level.MODERATE),
    ],
)
async def test_the_higher_counts(
    house: House, ann: Identity, adam: Identity, preset: Preset, given: Level, has: Level
) -> None:
    await house.default_grants.give(adam, "", given)
    room = await house.room(ann, preset=preset)
    assert len(await house.entries(room)) == 1, "it is there from the first entry on"
    assert (await house.facts(room)).grants[EVERYONE].level is has


async def test_a_group_in_new_rooms_and_in_no_others(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    before = await house.room(ann)
    group = await house.crew(adam, bo, ann)
    await house.default_grants.give(adam, group, Level.READ)
    await house.default_grants.give(adam, group, Level.MODERATE)
    room = await house.room(ann)
    assert [await house.level(it, bo) for it in (before, room)] == [Level.HIDDEN, Level.MODERATE]
    grant = (await house.facts(room)).grants[group_subject(group)]
    assert grant.by is None
    assert await house.level(room, ann) is Level.OWN
    shown = await house.default_grants.every(adam)
    assert [(it.group, it.name, it.level) for it in shown] == [(group, "Crew", Level.MODERATE)]


async def test_taken_back_it_stays_where_it_was(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    group = await house.crew(adam, bo)
    await house.default_grants.give(adam, group, Level.READ)
    first = await house.room(ann)
    await house.default_grants.take(adam, group)
    second = await house.room(ann)
    assert [await house.level(it, bo) for it in (first, second)] == [Level.READ, Level.HIDDEN]
    kinds = [line.change.kind for line in await house.read(journal.lines)]
    assert kinds[-2:] == ["default_given", "default_taken"]
    await house.default_grants.take(adam, group)
    assert len(await house.read(journal.lines)) == len(kinds)


async def test_a_group_that_is_gone_gives_nothing(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    group = await house.crew(adam, bo)
    await house.default_grants.give(adam, group, Level.READ)
    await house.groups.delete(adam, group)
    assert await house.default_grants.every(adam) == []
    assert group_subject(group) not in (await house.facts(await house.room(ann))).grants
    assert await refusal(house.default_grants.give(adam, group, Level.READ)) == "group_not_found"


@pytest.mark.parametrize("level", [Level.OWN, Level.HIDDEN])
async def test_owners_are_made_one_by_one(house: House, adam: Identity, level: Level) -> None:
    assert await refusal(house.default_grants.give(adam, "", level)) == "bad_request"


async def test_only_admins(house: House, ann: Identity) -> None:
    for call in (
        house.default_grants.every(ann),
        house.default_grants.give(ann, "", Level.READ),
        house.default_grants.take(ann, ""),
    ):
        assert await refusal(call) == "not_found"


async def test_an_admin_does_not_let_themself_into_new_rooms(house: House, adam: Identity) -> None:
    """Neither by giving to a group that they are in, nor by joining one that is given to."""
    group = await house.groups.make(adam, "Crew", "")
    await house.groups.add(adam, group, "adam")
    given = house.default_grants.give(adam, group, Level.MODERATE)
    assert await refusal(given) == "group_gives_room"
    await house.default_grants.give(adam, group, Level.SEE)
    await house.groups.take_out(adam, group, adam.account.id)
    await house.default_grants.give(adam, group, Level.READ)
    assert await refusal(house.groups.add(adam, group, "adam")) == "group_gives_room"
    eve = await house.person("eve", Role.ADMIN)
    await house.groups.add(eve, group, "adam")
