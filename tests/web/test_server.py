"""Connections that hold on to an answer: they make place after a while."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator

import pytest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.live.pairs import until
from web import server
from web.server import Server

LARGE = b"x" * 8_000_000


class Everything(RequestHandler):
    async def get(self) -> None:
        self.write(LARGE)


@pytest.fixture
async def serving() -> AsyncIterator[tuple[Server, int]]:
    sockets = bind_sockets(0, "127.0.0.1")
    running = Server(Application([("/", Everything)]))
    running.add_sockets(sockets)
    yield running, sockets[0].getsockname()[1]
    running.stop()
    await running.close_all_connections()


async def test_who_does_not_take_an_answer_is_let_go(
    serving: tuple[Server, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    running, port = serving
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        await until(lambda: bool(running.answering))
        running.let_go(0, 0.0)
        assert running.answering, "it has time"
        monkeypatch.setattr(server, "ANSWER_SECONDS", 0.0)
        running.let_go(0, 0.0)
        await until(lambda: not running.answering and not running._connections)


async def test_who_takes_it_may_ask_again(serving: tuple[Server, int]) -> None:
    running, port = serving
    with socket.create_connection(("127.0.0.1", port)) as peer:
        peer.setblocking(False)
        came = 0

        def all_came() -> bool:
            nonlocal came
            with contextlib.suppress(BlockingIOError):
                came += len(peer.recv(1 << 20))
            return came > len(LARGE)

        peer.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        await until(all_came)
        await until(lambda: bool(running.waiting) and not running.answering)
