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


class Server(HTTPServer):
    """``waiting``: connections whose next request is not there yet, and since when; those who wait
    longest come first. A request is there with its last byte."""

    waiting: dict[HTTP1ServerConnection, float]

    def initialize(self, *args: Any, **options: Any) -> None:
        super().initialize(*args, **options)
        self.waiting = {}

    def start_request(
        self, server_conn: object, request_conn: HTTPConnection
    ) -> HTTPMessageDelegate:
        connection = cast(HTTP1ServerConnection, server_conn)
        self.waiting.pop(connection, None)
        self.waiting[connection] = time.monotonic()
        request = super().start_request(server_conn, request_conn)
        return _Coming(request, lambda: self.waiting.pop(connection, None))

    def on_close(self, server_conn: object) -> None:
        self.waiting.pop(cast(HTTP1ServerConnection, server_conn), None)
        super().on_close(server_conn)

    def let_go(self, most: int, seconds: float) -> None:
        """Close those that waited longest, until only ``most`` wait; none that has waited for less
        than ``seconds``."""
        before = time.monotonic() - seconds
        while len(self.waiting) > most:
            connection, since = next(iter(self.waiting.items()))
            if since > before:
                return
            del self.waiting[connection]
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
