"""The HTTP server: listening, and stopping in good order."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Awaitable, Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from core.config import Config
from core.errors import ConfigError
from web.application import server_options

DRAIN_SECONDS = 10.0
BACKLOG = 1_024


def listen(config: Config) -> list[socket.socket]:
    """Bind the address of the settings. Raises `ConfigError` when that cannot be."""
    host, port = config.listen_address
    try:
        return bind_sockets(port, host, backlog=BACKLOG)
    except OSError as error:
        raise ConfigError(_why(error, config.listen)) from None


def _why(error: OSError, address: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Another program listens on {address} already; stop it, or choose another port"
            " with the settings 'listen' and 'public_url'."
        )
    if error.errno == errno.EACCES:
        return f"Listening on {address} is not permitted; choose a port above 1023."
    return f"Listening on {address} is not possible: there is no such address here."


async def serve(
    application: Application,
    config: Config,
    sockets: list[socket.socket],
    drain: Callable[[], Awaitable[None]],
) -> None:
    """Serve until SIGTERM or SIGINT; then accept nothing new, ``drain``, and return."""
    server = HTTPServer(application, **server_options(config.limits))
    server.add_sockets(sockets)
    await _asked_to_stop()
    server.stop()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await drain()
            await server.close_all_connections()
    except TimeoutError:
        pass


async def _asked_to_stop() -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await asked.wait()
