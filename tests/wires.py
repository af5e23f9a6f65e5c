"""A WebSocket as a careful client holds it: keeps every byte, and checks that nothing is missing,
repeated or out of order."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import count
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from core.ids import new_id

Frame = dict[str, Any]
PATIENCE = 20.0
"""Seconds that a test waits for what must come."""


class Ended(AssertionError):
    """The connection closed before what was waited for came."""


class Silent(AssertionError):
    """What was waited for did not come, though the connection stayed."""


class _Recording(ClientConnection):
    """Keeps all bytes as they come off the network, the handshake's too."""

    raw: bytearray

    def data_received(self, data: bytes) -> None:
        vars(self).setdefault("raw", bytearray()).extend(data)
        super().data_received(data)


class Notes:
    """What a client has of each room, across connections."""

    def __init__(self) -> None:
        self.entries: dict[str, list[Frame]] = defaultdict(list)
        self.at: dict[str, tuple[int, str]] = {}
        """By room: the last seq, and the log's tag."""
        self.faults: list[str] = []
        self.reloads: list[str] = []

    def take(self, frame: Frame, hearing: set[str]) -> None:
        if frame["t"] == "subscribed":
            self._subscribed(frame)
            hearing.add(frame["room"])
        elif frame["t"] == "lost":
            hearing.discard(frame["room"])
        elif frame["t"] == "entry":
            self._entry(frame, hearing)

    def _subscribed(self, frame: Frame) -> None:
        room, place = frame["room"], (frame["seq"], frame["tag"])
        if frame.get("reload"):
            self.reloads.append(room)
            self.entries[room].clear()
        elif self.at.get(room, place) != place:
            self.faults.append(f"had {self.at[room]} of {room}, goes on from {place}")
        self.at[room] = place

    def _entry(self, frame: Frame, hearing: set[str]) -> None:
        room, place = frame["room"], (frame["seq"], frame["tag"])
        seq, tag = self.at.get(room, (0, ""))
        if room not in hearing:
            self.faults.append(f"{place} of {room}, which is not heard")
        elif place != (seq + 1, tag):
            self.faults.append(f"{place} of {room} after {(seq, tag)}")
        self.at[room] = place
        self.entries[room].append(frame)

    def texts(self, room: str) -> list[str]:
        return [entry["text"] for entry in self.entries[room] if entry["kind"] == "post"]


class Wire:
    """One connection. What comes is kept in ``frames``; waiting looks there first."""

    def __init__(self, connection: ClientConnection, notes: Notes) -> None:
        self.connection = connection
        self.notes = notes
        self.frames: list[Frame] = []
        self.hearing: set[str] = set()
        self._ids = count(1)
        self._news = asyncio.Event()
        self._reader = asyncio.get_running_loop().create_task(self._read())

    @classmethod
    async def open(
        cls,
        uri: str,
        *,
        server: str,
        port: int,
        address: str,
        headers: Mapping[str, str],
        subprotocols: tuple[str, ...],
        notes: Notes,
    ) -> Wire:
        """Raises `websockets.InvalidStatus` for a handshake that is refused."""
        others = {name: value for name, value in headers.items() if name != "Origin"}
        connection = await connect(
            uri,
            origin=Origin(headers["Origin"]) if "Origin" in headers else None,
            additional_headers=others,
            subprotocols=[Subprotocol(offered) for offered in subprotocols],
            host=server,
            port=port,
            local_addr=(address, 0),
            compression=None,
            proxy=None,
            ping_interval=None,
            max_size=None,
            create_connection=_Recording,
        )
        return cls(connection, notes)

    @property
    def raw(self) -> bytearray:
        """Every byte that this client ever got."""
        assert isinstance(self.connection, _Recording)
        return self.connection.raw

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for message in self.connection:
                frame = json.loads(message)
                self.frames.append(frame)
                self.notes.take(frame, self.hearing)
                self._tell()
        self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    # --- saying ----------------------------------------------------------------------------------

    async def send(self, t: str, **fields: object) -> None:
        await self.connection.send(json.dumps({"t": t, **fields}))

    async def ask(self, t: str, **fields: object) -> Frame:
        """Send a frame with an id; returns what it is answered."""
        request = next(self._ids)
        await self.send(t, id=request, **fields)
        return await self.until(lambda frame: frame.get("id") == request)

    async def subscribe(self, room: str) -> Frame:
        """From where the notes end, if they have anything of the room."""
        place: Frame = {"room": room}
        if room in self.notes.at:
            place["seq"], place["tag"] = self.notes.at[room]
        return await self.ask("subscribe", rooms=[place])

    async def post(self, room: str, text: str, client_id: str = "") -> Frame:
        return await self.ask("post", room=room, client_id=client_id or new_id(), text=text)

    # --- hearing ---------------------------------------------------------------------------------

    async def frame(self, t: str, *, since: int = 0, **fields: object) -> Frame:
        """The first of that kind with these fields, come already or yet to come."""
        wanted = {"t": t, **fields}
        return await self.until(lambda frame: wanted.items() <= _flat(frame).items(), since)

    async def until(self, wanted: Callable[[Frame], bool], since: int = 0) -> Frame:
        seen = since
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    news, ended = self._news, self._reader.done()
                    for frame in self.frames[seen:]:
                        if wanted(frame):
                            return frame
                    seen = max(seen, len(self.frames))
                    if ended:
                        code = self.connection.close_code
                        raise Ended(f"closed with {code} after {self.frames[-3:]}")
                    await news.wait()
        except TimeoutError:
            raise Silent(f"did not come; the last were {self.frames[-3:]}") from None

    async def heard(self, room: str, seq: int) -> None:
        """Until the room's log has come up to ``seq``."""
        if self.notes.at.get(room, (0, ""))[0] < seq:
            await self.until(lambda _: self.notes.at.get(room, (0, ""))[0] >= seq)

    async def deaf_to(self, room: str) -> None:
        """The room is not heard, or not any more."""
        async with asyncio.timeout(PATIENCE):
            while room in self.hearing:
                await self._news.wait()

    async def settled(self) -> None:
        """All that the server had handed to this socket until now has come."""
        assert (await self.ask("ping"))["t"] == "ok"

    def all(self, t: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["t"] == t]

    async def closed(self) -> int | None:
        """Waits for the end; the code it was closed with, None without a close frame."""
        async with asyncio.timeout(PATIENCE):
            await self._reader
            await self.connection.wait_closed()
        return self.connection.close_code

    async def hang_up(self) -> None:
        await self.connection.close()
        await self._reader


def _flat(frame: Frame) -> Frame:
    """The fields that can be compared by being hashed."""
    return {name: value for name, value in frame.items() if not isinstance(value, list | dict)}
