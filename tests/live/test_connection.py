"""One socket as a listener: never waits, never raises, bounded; and frames made once."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from tornado.iostream import IOStream, StreamBufferFullError, StreamClosedError

from live.connection import FELL_BEHIND, Connection
from live.frames import text_frame
from tests.live.world import shown


class Stream:
    """As much of `IOStream` as a connection uses; nothing is read from it until `flush`."""

    def __init__(self) -> None:
        self.max_write_buffer_size = 1_000
        self.waiting: list[bytes] = []
        self.sent: list[bytes] = []
        self.cut = self.gone = False
        self.flushed: list[asyncio.Future[None]] = []

    def writing(self) -> bool:
        return bool(self.waiting)

    def write(self, frame: bytes) -> asyncio.Future[None]:
        if self.gone:
            raise StreamClosedError
        if sum(map(len, [*self.waiting, frame])) > self.max_write_buffer_size:
            raise StreamBufferFullError
        self.waiting.append(frame)
        self.flushed.append(asyncio.get_running_loop().create_future())
        return self.flushed[-1]

    def flush(self) -> None:
        self.sent += self.waiting
        self.waiting.clear()
        for future in self.flushed:
            future.set_result(None)
        self.flushed.clear()

    def close(self) -> None:
        self.cut = True


def connected(stream: Stream, backlog: int = 100) -> tuple[Connection, list[int]]:
    codes: list[int] = []

    def close(code: int) -> None:
        codes.append(code)
        stream.write(b"close")

    return Connection(cast(IOStream, stream), shown("ann"), backlog, close), codes


async def test_frames_go_out_in_order() -> None:
    connection, codes = connected(stream := Stream())
    connection.send(b"one")
    connection.send(b"two")
    stream.flush()
    assert (stream.sent, codes) == ([b"one", b"two"], [])


async def test_who_does_not_read_is_closed_to_resume_later() -> None:
    connection, codes = connected(Stream())
    connection.send(b"x" * 60)
    connection.send(b"x" * 60)
    assert connection.closed
    assert codes == [FELL_BEHIND]


async def test_even_if_the_close_frame_does_not_fit() -> None:
    connection, codes = connected(stream := Stream())
    connection.send(b"x" * 97)
    connection.send(b"x" * 97)
    assert (connection.closed, codes, stream.cut) == (True, [FELL_BEHIND], True)


async def test_one_frame_larger_than_all_is_not_falling_behind() -> None:
    connection, codes = connected(stream := Stream())
    connection.send(b"x" * 200)
    assert (connection.closed, codes) == (False, [])
    stream.flush()
    connection.send(b"x" * 50)
    assert not connection.closed


async def test_nothing_follows_the_end() -> None:
    connection, codes = connected(stream := Stream())
    connection.end(4001)
    connection.send(b"late")
    connection.fall_behind()
    assert (codes, stream.waiting) == ([4001], [b"close"])


async def test_a_peer_that_is_gone_is_noticed_and_no_error() -> None:
    stream = Stream()
    connection, codes = connected(stream)
    stream.gone = True
    connection.send(b"hello")
    assert connection.closed
    connection.end(4001)
    assert codes == [4001]


async def test_drained_waits_for_what_was_handed_over() -> None:
    connection, _ = connected(stream := Stream())
    await connection.drained()
    connection.send(b"hello")
    waiting = asyncio.ensure_future(connection.drained())
    await asyncio.sleep(0)
    assert not waiting.done()
    stream.flush()
    await waiting


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 100_000])
def test_frames_say_how_long_they_are(size: int) -> None:
    """RFC 6455, section 5.2: read back as a peer would."""
    frame = text_frame(b"x" * size)
    head, length = frame[0], frame[1]
    assert head == 0b1000_0001, "final, text"
    assert length < 128, "not masked"
    skip = {126: 2, 127: 8}.get(length, 0)
    told = int.from_bytes(frame[2 : 2 + skip], "big") if skip else length
    assert told == size
    assert frame[2 + skip :] == b"x" * size
    assert skip == (0 if size < 126 else 2 if size < 65_536 else 8), "the shortest form"
