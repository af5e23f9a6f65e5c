"""What is not in the log, in a crowd: told in slices, and only to who may hear it just then."""

from __future__ import annotations

import asyncio

import pytest

from live.bus import RoomMoved
from live.presence import CROWD, SETTLE
from tests.live.devices import Device, LiveHouse
from tests.live.stepping import on_a_stepped_loop, pass_time, quiet
from tests.live.world import ROOM, World

TYPING = b'["typing"]\n'


@pytest.fixture(autouse=True)
def slices_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.ephemeral.HANDED_AT_ONCE", 1)
    monkeypatch.setattr("live.feed.DECIDED_AT_ONCE", 1)


async def crowd(*people: str) -> tuple[World, LiveHouse]:
    """They came in this order, and all has been told."""
    world = World()
    world.answers_at_once = True
    for who in dict.fromkeys(people):
        if who != "ann":
            world.change("invite", who)
    house = LiveHouse(world)
    for who in people:
        house.device(who).subscribe()
        await quiet()
    await pass_time(1)
    return world, house


def typing(house: LiveHouse, world: World, besides: str = "") -> None:
    house.hub.tell(ROOM, TYPING, besides=besides, up_to=world.head)


def told(house: LiveHouse) -> list[int]:
    return [device.typings for device in house.devices]


async def until_told(device: Device) -> None:
    """No further than to this one's slice."""
    while not device.typings:  # noqa: ASYNC110
        await asyncio.sleep(0)


@on_a_stepped_loop
async def test_everyone_is_told_once_but_the_one_it_is_about() -> None:
    world, house = await crowd("ann", "bo", "cy", "bo")
    typing(house, world, besides="bo")
    await until_told(house.devices[0])
    assert told(house) == [1, 0, 0, 0]
    await quiet()
    assert told(house) == [1, 0, 1, 0]
    typing(house, world)
    await quiet()
    assert told(house) == [2, 1, 2, 1]


@on_a_stepped_loop
async def test_who_loses_the_right_in_the_middle_is_told_nothing_more() -> None:
    world, house = await crowd(*["ann"] * 9, "bo", "cy")
    typing(house, world)
    await until_told(house.devices[0])
    house.bus.publish(RoomMoved(ROOM, (world.change("ban", "bo"),)))
    await quiet()
    assert house.devices[9].hearings[-1].lost_at == world.head
    assert told(house) == [1] * 9 + [0, 1]


@on_a_stepped_loop
async def test_who_leaves_in_the_middle_is_told_nothing_more() -> None:
    world, house = await crowd("ann", "ann", "bo", "cy")
    typing(house, world)
    await until_told(house.devices[0])
    house.devices[2].unsubscribe()
    await quiet()
    assert told(house) == [1, 1, 0, 1]


@on_a_stepped_loop
async def test_nobody_is_told_without_a_lease_or_while_it_is_being_decided() -> None:
    world, house = await crowd("ann", "bo", "cy")
    typing(house, world)
    await until_told(house.devices[0])
    world.suspended_for += 5
    await quiet()
    assert told(house) == [1, 0, 0]
    await house.lease.renew()
    typing(house, world)
    await until_told(house.devices[1])
    house.hub._feeds[ROOM].step(world.change("close", ""))
    assert house.hub._feeds[ROOM].is_deciding
    await quiet()
    assert told(house) == [2, 1, 0]


# --- who is here ---------------------------------------------------------------------------------


def here(device: Device) -> tuple[list[str], int]:
    return device.presence, device.others


@on_a_stepped_loop
async def test_of_a_crowd_only_some_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.presence.NAMED_MOST", 2)
    _, house = await crowd("cy", "bo", "ann", "cy")
    assert [here(device) for device in house.devices] == [(["ann", "bo"], 1)] * 4
    house.devices[2].close()
    await pass_time(1)
    assert here(house.devices[0]) == (["bo", "cy"], 0)


@on_a_stepped_loop
async def test_a_crowd_is_told_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    _, house = await crowd(*["ann"] * 3 * CROWD)
    before = house.devices[0].presences
    house.devices[-1].close()
    for _ in range(2):
        house.hub.renamed("ann")
        await pass_time(1.4 * SETTLE)
    assert house.devices[0].presences == before
    await pass_time(0.2 * SETTLE)
    assert house.devices[0].presences == before + 1


@on_a_stepped_loop
async def test_who_was_not_reached_is_told_anew() -> None:
    """The lease ran out between two slices."""
    world, house = await crowd("ann", "ann", "ann", "bo")
    house.run()
    house.devices[3].close()
    before = house.devices[0].presences
    with pytest.MonkeyPatch.context() as patch:
        plain = house.lease._clock.boot

        def boot() -> float:
            return plain() + 5 * (house.devices[0].presences > before)

        patch.setattr(world, "boot", boot)
        await pass_time(0.3)
        assert [here(device)[0] for device in house.devices[:3]] == [["ann"], *[["ann", "bo"]] * 2]
    await pass_time(4)
    assert [here(device)[0] for device in house.devices[:3]] == [["ann"]] * 3
