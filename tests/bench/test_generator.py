"""The load generator finds what a server does wrong."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.asyncio.server import Server, ServerConnection, broadcast, serve

from bench.generator import FAULTS

Everyone = set[ServerConnection]
HandOut = Callable[[Everyone, int, str], Awaitable[None]]
"""Told who is connected, the how-manieth text it is, and the text."""


@asynccontextmanager
async def toy(hand_out: HandOut) -> AsyncIterator[int]:
    """A server whose way of handing out a text is given; its port."""
    everyone: Everyone = set()
    texts = 0

    async def chat(one: ServerConnection) -> None:
        nonlocal texts
        everyone.add(one)
        async for text in one:
            texts += 1
            await hand_out(everyone, texts, str(text))

    async with serve(chat, "127.0.0.1", 0, compression=None) as server:
        yield _port(server)


def _port(server: Server) -> int:
    return int(next(iter(server.sockets)).getsockname()[1])


async def loaded(programs: Path, port: int, **more: float) -> Mapping[str, float]:
    """What the generator says after 40 posts to 5 listeners."""
    options = {"port": port, "clients": 5, "rate": 200, "warm": 0, "seconds": 0.2, **more}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    process = await asyncio.create_subprocess_exec(
        programs / "load", *words, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    found: dict[str, float] = json.loads(said)
    return found


def faults(found: Mapping[str, float]) -> dict[str, float]:
    return {name: found[name] for name in FAULTS if found[name]}


async def rightly(everyone: Everyone, number: int, text: str) -> None:
    broadcast(everyone, text)


async def test_a_good_server_has_no_faults(programs: Path) -> None:
    async with toy(rightly) as port:
        found = await loaded(programs, port)
    assert faults(found) == {}
    assert found["posts"] >= 40
    assert found["deliveries"] == 5 * found["posts"]
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]


async def test_what_did_not_come_is_missing(programs: Path) -> None:
    async def lose_the_tenth(everyone: Everyone, number: int, text: str) -> None:
        one = min(everyone, key=id)
        broadcast(everyone - {one} if number == 10 else everyone, text)

    async with toy(lose_the_tenth) as port:
        assert faults(await loaded(programs, port, drain=0.3)) == {"missing": 1}


async def test_what_came_twice_is_doubled(programs: Path) -> None:
    async def double_the_tenth(everyone: Everyone, number: int, text: str) -> None:
        broadcast(everyone, text)
        if number == 10:
            broadcast({min(everyone, key=id)}, text)

    async with toy(double_the_tenth) as port:
        assert faults(await loaded(programs, port)) == {"doubled": 1}


async def test_what_came_too_late_is_out_of_order(programs: Path) -> None:
    kept: list[str] = []

    async def swap_two(everyone: Everyone, number: int, text: str) -> None:
        if number == 10:
            kept.append(text)
            return
        broadcast(everyone, text)
        if kept:
            broadcast(everyone, kept.pop())

    async with toy(swap_two) as port:
        assert faults(await loaded(programs, port)) == {"misordered": 5}


WRONG = {"reserved": b"\xc1\x02hi", "masked": b"\x81\x82aaaahi", "unfinished": b"\x01\x02hi"}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_frames_that_no_server_may_send_are_counted(programs: Path, wrong: bytes) -> None:
    async def add_a_frame(everyone: Everyone, number: int, text: str) -> None:
        broadcast(everyone, text)
        if number == 10:
            min(everyone, key=id).transport.write(wrong)

    async with toy(add_a_frame) as port:
        assert faults(await loaded(programs, port)) == {"bad_frames": 1}


async def test_who_hangs_up_is_noticed(programs: Path) -> None:
    async def hang_up(everyone: Everyone, number: int, text: str) -> None:
        if number == 10:
            everyone.pop().transport.abort()
        broadcast(everyone, text)

    async with toy(hang_up) as port:
        found = faults(await loaded(programs, port, drain=0.3))
    assert found["closed"] == 1
    assert found["missing"] > 0


async def test_delays_count_from_when_a_post_was_due(programs: Path) -> None:
    """A server that stands still for a while is not forgiven the posts that came meanwhile."""

    async def stand_still(everyone: Everyone, number: int, text: str) -> None:
        if number == 10:
            time.sleep(0.1)  # noqa: ASYNC251 (the whole server stands still)
        broadcast(everyone, text)

    async with toy(stand_still) as port:
        found = await loaded(programs, port)
    assert found["max_ms"] >= 100
    assert found["p50_ms"] < 100
    assert found["p99_ms"] > 50  # of 40 posts some 20 were due while it stood still
