"""Thousands of clients in one process: each a socket, a handful of bytes, and what it last heard.

They keep nothing but what a client needs to come back, and are cheap enough that the server is
what is measured.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tests.house import Place
from tests.people import AGENT, Asker

Frame = dict[str, Any]
TEXT, CLOSE = 0x81, 0x88


class Caller(asyncio.Protocol):
    """One client that hears one room. ``news`` is told every frame, as it comes."""

    def __init__(self, head: bytes, room: str, news: Callable[[Caller, Frame], None]) -> None:
        self.room = room
        self.place: tuple[int, str] | None = None
        """The last seq that it has of the room, and the log's tag."""
        self.live = False
        self.refused = b""
        self.faults: list[str] = []
        self.transport: asyncio.Transport | None = None
        self._head = head
        self._news = news
        self._heard = b""
        self._upgraded = False

    # --- the connection --------------------------------------------------------------------------

    async def dial(self, port: int) -> None:
        """Until TCP has the connection; the rest comes by itself."""
        loop = asyncio.get_running_loop()
        self._heard, self._upgraded, self.live = b"", False, False
        await loop.create_connection(lambda: self, "127.0.0.1", port)

    def hang_up(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self._head)

    def connection_lost(self, error: Exception | None) -> None:
        self.live = False
        self.transport = None

    def data_received(self, data: bytes) -> None:
        self._heard += data
        if not self._upgraded:
            head, ended, rest = self._heard.partition(b"\r\n\r\n")
            if not ended:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self.refused = head
                return
            self._upgraded, self._heard = True, rest
        while (cut := _frame_end(self._heard)) is not None:
            begin, end = cut
            kind, body, self._heard = self._heard[0], self._heard[begin:end], self._heard[end:]
            if kind == TEXT:
                self._take(json.loads(body))

    # --- the protocol ----------------------------------------------------------------------------

    def send(self, frame: Frame) -> None:
        body = json.dumps(frame).encode()
        size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2)
        assert self.transport
        self.transport.write(bytes([TEXT]) + size + bytes(4) + body)

    def _take(self, frame: Frame) -> None:
        if frame["t"] == "welcome":
            known = dict(zip(("seq", "tag"), self.place, strict=True)) if self.place else {}
            self.send({"t": "subscribe", "id": 1, "rooms": [{"room": self.room, **known}]})
        elif frame["t"] == "subscribed":
            self._begin((frame["seq"], frame["tag"]), reload=frame.get("reload", False))
        elif frame["t"] == "entry":
            self._follow((frame["seq"], frame["tag"]))
        self._news(self, frame)

    def _begin(self, place: tuple[int, str], *, reload: bool) -> None:
        if self.place not in (None, place) and not reload:
            self.faults.append(f"had {self.place}, goes on from {place}")
        self.place, self.live = place, True

    def _follow(self, place: tuple[int, str]) -> None:
        if self.place is None or place != (self.place[0] + 1, self.place[1]):
            self.faults.append(f"{place} after {self.place}")
        self.place = place


def callers(
    house: Place,
    people: Sequence[Asker],
    room: str,
    number: int,
    news: Callable[[Caller, Frame], None],
) -> list[Caller]:
    """As many as ``number``, of these people by turns; none has dialled yet."""
    heads = [handshake(house, person) for person in people]
    return [Caller(heads[place % len(heads)], room, news) for place in range(number)]


def handshake(house: Place, person: Asker) -> bytes:
    """The request that opens somebody's socket."""
    lines = {
        "Host": house.host,
        "Origin": house.origin,
        "User-Agent": AGENT,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Protocol": "chatelaine.1",
        **person.own_headers("GET"),
    }
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"GET /socket HTTP/1.1\r\n{text}\r\n".encode()


async def dial_all(crowd: Iterable[Caller], port: int) -> None:
    """All in the same moment."""
    await asyncio.gather(*(caller.dial(port) for caller in crowd))


async def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - looks as often as the loop turns
            await asyncio.sleep(0)


def _frame_end(heard: bytes) -> tuple[int, int] | None:
    """Where the body of the first frame begins and ends; None while it is not there."""
    if len(heard) < 2:
        return None
    size, begin = heard[1] & 0x7F, 2
    if size > 125:
        begin = 4 if size == 126 else 10
        size = int.from_bytes(heard[2:begin])
    return (begin, begin + size) if len(heard) >= begin + size and len(heard) >= begin else None
