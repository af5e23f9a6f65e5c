"""Handshakes and frames with chance damage, for a bounded time: the server answers or closes, logs
no traceback, does not grow, and others do not notice. A seed makes each run the same.
"""

from __future__ import annotations

import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.memory import rss, sockets
from tests.faults.raw import TEXT, Raw, dialled, frame, handshake, split, text
from tests.people import Person
from tests.start.server import Server, running
from tests.wires import Wire

GROWTH = 32 * 2**20
LINES = (
    b"Content-Length: 5\r\n",
    b"Content-Length: 0\r\nContent-Length: 7\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    b"Transfer-Encoding: xchunked\r\n",
    b"Host: elsewhere\r\n",
    b"Origin: http://elsewhere\r\n",
    b"Sec-WebSocket-Version: 8\r\n",
    b"Sec-WebSocket-Key: \r\n",
    b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=99\r\n",
    b"Sec-WebSocket-Protocol: ,,,chatelaine.ticket.\r\n",
    b"Cookie: session=2|1:0|;;;=;\r\n",
    b"Expect: 100-continue\r\n",
    b"X: " + b"x" * 5_000 + b"\r\n",
    b"X: " + b"x" * 70_000 + b"\r\n",
    b" folded: line\r\n",
    b"no colon\r\n",
    b": no name\r\n",
    b"X: nul\0\r\n",
    b"X: only a line feed\n",
)
BLOCKS = (b"\0", b"\xff", b"\r\n", b"\r\n\r\n", b"\x7f\xff", b"\x80" * 9, b"{" * 50)


class Chance:
    """Damages bytes."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def handshake(self, good: bytes) -> bytes:
        lines = good.splitlines(keepends=True)
        for _ in range(self._random.randint(1, 3)):
            at = self._random.randrange(1, len(lines))
            match self._random.randrange(4):
                case 0:
                    lines.insert(at, self._random.choice(LINES))
                case 1:
                    lines.insert(at, self._random.choice(lines))
                case 2 if len(lines) > 2:
                    del lines[at]
                case _:
                    lines[at] = self.damaged(lines[at])
        return b"".join(lines)

    def frames(self) -> bytes:
        good = (
            text({"t": "ping", "id": 1}),
            text({"t": "typing", "room": "x"}),
            split(b'{"t":"ping","id":1}', 4, 4),
            frame(self._random.randrange(16), self._random.randbytes(self._random.randrange(200))),
            frame(TEXT, self._random.randbytes(self._random.randrange(2_000))),
        )
        chosen = b"".join(self._random.choices(good, k=self._random.randint(1, 6)))
        return chosen if self._random.random() < 0.2 else self.damaged(chosen)

    def damaged(self, good: bytes) -> bytes:
        bad = bytearray(good)
        for _ in range(self._random.randint(1, 4)):
            at = self._random.randrange(len(bad) + 1)
            match self._random.randrange(4):
                case 0:
                    bad[at:at] = self._random.choice(BLOCKS)
                case 1:
                    del bad[at : at + self._random.randrange(1, 20)]
                case 2:
                    bad[at:at] = bad[at : at + self._random.randrange(1, 40)]
                case _ if at < len(bad):
                    bad[at] ^= 1 << self._random.randrange(8)
        return bytes(bad)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with running(tmp_path / "data") as server:
        yield server


async def knock(person: Person, first: bytes) -> None:
    """It is answered with a status, or closed without a word."""
    async with dialled(person, first) as raw:
        raw.end()
        head = await raw.rest()
        assert head == b"" or head.startswith(b"HTTP/1.1 "), head[:100]
        assert b"Traceback" not in head and not head.startswith(b"HTTP/1.1 500")


async def babble(person: Person, frames: bytes) -> None:
    """It is answered, or closed."""
    async with dialled(person) as raw:
        await raw.answered()
        assert raw.head.startswith(b"HTTP/1.1 101")
        await raw.send([frames])
        raw.end()
        await read_out(raw)


async def read_out(raw: Raw) -> None:
    with suppress(ConnectionError):
        await raw.rest()


async def fuzz(server: Server, seed: int, seconds: float) -> int:
    ann, bo = await server.person("ann", admin=True), await server.person("bo")
    room = await ann.make_room("Kitchen")
    ear = await ann.connect(room)
    chance, good = Chance(seed), handshake(bo)
    for _ in range(20):
        await babble(bo, chance.frames())
    before, held, tries = rss(server.pid), sockets(server.pid), 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await knock(bo, chance.handshake(good))
        await babble(bo, chance.frames())
        await ear.settled()
        tries += 1
    await _all_let_go(server, ear, held)
    assert rss(server.pid) - before < GROWTH
    await ear.heard(room, (await ann.post(room, "all the same"))["seq"])
    return tries


async def _all_let_go(server: Server, ear: Wire, held: int) -> None:
    while sockets(server.pid) > held + 1:
        await ear.settled()


async def test_for_a_few_seconds(server: Server) -> None:
    assert await fuzz(server, seed=1, seconds=3) > 10


@pytest.mark.soak
@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", [2, 3])
async def test_for_minutes(server: Server, seed: int) -> None:
    assert await fuzz(server, seed, seconds=100) > 500
