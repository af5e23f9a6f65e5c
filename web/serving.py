"""The HTTP server: listening, and stopping in good order."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from tornado.netutil import bind_sockets
from tornado.web import Application

from core.config import Config, Limits
from core.errors import ConfigError
from web.accepting import Acceptor
from web.application import server_options
from web.busy import Busy
from web.server import Server

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
CLOSE_SECONDS = 3
"""From then on until the process has ended, whatever its threads are doing."""
BACKLOG = 4_096
"""Connections that wait in the kernel to be taken; it allows net.core.somaxconn at most."""


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


class Door:
    """The HTTP server behind listening sockets; it is open once it is made."""

    def __init__(
        self,
        application: Application,
        limits: Limits,
        sockets: Sequence[socket.socket],
        busy: Busy,
    ) -> None:
        self._server = Server(application, **server_options(limits))
        self._acceptor = Acceptor(self._server, sockets, busy)
        self._acceptor.start()

    def shut(self) -> None:
        """Listen no longer; who is in stays."""
        self._acceptor.stop()

    async def turn_out(self) -> None:
        """Close all connections but WebSockets."""
        await self._server.close_all_connections()


async def serve(
    open_door: Callable[[], Door],
    ready: Callable[[], None],
    drain: Callable[[], Awaitable[None]],
) -> None:
    """Serve until SIGTERM or SIGINT; then accept nothing new, ``drain``, and return.

    ``ready`` is called once requests are answered and signals heeded. A second signal ends the
    process at once.
    """
    asked_to_stop = _signals()
    door = open_door()
    ready()
    await asked_to_stop.wait()
    door.shut()
    try:
        async with asyncio.timeout(DRAIN_SECONDS):
            await drain()
            await door.turn_out()
    except TimeoutError:
        log.warning("some connections did not end in time")
    signal.signal(signal.SIGALRM, _end_now)
    signal.alarm(CLOSE_SECONDS)


def _signals() -> asyncio.Event:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        asked.set()
        for number in _STOPPING:
            loop.remove_signal_handler(number)
            signal.signal(number, signal.SIG_DFL)

    for number in _STOPPING:
        loop.add_signal_handler(number, stop)
    return asked


_STOPPING = (signal.SIGTERM, signal.SIGINT)


def _end_now(*_: object) -> None:
    """Some thread is not done: it hashes a password, or waits for the database. Whatever it was
    doing has not been acknowledged."""
    log.warning("some work did not end in time and was given up")
    os._exit(0)
