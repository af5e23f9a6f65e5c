"""How what is posted goes out to a crowd: joined, in slices, to those who were there then."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import ChatError
from core.log import Entry
from live.bus import RoomMoved
from live.pump import LONGEST_REST, SHORTEST_REST
from tests.live.devices import Connection, Device, LiveHouse
from tests.live.judge import judge, judge_rest
from tests.live.stepping import here, on_a_stepped_loop, pass_time, quiet
from tests.live.world import ROOM, World

PAUSE = 0.3
"""Seconds between two slices here, so that a test can look on."""


@pytest.fixture(autouse=True)
def slices_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.feed.HANDED_AT_ONCE", 1)
    monkeypatch.setattr("live.pump.PAUSE", PAUSE)


async def open_house(*people: str) -> tuple[World, LiveHouse]:
    """Everyone listens, by a grant of their own; then nothing has happened for a while."""
    world = World()
    world.answers_at_once = True
    for who in dict.fromkeys(people):
        if who != "ann":
            world.change("invite", who)
    house = LiveHouse(world)
    for who in people:
        house.device(who).subscribe()
    await pass_time(1)
    assert all(device.current is not None for device in house.devices)
    return world, house


def tell(house: LiveHouse, *entries: Entry) -> None:
    house.bus.publish(RoomMoved(ROOM, entries))


def places(house: LiveHouse) -> list[int]:
    return [device.hearings[-1].pos for device in house.devices]


def writes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Device, int]]:
    """Who is handed how many entries at a time."""
    made: list[tuple[Device, int]] = []
    plain = Connection.write

    def write(self: Connection, frames: bytes) -> int:
        if entries := frames.count(b'["entry"'):
            made.append((self.device, entries))
        return plain(self, frames)

    monkeypatch.setattr(Connection, "write", write)
    return made


class Costly:
    """Each write takes so long by the loop's clock."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seconds = 0.0
        plain = Connection.write

        def write(connection: Connection, frames: bytes) -> int:
            here().seconds += self.seconds
            return plain(connection, frames)

        monkeypatch.setattr(Connection, "write", write)


# --- when ----------------------------------------------------------------------------------------


@on_a_stepped_loop
async def test_a_quiet_room_is_handed_a_post_in_the_same_step() -> None:
    world, house = await open_house("ann", "bo")
    house.run()
    await quiet()
    post = world.post()
    tell(house, post)
    assert places(house) == [post.seq, post.seq - 1], "the rest in the next slice"
    await pass_time(2 * PAUSE)
    assert places(house) == [post.seq] * 2
    judge(house)


@on_a_stepped_loop
async def test_without_a_lease_nothing_is_handed_out_in_the_same_step() -> None:
    world, house = await open_house("ann")
    await pass_time(10)
    assert not house.lease.is_fresh
    post = world.post()
    tell(house, post)
    assert places(house) == [post.seq - 1]
    await pass_time(PAUSE)
    assert places(house) == [post.seq]
    judge(house)


@on_a_stepped_loop
async def test_a_quiet_room_is_handed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    world, house = await open_house("ann")
    costs = Costly(monkeypatch)
    costs.seconds = 0.002
    for _ in range(3):
        tell(house, world.post())
        await quiet()
        assert places(house) == [world.head]
        await pass_time(LONGEST_REST)


@on_a_stepped_loop
async def test_what_cost_little_needs_no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    world, house = await open_house("ann")
    costs = Costly(monkeypatch)
    costs.seconds = 0.9 * SHORTEST_REST
    for _ in range(5):
        tell(house, world.post())
        await quiet()
        assert places(house) == [world.head]


@pytest.mark.parametrize(("took", "rest"), [(0.002, 0.002), (LONGEST_REST * 9, LONGEST_REST)])
@on_a_stepped_loop
async def test_a_busy_room_rests_and_what_comes_meanwhile_goes_out_joined(
    took: float, rest: float
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        world, house = await open_house("ann")
        made, costs = writes(patch), Costly(patch)
        costs.seconds = took
        tell(house, world.post())
        await quiet()
        assert [count for _, count in made] == [1]
        for _ in range(3):
            tell(house, world.post())
            await pass_time(rest * 0.3)
            assert [count for _, count in made] == [1]
        await pass_time(rest * 0.11)
        assert [count for _, count in made] == [1, 3]
        assert places(house) == [world.head]


@on_a_stepped_loop
async def test_no_more_than_so_many_bytes_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    world, house = await open_house("ann")
    made = writes(monkeypatch)
    entries = [world.post() for _ in range(9)]
    size = len(house.framing.entry(entries[0]))
    monkeypatch.setattr("live.feed.JOINED_MOST", 2 * size + 1)
    tell(house, *entries)
    await quiet()
    assert [count for _, count in made] == [3, 3, 3]
    judge_rest(house)


# --- to whom -------------------------------------------------------------------------------------


@on_a_stepped_loop
async def test_what_came_before_a_change_of_access_goes_to_those_who_were_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The loser gets the entry that takes the right, and nothing after it."""
    world, house = await open_house("ann", "bo")
    made = writes(monkeypatch)
    before = [world.post(), world.post()]
    taking = world.change("ban", "bo")
    tell(house, *before, taking, world.post(), world.post())
    await pass_time(10 * PAUSE)
    ann, bo = house.devices
    assert [count for device, count in made if device is ann] == [2, 3]
    assert [count for device, count in made if device is bo] == [2]
    assert bo.hearings[0].lost_at == bo.hearings[0].pos == taking.seq
    judge(house)
    judge_rest(house)


@on_a_stepped_loop
async def test_a_change_waits_until_what_was_before_it_is_out() -> None:
    world, house = await open_house("ann", "ann", "bo", "bo")
    before = world.head
    tell(house, world.post(), world.change("ban", "bo"), world.post())
    await quiet()
    for handed in (1, 2, 3):
        assert places(house) == [before + 1] * handed + [before] * (4 - handed)
        assert all(device.current is not None for device in house.devices)
        await pass_time(PAUSE)
    await pass_time(4 * PAUSE)
    assert places(house) == [world.head] * 2 + [before + 2] * 2
    judge(house)
    judge_rest(house)


@on_a_stepped_loop
async def test_who_leaves_in_the_middle_gets_nothing_more() -> None:
    world, house = await open_house("ann", "ann", "ann", "ann")
    before = world.head
    tell(house, world.post())
    await quiet()
    house.devices[0].unsubscribe()
    house.devices[2].unsubscribe()
    await pass_time(4 * PAUSE)
    assert places(house) == [world.head, world.head, before, world.head]
    judge(house)


@on_a_stepped_loop
async def test_who_comes_in_the_middle_gets_each_entry_once() -> None:
    world, house = await open_house("ann", "ann", "ann")
    tell(house, world.post())
    await quiet()
    newcomer = house.device("ann")
    newcomer.subscribe()
    tell(house, world.post())
    await pass_time(9 * PAUSE)
    assert places(house) == [world.head] * 4
    judge(house)
    judge_rest(house)


@pytest.mark.parametrize("number", range(4))
@on_a_stepped_loop
async def test_who_leaves_and_comes_back_in_the_middle_gets_each_entry_once(number: int) -> None:
    world, house = await open_house("ann", "ann", "ann", "ann")
    tell(house, world.post())
    await pass_time(PAUSE)
    device = house.devices[number]
    connection = device.connection
    device.unsubscribe()
    device.subscribe()
    assert device.connection is connection
    tell(house, world.post())
    await pass_time(9 * PAUSE)
    assert places(house) == [world.head] * 4
    judge(house)
    judge_rest(house)


# --- what goes wrong -----------------------------------------------------------------------------


@on_a_stepped_loop
async def test_an_error_between_two_slices_is_gone_on_from(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing else is ever posted: the comparison of heads finds that some are behind."""
    world, house = await open_house("ann", "ann", "ann")
    house.run()
    before = world.head

    async def down() -> None:
        raise ChatError("storage_down")

    tell(house, world.post())
    await quiet()
    monkeypatch.setattr(house.lease, "ensure", down)
    await pass_time(5)
    assert places(house) == [world.head, before, before]
    monkeypatch.undo()
    await pass_time(3)
    assert places(house) == [world.head] * 3
    judge(house)
    judge_rest(house)


@on_a_stepped_loop
async def test_a_large_room_lets_others_run_between_its_slices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("live.pump.PAUSE", 0.0)
    world, house = await open_house(*["ann"] * 10)
    turns = 0

    async def another() -> None:
        nonlocal turns
        while places(house) != [world.head] * 10:
            turns += 1
            await asyncio.sleep(0)

    tell(house, world.post())
    await another()
    assert turns >= 9
