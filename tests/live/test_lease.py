"""How old the knowledge of ended log-ins may be."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import ChatError
from live.lease import EVERY, LONGEST, Lease
from tests.live.devices import LiveHouse
from tests.live.stepping import here, on_a_stepped_loop, pass_time, quiet
from tests.live.world import World


def answer(world: World) -> None:
    world.questions[0].advance()
    world.questions[0].advance()


@on_a_stepped_loop
async def test_it_holds_for_so_long_and_no_longer() -> None:
    house = LiveHouse(world := World())
    world.answers_at_once = True
    assert not house.lease.is_fresh
    await house.lease.ensure()
    for passed, fresh in ((LONGEST - 0.01, True), (0.01, False)):
        world.suspended_for += passed
        assert house.lease.is_fresh == fresh


@on_a_stepped_loop
async def test_it_counts_from_before_the_question() -> None:
    """The answer took a while: what it says is as old as the question."""
    house = LiveHouse(world := World())
    renewal = asyncio.create_task(house.lease.renew())
    await quiet()
    world.suspended_for += LONGEST - 1
    answer(world)
    await renewal
    for passed, fresh in ((0.5, True), (0.5, False)):
        world.suspended_for += passed
        assert house.lease.is_fresh == fresh


@on_a_stepped_loop
async def test_it_runs_out_while_the_machine_sleeps() -> None:
    house = LiveHouse(world := World())
    world.answers_at_once = True
    await house.lease.ensure()
    before = here().seconds
    world.suspended_for += 3_600
    assert here().seconds == before, "timers have not noticed anything"
    assert not house.lease.is_fresh


@on_a_stepped_loop
async def test_an_answer_that_took_too_long_is_none() -> None:
    house = LiveHouse(world := World())
    waiting = asyncio.create_task(house.lease.ensure())
    await quiet()
    world.suspended_for += LONGEST
    answer(world)
    await quiet()
    assert not waiting.done()
    answer(world)
    await quiet()
    assert waiting.done() and house.lease.is_fresh


@on_a_stepped_loop
async def test_those_who_ask_together_share_one_answer() -> None:
    house = LiveHouse(world := World())
    waiting = [asyncio.create_task(house.lease.ensure()) for _ in range(10)]
    await quiet()
    assert len(world.questions) == 1
    answer(world)
    await asyncio.gather(*waiting)


@on_a_stepped_loop
async def test_who_gives_up_waiting_does_not_take_the_answer_from_others() -> None:
    house = LiveHouse(world := World())
    first, second = (asyncio.create_task(house.lease.ensure()) for _ in range(2))
    await quiet()
    first.cancel()
    await quiet()
    answer(world)
    await second
    assert house.lease.is_fresh


@on_a_stepped_loop
async def test_without_an_answer_there_is_no_lease() -> None:
    house = LiveHouse(world := World())
    waiting = asyncio.create_task(house.lease.ensure())
    await quiet()
    world.questions[0].fail()
    with pytest.raises(ChatError, match="storage_down"):
        await waiting
    assert not house.lease.is_fresh


@on_a_stepped_loop
async def test_sockets_of_ended_log_ins_are_closed_by_it() -> None:
    closed: list[str] = []
    world = World()
    world.answers_at_once = True
    world.ended["bo 1"] = 0
    lease = Lease(
        world, lambda: ["ann 0", "bo 1"], world.ended_among, closed.extend, lambda well: None
    )
    await lease.ensure()
    assert closed == ["bo 1"]


@on_a_stepped_loop
async def test_it_is_renewed_in_time_for_ever() -> None:
    house = LiveHouse(world := World())
    world.answers_at_once = True
    house.run()
    await quiet()
    for _ in range(40):
        await pass_time(EVERY / 4)
        assert house.lease.is_fresh
    assert house.told == []


@on_a_stepped_loop
async def test_clients_are_told_when_it_ends_and_when_it_holds_again() -> None:
    house = LiveHouse(world := World())
    world.answers_at_once = True
    house.run()
    await quiet()

    async def down(sessions: list[str]) -> set[str]:
        raise ChatError("storage_down")

    up = house.lease._ended_among
    house.lease._ended_among = down
    await pass_time(LONGEST + EVERY)
    assert house.told == [False]
    house.lease._ended_among = up
    await pass_time(EVERY)
    assert house.told == [False, True]
