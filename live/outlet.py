"""The sending side of one open WebSocket: straight to its socket, never waiting.

As long as the socket takes whatever it is offered, ``write`` is the socket's own ``send``, and all
that is kept here is, for less than a turn of the loop, what goes with the next frame. What the
socket does not take at once goes into a bounded queue of its own.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress

from live.backlog import Backlog

SEND_BUFFER = 262_144
"""Bytes that the kernel may keep for a socket: its own growth would hide a slow reader."""

WOULD_BLOCK = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Outlet(ABC):
    """Takes whole frames for a connected, non-blocking socket, TLS or not.

    ``backlog`` is in bytes; one frame may be larger if nothing else waits.
    """

    __slots__ = (
        "_backlog",
        "_backlog_most",
        "_drained",
        "_held_back",
        "_loop",
        "_socket",
        "closed",
        "write",
    )

    def __init__(self, sock: socket.socket, backlog: int) -> None:
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._backlog_most = backlog
        self._backlog: Backlog | None = None
        self._drained: asyncio.Future[None] | None = None
        self._held_back = b""
        self.closed = False
        """Nothing more is handed out, and what comes in is not listened to."""
        self.write: Callable[[bytes], int] = sock.send
        """Takes a whole frame, or a part of it, and returns how much; raises OSError."""
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    @abstractmethod
    def fall_behind(self) -> None:
        """More waits than may."""

    @abstractmethod
    def _has_drained(self) -> None:
        """Nothing waits any more."""

    @abstractmethod
    def _let_go(self) -> None:
        """The socket cannot be used any more."""

    def send(self, frame: bytes) -> None:
        """Hand over one ready frame."""
        try:
            sent = self.write(frame)
        except OSError as error:
            self.failed(frame, error)
        else:
            if sent != len(frame):
                self.keep(frame, sent)

    def send_with_next(self, frame: bytes) -> None:
        """`send`, in one with the frame that follows in this turn of the loop, if one does.

        A system call costs more than all else about a small frame.
        """
        if self.closed or self._backlog is not None or self._held_back:
            self.send(frame)
            return
        self._held_back = frame
        self.write = self._with_held_back
        self._loop.call_soon(self._send_held_back)

    def _with_held_back(self, frame: bytes) -> int:
        held, self._held_back = self._held_back, b""
        self.write = self._socket.send
        self.send(held + frame)
        return len(frame)

    def _send_held_back(self) -> None:
        if self._held_back:
            self._with_held_back(b"")

    def keep(self, frame: bytes, sent: int) -> None:
        """`write` took only ``sent`` bytes of ``frame``: the rest goes when the socket can."""
        self._backlog = Backlog()
        self._backlog.add(frame[sent:])
        self.write = self._queue
        self._loop.add_writer(self._socket, self._writable)

    def failed(self, frame: bytes, error: OSError) -> None:
        """`write` raised: the socket takes nothing just now, or never again."""
        if isinstance(error, WOULD_BLOCK):
            self.keep(frame, 0)
        else:
            self.closed, self.write = True, nowhere
            self._loop.call_soon(self._let_go)

    def _queue(self, frame: bytes) -> int:
        assert self._backlog is not None
        if self._backlog.size + len(frame) > self._backlog_most:
            self.fall_behind()
        else:
            self._backlog.add(frame)
        return len(frame)

    def _writable(self) -> None:
        assert self._backlog is not None
        try:
            self._backlog.taken(self._socket.send(self._backlog.chunk()))
        except WOULD_BLOCK:
            self._backlog.hold()
            return
        except OSError:
            self._let_go()
            return
        if not self._backlog:
            self._has_drained()

    def _tell_drained(self) -> None:
        if self._drained is not None and not self._drained.done():
            self._drained.set_result(None)
        self._drained = None

    async def drained(self) -> None:
        """Wait until nothing waits to be sent, or the connection is closed."""
        if self._backlog is None or self.closed:
            return
        if self._drained is None:
            self._drained = self._loop.create_future()
        await asyncio.shield(self._drained)


def nowhere(frame: bytes) -> int:
    """The ``write`` of a connection that is closed."""
    return len(frame)
