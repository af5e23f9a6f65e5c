"""Tornado's HTTP server, which also knows who is connected and has not sent a request."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from tornado.http1connection import HTTP1ServerConnection
from tornado.httpserver import HTTPServer
from tornado.httputil import (
    HTTPConnection,
    HTTPHeaders,
    HTTPMessageDelegate,
    RequestStartLine,
    ResponseStartLine,
)

ANSWER_SECONDS = 60.0
"""In which an answer is made and taken."""


class Server(HTTPServer):
    """``waiting``: connections whose next request is not there yet, and since when; those who wait
    longest come first. A request is there with its last byte. ``answering``: those whose answer is
    being made, or has not been taken."""

    waiting: dict[HTTP1ServerConnection, float]
    answering: dict[HTTP1ServerConnection, float]

    def initialize(self, *args: Any, **options: Any) -> None:
        super().initialize(*args, **options)
        self.waiting, self.answering = {}, {}

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        connection = cast(HTTP1ServerConnection, server_conn)
        self._forget(connection)
        self.waiting[connection] = time.monotonic()
        request = super().start_request(server_conn, request_conn)
        return _Coming(request, lambda: self._arrived(connection))

    def _arrived(self, connection: HTTP1ServerConnection) -> None:
        self._forget(connection)
        self.answering[connection] = time.monotonic()

    def on_close(self, server_conn: object) -> None:
        self._forget(cast(HTTP1ServerConnection, server_conn))
        super().on_close(server_conn)

    def _forget(self, connection: HTTP1ServerConnection) -> None:
        self.waiting.pop(connection, None)
        self.answering.pop(connection, None)

    def let_go(self, most: int, seconds: float) -> None:
        """Close those that waited longest, until only ``most`` wait; none that has waited for less
        than ``seconds``. Who does not take an answer is closed in any case, after a while."""
        _close_oldest(self.waiting, most, seconds)
        _close_oldest(self.answering, 0, ANSWER_SECONDS)


def _close_oldest(those: dict[HTTP1ServerConnection, float], most: int, seconds: float) -> None:
    before = time.monotonic() - seconds
    while len(those) > most:
        connection, since = next(iter(those.items()))
        if since > before:
            return
        del those[connection]
        connection.stream.close()


class _Coming(HTTPMessageDelegate):
    """A request on its way; ``arrived`` is called when all of it is there."""

    def __init__(self, request: HTTPMessageDelegate, arrived: Callable[[], object]) -> None:
        self._request = request
        self._arrived = arrived

    def headers_received(
        self, start_line: RequestStartLine | ResponseStartLine, headers: HTTPHeaders
    ) -> Awaitable[None] | None:
        return self._request.headers_received(start_line, headers)

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        return self._request.data_received(chunk)

    def finish(self) -> None:
        self._arrived()
        self._request.finish()

    def on_connection_close(self) -> None:
        self._request.on_connection_close()
