"""Both ends of real connections: ours driven by `live.connection`, the other by hand.

The kernel keeps little for them, so that a few frames are more than a socket takes at once.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import uvloop

from core.records import Person
from live.connection import Connection
from live.outlet import WOULD_BLOCK
from tests.live.client_frames import Got, frames_of

CERTIFICATE = Path(__file__).parent / "data" / "localhost.pem"
SMALL = 4_096
"""Bytes that a socket's buffers are asked to be; the kernel makes them somewhat larger."""
AMPLE = 100_000_000
PATIENCE = 10.0
WAYS = ("unix", "tcp", "tls")
LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.SelectorEventLoop,
    "uvloop": uvloop.new_event_loop,
}


async def until(holds: Callable[[], object]) -> None:
    """Let the loop run until something holds."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def rounds(most: int = 20) -> None:
    """Let the loop run; for what must not happen meanwhile."""
    for _ in range(most):
        await asyncio.sleep(0)


class Behind:
    """`live.connection.User`: keeps what it is told; busy with each message if it is ``slow``."""

    def __init__(self, *, slow: bool = False) -> None:
        self.slow = slow
        self.messages: list[str | bytes] = []
        self.under_way: asyncio.Future[None] | None = None
        self.disturbances = 0
        self.stops = 0

    def receive(self, message: str | bytes) -> asyncio.Future[None] | None:
        assert self.under_way is None or self.under_way.done(), "two messages at a time"
        self.messages.append(message)
        self.under_way = asyncio.get_running_loop().create_future() if self.slow else None
        return self.under_way

    def done(self) -> None:
        """With the message that it was busy with."""
        assert self.under_way is not None
        self.under_way.set_result(None)

    def disturbed(self) -> None:
        self.disturbances += 1

    def stop(self) -> None:
        self.stops += 1


class Peer:
    """The other end. ``ended``: there is no more to read."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.raw = bytearray()
        self.ended = False

    def read(self, most: int = AMPLE) -> int:
        """Take what has come, up to so many bytes."""
        taken = 0
        while taken < most and not self.ended:
            try:
                data = self.socket.recv(min(most - taken, 65_536))
            except WOULD_BLOCK:
                break
            except OSError:
                data = b""
            self.ended = not data
            self.raw += data
            taken += len(data)
        return taken

    def send(self, data: bytes) -> int:
        """Offer ``data``; returns how much the socket took."""
        taken = 0
        while taken < len(data):
            try:
                taken += self.socket.send(data[taken:])
            except WOULD_BLOCK:
                break
        return taken

    @property
    def frames(self) -> list[Got]:
        self.read()
        return frames_of(bytes(self.raw))[0]

    @property
    def rest(self) -> bytes:
        """After the last whole frame."""
        return frames_of(bytes(self.raw))[1]

    async def got(self, count: int) -> list[Got]:
        """Reads until so many frames are there."""
        await until(lambda: len(self.frames) >= count or self.ended)
        return self.frames

    async def end(self) -> list[Got]:
        """Reads until there is nothing more."""
        await until(lambda: self.read() == 0 and self.ended)
        return self.frames

    def reset(self) -> None:
        """Break off without a word."""
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()


class Pairs:
    """Makes connections of one kind, and closes what is left of them."""

    def __init__(self, way: str) -> None:
        self.way = way
        self._made: list[socket.socket] = []

    def sockets(self) -> tuple[socket.socket, socket.socket]:
        """Ours and the other; connected and non-blocking."""
        both = socket.socketpair() if self.way == "unix" else _over_tcp()
        both[1].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        if self.way == "tls":
            both = _sealed(*both)
        for sock in both:
            sock.setblocking(False)
        self._made += both
        return both

    def connection(
        self,
        user: Behind | None = None,
        *,
        backlog: int = AMPLE,
        largest: int = AMPLE,
        first: bytes = b"",
    ) -> tuple[Connection, Peer]:
        """Listened to by ``user``, if there is one."""
        ours, other = self.sockets()
        connection = Connection(ours, Person("bo", "Bo"), backlog, largest)
        if user is not None:
            connection.begin(user, first)
        return connection, Peer(other)

    def close(self) -> None:
        for sock in self._made:
            if sock.fileno() >= 0:
                loop = asyncio.get_running_loop()
                loop.remove_reader(sock)
                loop.remove_writer(sock)
            sock.close()


def _over_tcp() -> tuple[socket.socket, socket.socket]:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        other = socket.socket()
        other.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        other.connect(listening.getsockname())
        ours, _ = listening.accept()
        ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        other.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return ours, other


@cache
def _contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    ours, other = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    ours.load_cert_chain(CERTIFICATE)
    other.load_verify_locations(CERTIFICATE)
    return ours, other


def _sealed(ours: socket.socket, other: socket.socket) -> tuple[ssl.SSLSocket, ssl.SSLSocket]:
    """A TLS handshake needs both ends at a time."""
    for_us, for_other = _contexts()
    with ThreadPoolExecutor(1) as helper:
        made = helper.submit(for_us.wrap_socket, ours, server_side=True)
        client = for_other.wrap_socket(other, server_hostname="localhost")
        return made.result(PATIENCE), client


Scenario = Callable[..., Coroutine[Any, Any, None]]


def play(way: str, loop: str, scenario: Scenario, *given: object) -> None:
    """Run ``scenario`` with connections of one kind on one kind of loop.

    Nobody is cut off because time has passed, unless the scenario sees to it.
    """

    async def played() -> None:
        pairs = Pairs(way)
        try:
            await scenario(pairs, *given)
        finally:
            pairs.close()

    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner, pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.outlet.SEND_BUFFER", SMALL)
        patch.setattr("live.connection.GRACE", 3_600)
        runner.run(played())


def on_every_wire(scenario: Scenario) -> Callable[..., None]:
    """A test that is run over each kind of connection and each kind of loop."""

    @pytest.mark.parametrize("loop", LOOPS)
    @pytest.mark.parametrize("way", WAYS)
    def test(way: str, loop: str) -> None:
        play(way, loop, scenario)

    test.__doc__ = scenario.__doc__
    return test
