"""Many at once: whatever comes first, the log tells it, and the tables say what it adds up to."""

from __future__ import annotations

import asyncio

import pytest

from core.access import Cap, Delta, Facts, PersonFacts, RoomFacts, Settings, group_subject
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role
from rooms.permissions import decide
from tests.rooms.house import House
from tests.rooms.refusals import refusal

ROUNDS = range(10)


async def replayed(house: House, room: str, who: Identity) -> list[bool]:
    """Whether someone might post after each entry, by the log alone."""
    facts, person, might = RoomFacts(Settings()), PersonFacts(who.account.id, Role.MEMBER), []
    for entry in await house.entries(room):
        if entry.delta is not None:
            facts.apply(entry.delta)
            changed = [it for it in entry.delta.accounts if it.id == person.id]
            person = changed[-1] if changed else person
        might.append(decide("post", Facts(person, facts)).allowed)
    return might


async def check_posts(house: House, room: str, who: Identity) -> None:
    might = await replayed(house, room, who)
    for entry in await house.entries(room):
        if entry.kind is Kind.POST and entry.by is not None and entry.by.id == who.account.id:
            assert might[entry.seq - 2], "a post that was not allowed where it stands"
    assert might[-1] == (await house.level(room, who) >= Level.POST)


@pytest.mark.parametrize("round_", ROUNDS)
async def test_coming_in_against_a_ban(
    house: House, ann: Identity, adam: Identity, bo: Identity, round_: int
) -> None:
    room = await house.room(ann)
    group = await house.crew(adam)
    await house.give_group(room, group, Level.POST)
    ban = Delta(caps=(Cap(bo.account.id, Level.HIDDEN, ann.account.id, 0),))
    acts = [
        house.groups.add(adam, group, "bo"),
        house.change(room, ban, ann),
        *(refusal(house.say(bo, room, "here?")) for _ in range(4)),
    ]
    turned = acts[round_ % 6 :] + acts[: round_ % 6]
    await asyncio.gather(*turned)
    assert await house.level(room, bo) is Level.HIDDEN
    assert await refusal(house.say(bo, room, "now?")) == "not_found"
    await check_posts(house, room, bo)


@pytest.mark.parametrize("round_", ROUNDS)
async def test_posts_against_being_taken_out(
    house: House, ann: Identity, adam: Identity, bo: Identity, round_: int
) -> None:
    """Bo talks on and on; after so many posts they are taken out, while more are on their way."""
    room = await house.room(ann)
    group = await house.crew(adam)
    await house.give_group(room, group, Level.POST)
    await house.groups.add(adam, group, "bo")
    said, enough = 0, asyncio.Event()

    async def talk() -> None:
        nonlocal said
        while await refusal(house.say(bo, room, f"post {said}")) is None:
            said += 1
            if said >= round_:
                enough.set()

    async def take_out() -> None:
        await enough.wait()
        await house.groups.take_out(adam, group, bo.account.id)

    await asyncio.gather(*(talk() for _ in range(4)), take_out())
    assert await house.level(room, bo) is Level.HIDDEN
    await check_posts(house, room, bo)
    kinds = [entry.kind for entry in await house.entries(room)]
    assert kinds.count(Kind.POST) == said >= round_


@pytest.mark.parametrize("round_", ROUNDS)
async def test_letting_oneself_in_against_being_named(
    house: House, ann: Identity, adam: Identity, round_: int
) -> None:
    """Either the room named the group first, and the admin is refused; or they were in it."""
    room = await house.room(ann)
    group = await house.crew(adam)
    naming, joining = house.give_group(room, group), refusal(house.groups.add(adam, group, "adam"))
    order = (naming, joining) if round_ % 2 else (joining, naming)
    results = await asyncio.gather(*order)
    refused = next((it for it in results if isinstance(it, str)), None)
    reads = await house.level(room, adam) is Level.READ
    assert (refused, reads) in ((None, True), ("group_gives_room", False))
    assert {entry.kind for entry in await house.entries(room)} == {Kind.MADE, Kind.ACCESS}


@pytest.mark.parametrize("round_", ROUNDS)
async def test_deleting_against_naming(
    house: House, ann: Identity, adam: Identity, bo: Identity, round_: int
) -> None:
    """No room is left with a grant to a group that is gone."""
    rooms = [await house.room(ann) for _ in range(3)]
    group = await house.crew(adam, bo)
    acts = [refusal(house.bulk.give("Crew", Level.READ, [room])) for room in rooms]
    await asyncio.gather(*acts[: round_ % 4], house.groups.delete(adam, group), *acts[round_ % 4 :])
    for room in rooms:
        assert group_subject(group) not in (await house.facts(room)).grants
        assert await house.level(room, bo) is Level.HIDDEN


async def test_two_of_one_name(house: House, adam: Identity) -> None:
    made = await asyncio.gather(*(refusal(house.groups.make(adam, "Crew")) for _ in range(5)))
    assert sorted(map(str, made)) == ["None"] + ["group_name_taken"] * 4
