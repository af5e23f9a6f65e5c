"""The machine's clock is an hour wrong, and wrong again: order, ends and log-ins do not follow it.

The same over random histories, with a clock inside of the program: tests/histories,
tests/rooms/test_expiry.py.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import faketime
from tests.faults.crowd import gather
from tests.people import Person
from tests.start.server import Server, running

HOUR = 3_600
NEAR = 60_000
"""Milliseconds between two looks at the same clock."""


@pytest.fixture
async def wrong(tmp_path: Path) -> AsyncIterator[tuple[Server, WrongClock]]:
    if faketime.find() is None:
        pytest.skip("no libfaketime")
    clock = WrongClock(tmp_path / "clock")
    sees = faketime.environment(tmp_path / "clock")
    async with running(tmp_path / "data", environ=sees) as server:
        yield server, clock


class WrongClock:
    """Of one server, in seconds off."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.off = 0
        self.jump(0)

    def jump(self, off: int) -> None:
        self.off = off
        new = self._file.with_suffix(".new")
        new.write_text(f"{off:+d}\n")
        new.rename(self._file)

    def now(self) -> int:
        """In ms, as the server has it."""
        return int((time.time() + self.off) * 1000)


async def mute(ann: Person, room: str, whom: Person, until: int) -> None:
    caps = [{"person": whom.id, "kind": "mute", "until": until, "why": "a test"}]
    await ann.api("POST", f"rooms/{room}/access", {"caps": caps})


async def jump(clock: WrongClock, person: Person, off: int) -> None:
    """And wait until the server sees it."""
    clock.jump(off)
    while True:
        wire = await person.connect()
        seen = (await wire.frame("welcome"))["now"]
        await wire.hang_up()
        if abs(seen - clock.now()) < NEAR:
            return


async def test_order_and_log_ins(wrong: tuple[Server, WrongClock]) -> None:
    server, clock = wrong
    crowd = await gather(server)
    people = [crowd.ann, *(talker.person for talker in crowd.talkers)]
    async with crowd.talking(posts=40):
        for number, off in enumerate((-HOUR, HOUR, 0)):
            await crowd.progress.reached(30 * (number + 1))
            await jump(clock, crowd.ann, off)
            for person in people:
                assert (await person.page("/")).status == 200, "still logged in"
    await crowd.agree()
    await server.stop()
    await server.start()
    await crowd.agree()


async def test_ends(wrong: tuple[Server, WrongClock]) -> None:
    """What has an end ends by the server's clock, once: back then, it does not begin again."""
    server, clock = wrong
    ann, bo = await server.person("ann", admin=True), await server.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    wire = await bo.connect(room)
    await mute(ann, room, bo, clock.now() + HOUR // 2 * 1000)
    assert (await wire.post(room, "muted"))["code"] == "post_not_allowed"
    await jump(clock, ann, -HOUR)
    assert (await wire.post(room, "still muted"))["code"] == "post_not_allowed"
    await jump(clock, ann, HOUR)
    assert (await wire.post(room, "not any more"))["t"] == "posted"
    await jump(clock, ann, 0)
    assert (await wire.post(room, "nor now"))["t"] == "posted"
    await wire.settled()
    times = [entry["at"] for entry in wire.notes.entries[room]]
    assert times == sorted(times) and len(times) > 2
