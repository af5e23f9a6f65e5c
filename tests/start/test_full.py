"""A server that cannot take more: out of files, or beset by those who connect and say nothing."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.ids import new_id
from tests.crowd import Caller, Frame, callers, dial_all, until
from tests.people import Person
from tests.start.server import Server, running
from web.accepting import RESERVE, WAITING_MOST
from web.serving import raise_open_files

FILES = 140


@contextmanager
def silent(server: Server, number: int, says: bytes = b"") -> Iterator[list[socket.socket]]:
    """So many connections of somebody who says no more than this."""
    raise_open_files()
    lines: list[socket.socket] = []
    try:
        for _ in range(number):
            line = socket.socket()
            line.settimeout(20)
            line.connect(("127.0.0.1", server.port))
            line.sendall(says)
            lines.append(line)
        yield lines
    finally:
        for line in lines:
            line.close()


class Ear:
    """Posts over its own socket, and hears it."""

    def __init__(self, server: Server, who: Person, room: str) -> None:
        self.heard = 0
        (self.caller,) = callers(server, [who], room, 1, self._news)
        self._port = server.port

    def _news(self, caller: Caller, frame: Frame) -> None:
        self.heard += frame["t"] == "entry"

    async def listen(self) -> None:
        await self.caller.dial(self._port)
        await until(lambda: self.caller.live)

    async def says_and_hears(self) -> None:
        before = self.heard
        post = {"t": "post", "id": 1, "room": self.caller.room, "client_id": new_id()}
        self.caller.send({**post, "text": "hello"})
        await until(lambda: self.heard > before)


async def test_out_of_files(tmp_path: Path) -> None:
    """Who is in goes on, the database too; nothing spins; others come in once files are free."""
    many = {"LIMITS__SOCKETS_PER_PERSON": "1000"}
    async with running(tmp_path / "data", many, most_files=FILES) as server:
        ann = await server.person("ann", admin=True)
        ear = Ear(server, ann, await ann.make_room("Kitchen"))
        await ear.listen()
        crowd = callers(server, [ann], ear.caller.room, FILES, lambda *_: None)
        await dial_all(crowd, server.port)
        await until(lambda: open_files(server) >= FILES - RESERVE)
        begin = server.cpu()
        for _ in range(20):
            await ear.says_and_hears()
            await asyncio.sleep(0.05)
        assert server.cpu() - begin < 0.8, "it waits instead of spinning"
        inside = [caller for caller in crowd if caller.live]
        assert FILES / 2 < len(inside) < FILES - 20
        assert open_files(server) <= FILES - RESERVE / 2, "the rest is left to the database"
        for caller in inside:
            caller.hang_up()
        await until(lambda: all(caller.live for caller in crowd if caller not in inside))
        await ear.says_and_hears()
        for caller in (*crowd, ear.caller):
            caller.hang_up()
        assert await server.stop() == 0
        assert server.errors.count("open files") == 1


def open_files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.pid}/fd").iterdir()))


@pytest.mark.parametrize("says", [b"", b"GET / HTTP/1.1\r\nHost: loc"], ids=["nothing", "half"])
async def test_thousands_who_ask_for_nothing_keep_nobody_out(tmp_path: Path, says: bytes) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        ear, late = Ear(server, ann, room), Ear(server, ann, room)
        await ear.listen()
        with silent(server, WAITING_MOST + 500, says):
            assert (await ann.page("/")).status == 200
            await late.listen()
            await ear.says_and_hears()
        for one in (ear, late):
            one.caller.hang_up()


async def test_who_asks_for_nothing_is_cut_off_in_time(tmp_path: Path) -> None:
    """Also who sends a byte of the headers now and then."""
    more = {"LIMITS__IDLE_SECONDS": "2", "LIMITS__BODY_SECONDS": "2"}
    async with running(tmp_path / "data", more) as server:
        begun = (b"", b"GET / HTTP/1.1\r\nX: ", b"POST / HTTP/1.1\r\nContent-Length: 90\r\n\r\n")
        for says in begun:
            with silent(server, 1, says) as (line,):
                line.setblocking(False)
                await _cut_off(line)


async def _cut_off(line: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(20):
        while True:
            try:
                async with asyncio.timeout(0.2):
                    if await loop.sock_recv(line, 1_000) == b"":
                        return
            except ConnectionError:
                return
            except TimeoutError:
                line.send(b"x")
