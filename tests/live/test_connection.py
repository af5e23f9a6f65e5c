"""What may wait for one connection: a backlog, or one frame of any size, and nothing beyond."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from tornado.iostream import IOStream

from core.records import Person
from live.connection import FELL_BEHIND, Connection

BACKLOG = 65_536
LARGE = b"x" * 40 * BACKLOG
"""More than the kernel holds."""


@dataclass
class Line:
    """A connection, and its peer."""

    connection: Connection
    stream: IOStream
    peer: socket.socket
    codes: list[int] = field(default_factory=list)

    async def read(self, size: int) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(20):
            while size > 0:
                size -= len(await loop.sock_recv(self.peer, size))

    @property
    def waiting(self) -> int:
        return len(self.stream._write_buffer)


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    here, peer = socket.socketpair()
    for end in (here, peer):
        end.setblocking(False)
    stream, codes = IOStream(here), list[int]()
    connection = Connection(stream, Person("a", "ann"), BACKLOG, codes.append)
    yield Line(connection, stream, peer, codes)
    stream.close()
    peer.close()


async def test_a_frame_of_any_size_is_taken_when_nothing_waits(line: Line) -> None:
    for _ in range(2):
        line.connection.send(LARGE)
        assert line.waiting > BACKLOG
        await line.read(len(LARGE))
        await line.connection.drained()
    assert (line.codes, line.connection.closed) == ([], False)


async def test_nothing_follows_it_while_it_waits(line: Line) -> None:
    line.connection.send(LARGE)
    line.connection.send(b"x")
    assert (line.codes, line.connection.closed) == ([FELL_BEHIND], True)


async def test_a_large_frame_does_not_follow_what_waits(line: Line) -> None:
    while not line.waiting:
        line.connection.send(b"x" * 1_000)
    line.connection.send(LARGE)
    assert (line.codes, line.connection.closed) == ([FELL_BEHIND], True)
    assert line.waiting <= BACKLOG


async def test_small_frames_wait_up_to_the_backlog(line: Line) -> None:
    while not line.connection.closed:
        line.connection.send(b"x" * 1_000)
    assert BACKLOG - 1_000 < line.waiting <= BACKLOG
    assert line.codes == [FELL_BEHIND]


async def test_the_allowance_for_one_large_frame_ends_with_it(line: Line) -> None:
    line.connection.send(LARGE)
    await line.read(len(LARGE))
    await line.connection.drained()
    while not line.connection.closed:
        line.connection.send(b"x" * 1_000)
    assert line.waiting <= BACKLOG
