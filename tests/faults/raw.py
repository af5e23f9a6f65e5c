"""A WebSocket client that sends whatever it is told to, byte by byte."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from tests.people import Person
from tests.wires import PATIENCE

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
CONTINUATION = 0
_MASK = b"\x37\xfa\x21\x3d"


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length: bytes | None = None,
) -> bytes:
    """``reserved``: the three bits; ``length``: the second byte (without the mask's bit) and what
    follows it, instead of the right ones."""
    first = (0x80 if fin else 0) | reserved << 4 | opcode
    told = _length(len(payload)) if length is None else length
    second = bytes([told[0] | (0x80 if masked else 0)]) + told[1:]
    return bytes([first]) + second + (_MASK + _masked(payload) if masked else payload)


def _length(size: int) -> bytes:
    if size < 126:
        return bytes([size])
    return struct.pack("!BH", 126, size) if size < 65_536 else struct.pack("!BQ", 127, size)


def _masked(payload: bytes) -> bytes:
    mask = _MASK * (len(payload) // 4 + 1)
    size = len(payload)
    together = int.from_bytes(payload, "big") ^ int.from_bytes(mask[:size], "big")
    return together.to_bytes(size, "big")


def text(said: object) -> bytes:
    """One frame of the protocol."""
    return frame(TEXT, json.dumps(said).encode())


def split(payload: bytes, *sizes: int, opcode: int = TEXT) -> bytes:
    """A message in fragments of these sizes, and one of what is left."""
    parts = []
    for size in sizes:
        parts.append(payload[:size])
        payload = payload[size:]
    parts.append(payload)
    last = len(parts) - 1
    return b"".join(
        frame(CONTINUATION if number else opcode, part, fin=number == last)
        for number, part in enumerate(parts)
    )


def handshake(person: Person, **more: str) -> bytes:
    headers = {
        "Host": person.house.host,
        "Origin": person.house.origin,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **person.own_headers("GET"),
        **more,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET /socket HTTP/1.1\r\n{lines}\r\n".encode()


@dataclass(frozen=True)
class Got:
    """A frame of the server."""

    opcode: int
    payload: bytes

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def code(self) -> int | None:
        """Of a close frame."""
        return int.from_bytes(self.payload[:2], "big") if self.payload else None


class Raw:
    """``head`` is the answer to the handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head = b""
        self._reader = reader
        self._writer = writer

    async def answered(self) -> None:
        """Until the handshake is answered."""
        async with asyncio.timeout(PATIENCE):
            self.head = await self._reader.readuntil(b"\r\n\r\n")

    async def send(self, packets: Iterable[bytes]) -> None:
        """Each in a packet of its own, as far as the network lets it; to a server that may have
        closed already."""
        with suppress(ConnectionError):
            for packet in packets:
                self._writer.write(packet)
                await self._writer.drain()

    async def frames(self) -> AsyncIterator[Got]:
        """Until the server closes, by a frame or without."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                while True:
                    first, second = await self._reader.readexactly(2)
                    assert first & 0x70 == 0 and first & 0x80, "no extension, no fragments"
                    assert second & 0x80 == 0, "a server does not mask"
                    size = await self._size(second)
                    got = Got(first & 0x0F, await self._reader.readexactly(size))
                    yield got
                    if got.opcode == CLOSE:
                        return

    async def _size(self, second: int) -> int:
        if second < 126:
            return second
        return int.from_bytes(await self._reader.readexactly(2 if second == 126 else 8), "big")

    def end(self) -> None:
        """Nothing more will be sent."""
        with suppress(OSError):
            self._writer.write_eof()

    async def rest(self) -> bytes:
        """All that still comes."""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError):
                return await self._reader.read()
        return b""

    def cut(self) -> None:
        self._writer.transport.abort()


@asynccontextmanager
async def dialled(person: Person, first: bytes | None = None) -> AsyncIterator[Raw]:
    """``first`` is sent instead of a good handshake."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", person.house.port, local_addr=(person.address, 0)
    )
    raw = Raw(reader, writer)
    await raw.send([handshake(person) if first is None else first])
    try:
        yield raw
    finally:
        raw.cut()
