"""Told to stop, the program answers what is in hand, says when to come back, and is soon gone."""

from __future__ import annotations

import asyncio
import signal
import socket
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from api.leaving import COMMIT_SECONDS, GOODBYE_SECONDS
from core.ids import new_id
from tests.crowd import handshake, until
from tests.people import PASSWORD, Person
from tests.start.server import Server, running
from tests.wires import Wire
from web.serving import CLOSE_SECONDS, DRAIN_SECONDS

LONGEST = DRAIN_SECONDS + CLOSE_SECONDS + 2
SLOW_TO_HASH = {"PASSWORDS__COST": "18"}
"""Some ten seconds for one password."""


@contextmanager
def locked(folder: Path) -> Iterator[sqlite3.Connection]:
    """Another program writes to the database, and takes its time."""
    connection = sqlite3.connect(folder / "chatelaine.db", isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
    finally:
        connection.close()


@asynccontextmanager
async def soon() -> AsyncIterator[None]:
    begin = time.monotonic()
    yield
    assert time.monotonic() - begin < LONGEST


async def send_all(wires: list[Wire], room: str) -> None:
    """A post over each but the last, by whose answers the server has got them."""
    *posting, asking = wires
    for number, wire in enumerate(posting):
        await wire.send("post", id=number, room=room, client_id=new_id(), text=f"{number}")
    for _ in range(3):
        await asking.settled()


async def test_posts_in_hand_are_kept_and_acknowledged(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        wires = [await ann.connect() for _ in range(11)]
        with locked(tmp_path / "data") as other:
            await send_all(wires, room)
            server.signal(signal.SIGTERM)
            for wire in wires:
                await wire.frame("status", state="leaving")
                assert wire.all("posted") == []
            other.execute("ROLLBACK")
        assert await server.ended() == 0
        assert [await wire.closed() for wire in wires] == [1001] * 11
        assert [wire.all("posted")[0]["id"] for wire in wires[:-1]] == list(range(10))
        await server.start()
        assert sorted(await ann.texts(room)) == [str(number) for number in range(10)]


async def test_clients_are_told_over_how_long_to_spread(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        wire = await ann.connect()
        assert await server.stop() == 0
        assert (await wire.frame("status", state="leaving"))["retry_within"] == 1.0


async def test_nobody_is_taken_in_any_more(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        wire, asking = await ann.connect(), await ann.connect()
        with locked(tmp_path / "data"):
            await send_all([wire, asking], room)
            server.signal(signal.SIGTERM)
            await wire.frame("status", state="leaving")
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("127.0.0.1", server.port)
        assert await server.ended() == 0


async def test_a_client_that_never_reads_holds_nothing_up(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            deaf.connect(("127.0.0.1", server.port))
            deaf.sendall(handshake(server, ann) + _masked(_subscription(room)))
            wire = await ann.connect(room)
            await wire.until(lambda frame: frame["t"] == "presence")
            for _ in range(12):
                await wire.post(room, "x" * 9_000)
            async with soon():
                assert await server.stop() == 0
        assert await wire.closed() == 1001


def _subscription(room: str) -> bytes:
    return b'{"t":"subscribe","id":1,"rooms":[{"room":"%s"}]}' % room.encode()


def _masked(text: bytes) -> bytes:
    return bytes([0x81, 0x80 | len(text)]) + bytes(4) + text


async def test_a_locked_database_holds_nothing_up(tmp_path: Path) -> None:
    """What could not be kept is not acknowledged."""
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        wire, asking = await ann.connect(), await ann.connect()
        with locked(tmp_path / "data"):
            await send_all([wire, asking], room)
            async with soon():
                assert await server.stop() == 0
        assert await wire.closed() == 1001
        assert wire.all("posted") == []
        await server.start()
        assert await ann.texts(room) == []


async def hashing(server: Server, ann: Person) -> asyncio.Task[object]:
    """Somebody logs in, and their password is being hashed."""
    before = server.cpu()
    visitor = server.visitor()
    await visitor.page("/login")
    logging_in = asyncio.ensure_future(visitor.submit("/login", name="bo", password=PASSWORD))
    await until(lambda: server.cpu() > before + 0.3)
    return logging_in


async def test_a_password_being_hashed_holds_nothing_up(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        await server.stop()
        server.environ |= {f"CHATELAINE_{name}": value for name, value in SLOW_TO_HASH.items()}
        await server.start()
        wire = await ann.connect()
        logging_in = await hashing(server, ann)
        async with soon():
            assert await server.stop() == 0
        assert await wire.closed() == 1001
        await asyncio.gather(logging_in, return_exceptions=True)


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
async def test_a_second_signal_ends_it_at_once(tmp_path: Path, second: signal.Signals) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        wire, asking = await ann.connect(), await ann.connect()
        with locked(tmp_path / "data"):
            await send_all([wire, asking], room)
            server.signal(signal.SIGTERM)
            await wire.frame("status", state="leaving")
            begin = time.monotonic()
            assert await server.stop(second) == -second
            assert time.monotonic() - begin < COMMIT_SECONDS - GOODBYE_SECONDS
