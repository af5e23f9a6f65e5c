"""Peers that go away in the middle of the handshake leave nothing behind."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable

import pytest

from api.socket import Socket
from tests.house import House
from tests.people import Person
from tests.wires import PATIENCE

TIMES = 40
End = Callable[[asyncio.StreamWriter], None]
ABORTIVE = struct.pack("ii", 1, 0)


async def knock(person: Person) -> asyncio.StreamWriter:
    """A connection over which the upgrade was asked for, and nothing read."""
    house = person.house
    _, writer = await asyncio.open_connection(
        "127.0.0.1", house.port, local_addr=(person.address, 0)
    )
    headers = {
        "Host": house.host,
        "Origin": house.origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **person.own_headers("GET"),
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET /socket HTTP/1.1\r\n{lines}\r\n".encode())
    return writer


def by_fin(writer: asyncio.StreamWriter) -> None:
    writer.close()


def by_reset(writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORTIVE)
    writer.close()


class Handshakes:
    """The server's handlers as they begin, hear of their peer's end, and are done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: asyncio.Queue[None] = asyncio.Queue()
        self.told: asyncio.Queue[None] = asyncio.Queue()
        self.done: asyncio.Queue[None] = asyncio.Queue()
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        get, on_close = Socket.get, Socket.on_close

        async def observed(handler: Socket) -> None:
            self.begun.put_nowait(None)
            await self.may_answer.wait()
            try:
                await get(handler)
            finally:
                self.done.put_nowait(None)

        def heard(handler: Socket) -> None:
            on_close(handler)
            self.told.put_nowait(None)

        monkeypatch.setattr(Socket, "get", observed)
        monkeypatch.setattr(Socket, "on_close", heard)


@pytest.fixture
def handshakes(monkeypatch: pytest.MonkeyPatch) -> Handshakes:
    return Handshakes(monkeypatch)


endings = pytest.mark.parametrize("end", [by_fin, by_reset])


@endings
async def test_gone_before_the_answer(house: House, handshakes: Handshakes, end: End) -> None:
    ann = await house.person("ann", admin=True)
    handshakes.may_answer.clear()
    writers = [await knock(ann) for _ in range(TIMES)]
    await all_of(handshakes.begun)
    for writer in writers:
        end(writer)
    await all_of(handshakes.told)
    handshakes.may_answer.set()
    await all_of(handshakes.done)
    assert list(house.chatelaine.sockets) == []
    await (await ann.connect()).settled()


@endings
async def test_gone_at_any_moment(house: House, handshakes: Handshakes, end: End) -> None:
    """The first at once, each later one a turn of the loop later."""
    ann = await house.person("ann", admin=True)
    for turns in range(TIMES):
        writer = await knock(ann)
        for _ in range(turns):
            await asyncio.sleep(0)
        end(writer)
    wire = await ann.connect()
    while handshakes.begun.qsize() > handshakes.done.qsize() + 1:
        await wire.settled()
    assert handshakes.begun.qsize() > 1
    assert len(list(house.chatelaine.sockets)) == 1, "only the one that is open"


async def all_of(queue: asyncio.Queue[None]) -> None:
    async with asyncio.timeout(PATIENCE):
        for _ in range(TIMES):
            await queue.get()
