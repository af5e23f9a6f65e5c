"""Takes an upgraded socket out of Tornado's hands: request, headers and stream can then go.

What is used of Tornado beyond its documentation: a handler's ``ws_connection``, its ``stream`` and
``client_terminated``, and a stream's ``_read_buffer_size``. tests/live/test_handover.py fails if
that changes.
"""

from __future__ import annotations

import asyncio
import socket

from tornado.ioloop import IOLoop
from tornado.iostream import IOStream, StreamClosedError
from tornado.websocket import WebSocketHandler

PATIENCE = 5.0
"""Seconds in which the peer takes the answer to its handshake."""
_ALL = 1 << 20


async def take_over(handler: WebSocketHandler) -> tuple[socket.socket, bytes] | None:
    """To be called in ``open``: the socket, and what came on it after the handshake.

    None: the peer has gone away. Afterwards ``on_close`` is called at once, and the handler has no
    connection any more.
    """
    connection = handler.ws_connection
    if connection is None or connection.stream is None:
        return None
    stream: IOStream = connection.stream
    try:
        if stream.writing():
            async with asyncio.timeout(PATIENCE):
                await stream.write(b"")
        first = _arrived(stream)
    except (StreamClosedError, TimeoutError):
        stream.close()
        return None
    if stream.closed():
        return None
    IOLoop.current().remove_handler(stream.socket)
    connection.client_terminated = True
    handler.ws_connection = None
    return stream.socket, first


def _arrived(stream: IOStream) -> bytes:
    """What has been read already; whoever takes the socket over hears of what follows."""
    if not stream._read_buffer_size:
        return b""
    return asyncio.ensure_future(stream.read_bytes(_ALL, partial=True)).result()
