"""Many clients come back in the same moment: what is live goes on, and all are live again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ids import new_id
from live.admission import Turnstile
from tests.crowd import Caller, Frame, callers, dial_all, until
from tests.house import House, open_house
from tests.people import Person

CROWD = 300
BETWEEN_MOST = 96
"""Clients that are let in between two deliveries."""


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, {"LIMITS__SOCKETS_PER_PERSON": "1000"}) as house:
        yield house


class Storm:
    """A crowd that hears one room, and one listener of another in which Ann posts meanwhile."""

    def __init__(self, house: House, ann: Person, ear: Caller, crowd: list[Caller]) -> None:
        self.house = house
        self.ann = ann
        self.ear = ear
        self.crowd = crowd
        self.greeted = 0
        """Clients of the crowd that were let in so far."""
        self.between: list[int] = []
        """Clients that were let in between each two posts that the listener got."""
        self._before = 0

    def crowd_heard(self, caller: Caller, frame: Frame) -> None:
        self.greeted += frame["t"] == "welcome"

    def ear_heard(self, caller: Caller, frame: Frame) -> None:
        assert frame["t"] != "error", frame
        if frame["t"] == "entry":
            self.between.append(self.greeted - self._before)
            self._before = self.greeted

    async def come(self) -> None:
        """All dial at once; the next post is sent when the listener has the one before."""
        self._before = self.greeted
        goal = self.greeted + len(self.crowd)
        coming = asyncio.ensure_future(dial_all(self.crowd, self.house.port))
        while self.greeted < goal or not all(caller.live for caller in self.crowd):
            heard = len(self.between)
            post = {"t": "post", "id": 1, "room": self.ear.room, "client_id": new_id()}
            self.ear.send({**post, "text": "still here"})
            await until(lambda heard=heard: len(self.between) > heard)  # type: ignore[misc]
        await coming


async def storm_of(house: House, number: int) -> Storm:
    ann = await house.person("ann", admin=True)
    await ann.connect()
    hall, kitchen = next(iter(await ann.rooms())), await ann.make_room("Kitchen")
    storm = Storm(house, ann, Caller(b"", kitchen, lambda *_: None), [])
    (storm.ear,) = callers(house, [ann], kitchen, 1, storm.ear_heard)
    storm.crowd = callers(house, [ann], hall, number, storm.crowd_heard)
    await storm.ear.dial(house.port)
    await until(lambda: storm.ear.live)
    return storm


async def test_what_is_live_goes_out_while_a_crowd_comes_in(house: House) -> None:
    storm = await storm_of(house, CROWD)
    await storm.come()
    assert storm.greeted == CROWD
    assert max(storm.between) <= BETWEEN_MOST < CROWD / 3
    for caller in storm.crowd:
        caller.hang_up()
    storm.ear.hang_up()


async def test_who_comes_back_gets_exactly_what_was_missed(house: House) -> None:
    storm = await storm_of(house, CROWD)
    await storm.come()
    hall = storm.crowd[0].room
    for caller in storm.crowd:
        caller.hang_up()
    await house.fill(storm.ann, hall, [f"missed {number}" for number in range(30)])
    await storm.come()
    head = (await storm.ann.rooms())[hall]["seq"]
    await until(lambda: all((caller.place or (0,))[0] >= head for caller in storm.crowd))
    assert [fault for caller in storm.crowd for fault in caller.faults] == []
    assert max(storm.between) <= BETWEEN_MOST
    for caller in (*storm.crowd, storm.ear):
        caller.hang_up()


async def test_a_turnstile_lets_a_few_through_in_a_turn_first_come_first_served() -> None:
    turnstile, passed = Turnstile(3), list[int]()

    async def come(number: int) -> None:
        await turnstile.passed()
        passed.append(number)

    coming = [asyncio.ensure_future(come(number)) for number in range(10)]
    await asyncio.sleep(0)
    coming[1].cancel()
    turns = []
    while not all(task.done() for task in coming):
        before = len(passed)
        await asyncio.sleep(0)
        turns.append(len(passed) - before)
    assert passed == [0, 2, 3, 4, 5, 6, 7, 8, 9]
    assert max(turns) == 3
