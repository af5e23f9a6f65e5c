"""5,000 clients come back in the same second, to the program as people run it."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from core.ids import new_id
from tests.crowd import Caller, Frame, callers, dial_all, until
from tests.people import Person
from tests.start.server import Server, running
from web.serving import raise_open_files

CROWD, PEOPLE = 5000, 50
LIVE_AGAIN = 60.0
"""Seconds: what is promised."""
PAUSE = 0.05


class Posting:
    """Somebody who posts on their own socket, one message after the other."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.waits: list[float] = []
        """Seconds from each post until it was heard."""

    def news(self, caller: Caller, frame: Frame) -> None:
        if frame["t"] == "entry":
            self.heard.set()

    async def go_on(self, caller: Caller, until_done: asyncio.Future[None]) -> None:
        while not until_done.done():
            self.heard.clear()
            begin = time.monotonic()
            post = {"t": "post", "id": 1, "room": caller.room, "client_id": new_id()}
            caller.send({**post, "text": "still here"})
            async with asyncio.timeout(20):
                await self.heard.wait()
            self.waits.append(time.monotonic() - begin)
            await asyncio.sleep(PAUSE)


async def crowd_of(server: Server, room: str) -> list[Caller]:
    people = [await server.person(f"person{number}") for number in range(PEOPLE)]
    return callers(server, people, room, CROWD, lambda *_: None)


async def all_live(crowd: list[Caller], port: int) -> float:
    """Dial all at once; seconds until all are live."""
    begin = time.monotonic()
    await dial_all(crowd, port)
    while not all(caller.live for caller in crowd):
        if time.monotonic() - begin > LIVE_AGAIN:
            missing = [caller for caller in crowd if not caller.live]
            raise AssertionError(f"{len(missing)} are not live: {missing[0].refused!r}")
        await asyncio.sleep(PAUSE)
    return time.monotonic() - begin


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_5000_come_back_at_once(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """First while somebody posts, then after the server was killed."""
    raise_open_files()
    async with running(tmp_path / "data", {"LIMITS__SOCKETS_PER_PERSON": "200"}) as server:
        ann: Person = await server.person("ann", admin=True)
        hall, kitchen = next(iter(await ann.rooms())), await ann.make_room("Kitchen")
        crowd, posting = await crowd_of(server, hall), Posting()
        (ear,) = callers(server, [ann], kitchen, 1, posting.news)
        await ear.dial(server.port)
        await until(lambda: ear.live)
        first = await all_live(crowd, server.port)
        for caller in crowd:
            caller.hang_up()
        await ann.post(hall, "missed")
        coming = asyncio.ensure_future(all_live(crowd, server.port))
        await posting.go_on(ear, coming)  # type: ignore[arg-type]
        second = await coming
        await server.stop(signal.SIGKILL)
        await until(lambda: not any(caller.live for caller in crowd))
        await server.start()
        third = await all_live(crowd, server.port)
        for caller in (*crowd, ear):
            caller.hang_up()
    record_property("seconds until all were live", [first, second, third])
    record_property("seconds from each post until it was heard", posting.waits)
    assert posting.waits
    assert [fault for caller in crowd for fault in caller.faults] == []
