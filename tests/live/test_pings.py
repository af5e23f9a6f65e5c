"""Who is silent is asked, and cut off if still silent."""

from __future__ import annotations

import asyncio

import pytest

from live.pings import ROUND, Pings
from tests.live.client_frames import PING, PONG, TEXT, Got, frame
from tests.live.pairs import Behind, Pairs, on_every_wire, until
from tests.live.stepping import on_a_stepped_loop, pass_time, quiet

EVERY = 5


class Someone:
    """`live.pings.Peer`"""

    def __init__(self) -> None:
        self.silent = 0
        self.is_busy = False
        self.asked = 0
        self.cuts = 0

    def send(self, sent: bytes) -> None:
        assert sent == b"\x89\x00"
        self.asked += 1

    def cut(self) -> None:
        self.cuts += 1


async def begin(*peers: Someone) -> None:
    asyncio.get_running_loop().create_task(Pings(lambda: peers, EVERY).run())
    await quiet()


@on_a_stepped_loop
async def test_the_silent_are_asked_once_and_then_cut_off() -> None:
    peer = Someone()
    await begin(peer)
    told = []
    for _ in range(2 * EVERY):
        await pass_time(ROUND)
        told.append((peer.asked, peer.cuts))
    assert told == [(0, 0)] * (EVERY - 1) + [(1, 0)] * EVERY + [(1, 1)]


@pytest.mark.parametrize("after", [1, EVERY - 1, EVERY, 2 * EVERY - 1])
@on_a_stepped_loop
async def test_anything_that_is_heard_begins_it_anew(after: int) -> None:
    peer = Someone()
    await begin(peer)
    await pass_time(after * ROUND)
    peer.silent, asked = 0, peer.asked
    await pass_time((EVERY - 1) * ROUND)
    assert (peer.asked, peer.cuts) == (asked, 0)
    await pass_time(EVERY * ROUND)
    assert (peer.asked, peer.cuts) == (asked + 1, 0)
    await pass_time(ROUND)
    assert peer.cuts == 1


@on_a_stepped_loop
async def test_who_is_not_read_because_of_us_is_left_alone() -> None:
    peer = Someone()
    await begin(peer)
    await pass_time((2 * EVERY - 1) * ROUND)
    peer.is_busy = True
    await pass_time(5 * EVERY * ROUND)
    assert (peer.asked, peer.cuts) == (1, 0)
    peer.is_busy = False
    await pass_time(ROUND)
    assert peer.cuts == 1


@on_a_stepped_loop
async def test_others_run_between_any_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """And who comes or goes meanwhile is no trouble."""
    monkeypatch.setattr("live.pings.AT_ONCE", 2)
    peers = [Someone() for _ in range(7)]
    turns: list[int] = []

    async def another() -> None:
        while not peers[-1].silent:
            turns.append(sum(peer.silent for peer in peers))
            await asyncio.sleep(0)

    running = asyncio.get_running_loop().create_task(Pings(lambda: iter(peers), EVERY).run())
    await quiet()
    looking = asyncio.get_running_loop().create_task(another())
    await pass_time(ROUND)
    assert looking.done()
    assert {2, 4, 6} <= set(turns)
    await pass_time(ROUND)
    assert [peer.silent for peer in peers] == [2] * 7
    assert not running.done()


@on_every_wire
async def test_over_a_real_connection(pairs: Pairs) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.pings.ROUND", 0.001)
        user = Behind()
        connection, peer = pairs.connection(user)
        pings = asyncio.ensure_future(Pings(lambda: [connection], 50).run())
        for number in range(2):
            assert await peer.got(number + 1) == [Got(PING, b"")] * (number + 1)
            peer.send(frame(PONG) if number else frame(TEXT, b"a"))
            await until(lambda: connection.silent < 50)
        assert (user.messages, user.disturbances, user.stops) == (["a"], 1, 0)
        assert await peer.end() == [Got(PING, b"")] * 3
        assert user.stops == 1
        pings.cancel()
