"""The HTTP server: listening, and stopping in good order."""

from __future__ import annotations

import asyncio
import errno
import resource
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress

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


def raise_open_files() -> None:
    """Each connection takes a file descriptor: allow as many as the system lets us have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


async def serve(
    application: Application,
    config: Config,
    sockets: list[socket.socket],
    ready: Callable[[], None],
    drain: Callable[[], Awaitable[None]],
) -> None:
    """Serve until SIGTERM or SIGINT; then accept nothing new, ``drain``, and return.

    ``ready`` is called once requests are answered and signals heeded.
    """
    asked_to_stop = _signals()
    server = HTTPServer(application, **server_options(config.limits))
    server.add_sockets(sockets)
    ready()
    await asked_to_stop.wait()
    server.stop()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await drain()
            await server.close_all_connections()
    except TimeoutError:
        pass


def _signals() -> asyncio.Event:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    return asked
