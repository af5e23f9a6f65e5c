"""Client libraries that others have written, each behind the same few words."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Protocol

import websocket
from tornado.httpclient import HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from tests.people import Person

SUBPROTOCOL = "chatelaine.1"


class Library(Protocol):
    """One connection by one library."""

    async def open(self, url: str, origin: str, headers: Mapping[str, str]) -> None: ...

    async def send(self, *parts: str) -> None:
        """One message; in fragments, if the library can."""
        ...

    async def receive(self) -> str | None:
        """The next message; None when it was closed."""
        ...

    async def ping(self, payload: bytes) -> bytes:
        """Returns what the pong says."""
        ...

    async def close(self, code: int) -> None:
        """With the whole handshake of closing."""
        ...

    async def let_go(self) -> None:
        """After the other side has closed."""
        ...

    @property
    def code(self) -> int | None:
        """With which it was closed."""
        ...


class Websockets:
    _connection: ClientConnection

    async def open(self, url: str, origin: str, headers: Mapping[str, str]) -> None:
        self._connection = await connect(
            url, origin=Origin(origin), additional_headers=headers, proxy=None
        )

    async def send(self, *parts: str) -> None:
        await self._connection.send(list(parts) if len(parts) > 1 else parts[0])

    async def receive(self) -> str | None:
        try:
            return str(await self._connection.recv())
        except ConnectionClosed:
            return None

    async def ping(self, payload: bytes) -> bytes:
        await (await self._connection.ping(payload))
        return payload

    async def close(self, code: int) -> None:
        await self._connection.close(code)

    async def let_go(self) -> None:
        await self._connection.wait_closed()

    @property
    def code(self) -> int | None:
        return self._connection.close_code


class Tornados:
    """Tornado's own; it cannot fragment."""

    _connection: WebSocketClientConnection

    async def open(self, url: str, origin: str, headers: Mapping[str, str]) -> None:
        request = HTTPRequest(url, headers={**headers, "Origin": origin})
        self._connection = await websocket_connect(request, subprotocols=[SUBPROTOCOL])
        self._pongs: asyncio.Queue[bytes] = asyncio.Queue()
        self._connection.on_pong = self._heard  # type: ignore[method-assign]

    def _heard(self, data: bytes) -> None:
        self._pongs.put_nowait(data)

    async def send(self, *parts: str) -> None:
        await self._connection.write_message("".join(parts))

    async def receive(self) -> str | None:
        message = await self._connection.read_message()
        return None if message is None else str(message)

    async def ping(self, payload: bytes) -> bytes:
        self._connection.ping(payload)
        return await self._pongs.get()

    async def close(self, code: int) -> None:
        self._connection.close(code)
        while await self._connection.read_message() is not None:
            pass

    async def let_go(self) -> None:
        self._connection.close()

    @property
    def code(self) -> int | None:
        return self._connection.close_code


class WebsocketClient:
    """websocket-client, which waits in threads."""

    _connection: websocket.WebSocket

    async def open(self, url: str, origin: str, headers: Mapping[str, str]) -> None:
        self._code: int | None = None
        self._waiting: list[str] = []
        self._connection = await asyncio.to_thread(
            websocket.create_connection,
            url,
            timeout=20,
            origin=origin,
            header=[f"{name}: {value}" for name, value in headers.items()],
            subprotocols=[SUBPROTOCOL],
        )

    async def send(self, *parts: str) -> None:
        last = len(parts) - 1
        for number, part in enumerate(parts):
            opcode = websocket.ABNF.OPCODE_CONT if number else websocket.ABNF.OPCODE_TEXT
            frame = websocket.ABNF.create_frame(part.encode(), opcode, int(number == last))
            await asyncio.to_thread(self._connection.send_frame, frame)

    async def receive(self) -> str | None:
        if self._waiting:
            return self._waiting.pop(0)
        opcode, payload = await self._next()
        return payload.decode() if opcode == websocket.ABNF.OPCODE_TEXT else None

    async def _next(self) -> tuple[int, bytes]:
        opcode, payload = await asyncio.to_thread(self._connection.recv_data, True)
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            self._code = int.from_bytes(payload[:2], "big")
        return opcode, payload

    async def ping(self, payload: bytes) -> bytes:
        await asyncio.to_thread(self._connection.ping, payload)
        while True:
            opcode, found = await self._next()
            if opcode == websocket.ABNF.OPCODE_PONG:
                return found
            self._waiting.append(found.decode())

    async def close(self, code: int) -> None:
        await asyncio.to_thread(self._connection.send_close, code)
        while self._code is None:
            await self._next()
        await self.let_go()

    async def let_go(self) -> None:
        await asyncio.to_thread(self._connection.shutdown)

    @property
    def code(self) -> int | None:
        return self._code


class Chat:
    """Speaks the protocol over a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._id = 0

    async def enter(self, person: Person, *rooms: str) -> None:
        headers = person.own_headers("GET")
        origin = person.house.origin
        await self.library.open(f"ws://{person.house.host}/socket", origin, headers)
        await self.until(t="welcome")
        for room in rooms:
            await self.ask("subscribe", rooms=[{"room": room}])

    async def until(self, **wanted: object) -> dict[str, Any]:
        while True:
            said = await self.library.receive()
            assert said is not None, f"closed with {self.library.code}"
            frame: dict[str, Any] = json.loads(said)
            if (
                wanted.items()
                <= {k: v for k, v in frame.items() if isinstance(v, str | int)}.items()
            ):
                return frame

    async def ask(self, t: str, **fields: object) -> dict[str, Any]:
        self._id += 1
        await self.library.send(json.dumps({"t": t, "id": self._id, **fields}))
        return await self.until(id=self._id)
