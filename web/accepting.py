"""Taking connections in no faster than they can be served: decision 15.

The loop runs all that is ready in one turn. So a turn takes in a few connections at most, and none
while enough is at work for those who came before; the others wait in the kernel's queue.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import socket
import time
from collections.abc import Sequence

from tornado.iostream import IOStream

from web.busy import Busy
from web.server import Server

log = logging.getLogger(__name__)

A_TURN = 24
"""Connections taken in one turn of the loop."""
AT_WORK_MOST = 48
"""Requests being answered, and new sockets being greeted, beyond which none is taken."""
WAITING_MOST = 2_000
"""Connections without a request. One more has to wait for one of these to ask for something, or to
have been silent for so long that it is closed."""
BREATHER = 0.005
"""Seconds until it is looked again whether there is less to do."""
RESERVE = 32
"""Open files that are left to the database and to what else the process needs."""
FILES_AGAIN = 0.5
"""Seconds until it is looked again whether files were closed."""
UNUSED = 2.0
"""Seconds without a request after which a connection makes place for others, if that is needed."""
TOLD_EVERY = 60.0


class Acceptor:
    """Takes connections from listening ``sockets`` and hands them to ``server``."""

    def __init__(self, server: Server, sockets: Sequence[socket.socket], busy: Busy) -> None:
        self._server = server
        self._sockets = sockets
        self._busy = busy
        self._loop = asyncio.get_running_loop()
        self._resuming: asyncio.TimerHandle | None = None
        self._told_at = float("-inf")
        self._most_files = _most_files()
        self._most_waiting = min(WAITING_MOST, self._most_files // 2)

    def start(self) -> None:
        for listening in self._sockets:
            self._loop.add_reader(listening, self._take, listening)

    def stop(self) -> None:
        """Take none any more, and listen no longer."""
        self._pause()
        for listening in self._sockets:
            listening.close()

    def _pause(self) -> None:
        if self._resuming is not None:
            self._resuming.cancel()
            self._resuming = None
        for listening in self._sockets:
            self._loop.remove_reader(listening)

    def _pause_for(self, seconds: float) -> None:
        self._pause()
        self._resuming = self._loop.call_later(seconds, self._resume)

    def _resume(self) -> None:
        self._resuming = None
        if self._has_files():
            self.start()
        else:
            self._run_out()

    def _take(self, listening: socket.socket) -> None:
        for _ in range(A_TURN):
            if not self._has_time():
                self._pause_for(BREATHER)
                return
            try:
                connection, address = listening.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._run_out(error.errno)
                return
            self._hand_over(connection, address)
            if connection.fileno() >= self._most_files:  # they are numbered without holes
                self._run_out()
                return

    def _hand_over(self, connection: socket.socket, address: tuple[str, int]) -> None:
        server = self._server
        stream = IOStream(
            connection,
            max_buffer_size=server.max_buffer_size,
            read_chunk_size=server.read_chunk_size,
        )
        server.handle_stream(stream, address)

    def _has_time(self) -> bool:
        self._server.let_go(self._most_waiting, UNUSED)
        return len(self._busy) < AT_WORK_MOST and len(self._server.waiting) <= self._most_waiting

    # --- open files ------------------------------------------------------------------------------

    def _run_out(self, number: int | None = errno.EMFILE) -> None:
        """Who is connected stays; who has not asked for anything makes place for others."""
        if time.monotonic() - self._told_at >= TOLD_EVERY:
            self._told_at = time.monotonic()
            log.warning(
                "no connections are taken in for want of open files (%s): see docs/running.md",
                errno.errorcode.get(number or 0, "unknown"),
            )
        self._server.let_go(0, UNUSED)
        self._pause_for(FILES_AGAIN)

    def _has_files(self) -> bool:
        try:
            probe = os.dup(self._sockets[0].fileno())
        except OSError:
            return False
        os.close(probe)
        return probe < self._most_files


def _most_files() -> int:
    """The number of the first open file of the reserve."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return soft - min(RESERVE, soft // 4)
