"""One open WebSocket, driven straight from its socket: the sending side never waits.

As long as the socket takes whatever it is offered, ``write`` is the socket's own ``send`` and
nothing is kept here for sending. What it does not take at once goes into a bounded queue of its
own; who falls behind is closed with the code that means: reconnect and resume.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from core.records import Person
from live.backlog import Backlog
from live.frames import close_frame, control_frame
from live.wire import Broken, Event, Happening, Incoming, Opcode, Text

FELL_BEHIND = 4000
READ_AT_ONCE = 16_384
SEND_BUFFER = 262_144
"""Bytes that the kernel may keep for a socket: its own growth would hide a slow reader."""
GRACE = 5.0
"""Seconds that a peer has to answer a close frame, and to read what came before it."""
UNREAD_MOST = 1_048_576
"""Bytes that are read and dropped, waiting for that answer."""

WOULD_BLOCK = (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class User(Protocol):
    """Who is behind a connection."""

    def receive(self, message: str | bytes) -> asyncio.Future[None] | None:
        """A message has come. Nothing more is read until what is returned is done."""
        ...

    def disturbed(self) -> None:
        """A control frame has come."""
        ...

    def stop(self) -> None:
        """The connection is gone."""
        ...


class Connection:
    """`live.listener.Listener` over a connected, non-blocking socket, TLS or not.

    ``backlog`` is in bytes; one frame may be larger if nothing else waits. ``largest`` is the size
    of the largest message that is taken in.
    """

    __slots__ = (
        "_backlog",
        "_backlog_most",
        "_broken",
        "_busy",
        "_cut_later",
        "_drained",
        "_held",
        "_incoming",
        "_is_read",
        "_loop",
        "_owed_pong",
        "_peer_closed",
        "_socket",
        "_unread",
        "_user",
        "closed",
        "person",
        "silent",
        "write",
    )

    def __init__(self, sock: socket.socket, person: Person, backlog: int, largest: int) -> None:
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._backlog_most = backlog
        self._backlog: Backlog | None = None
        self._incoming: Incoming | None = Incoming(largest)
        self._user: User | None = None
        self._busy: asyncio.Future[None] | None = None
        self._held: list[Happening] = []
        self._is_read = False
        self._drained: asyncio.Future[None] | None = None
        self._owed_pong: bytes | None = None
        self._peer_closed = False
        self._broken = False
        self._unread = 0
        self._cut_later: asyncio.TimerHandle | None = None
        self.person = person
        self.closed = False
        """Nothing more is handed out, and what comes in is not listened to."""
        self.silent = 0
        """Rounds of `live.pings` since anything came in."""
        self.write: Callable[[bytes], int] = sock.send
        """Takes a whole frame, or a part of it, and returns how much; raises OSError."""
        with suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)

    def begin(self, user: User, first: bytes) -> None:
        """Listen to the peer; ``first`` came with the handshake."""
        if self._gone:
            user.stop()
            return
        self._user = user
        self._read_on()
        if first:
            self._take(first)

    # --- handing out -----------------------------------------------------------------------------

    def send(self, frame: bytes) -> None:
        """Hand over one ready frame."""
        try:
            sent = self.write(frame)
        except OSError as error:
            self.failed(frame, error)
        else:
            if sent != len(frame):
                self.keep(frame, sent)

    def keep(self, frame: bytes, sent: int) -> None:
        """`write` took only ``sent`` bytes of ``frame``: the rest goes when the socket can."""
        if self._gone:
            return
        self._backlog = Backlog()
        self._backlog.add(frame[sent:])
        self.write = self._queue
        self._loop.add_writer(self._socket, self._writable)

    def failed(self, frame: bytes, error: OSError) -> None:
        """`write` raised: the socket takes nothing just now, or never again."""
        if isinstance(error, WOULD_BLOCK):
            self.keep(frame, 0)
        else:
            self.closed, self.write = True, _nowhere
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

    def _has_drained(self) -> None:
        self._loop.remove_writer(self._socket)
        self._backlog = None
        if self._peer_closed:
            self._let_go()
            return
        self._fall_silent()
        self.write = _nowhere if self.closed else self._socket.send
        self._tell_drained()
        if self._owed_pong is not None:
            owed, self._owed_pong = self._owed_pong, None
            self._pong(owed)

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

    # --- closing ---------------------------------------------------------------------------------

    def fall_behind(self) -> None:
        self.end(FELL_BEHIND)

    def end(self, code: int) -> None:
        """Hand out nothing more but the rest of a frame, and close."""
        if not self.closed:
            self._say_last(close_frame(code))

    def _say_last(self, frame: bytes) -> None:
        if self._backlog is not None:
            self._backlog.keep_only_first()
            self._backlog.add(frame)
        else:
            self.send(frame)
        self.closed, self.write = True, _nowhere
        self._tell_drained()
        if self._cut_later is None and not self._gone:
            self._cut_later = self._loop.call_later(GRACE, self._let_go)

    def _fall_silent(self) -> None:
        """A peer whose answer to the close frame cannot be read sees that nothing follows it."""
        if self._broken and self._backlog is None and not isinstance(self._socket, ssl.SSLSocket):
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_WR)

    @property
    def _gone(self) -> bool:
        return self._socket.fileno() < 0

    def _let_go(self) -> None:
        """The socket is closed; whoever is behind it hears of it once."""
        if self._gone:
            return
        self._loop.remove_writer(self._socket)
        self._loop.remove_reader(self._socket)
        self._socket.close()
        self.closed, self.write, self._backlog = True, _nowhere, None
        self._held, self._incoming = [], None
        self._tell_drained()
        if self._cut_later is not None:
            self._cut_later.cancel()
        user, self._user = self._user, None
        if user is not None:
            user.stop()

    def cut(self) -> None:
        """The peer does not answer any more."""
        self._let_go()

    # --- taking in -------------------------------------------------------------------------------

    def _readable(self) -> None:
        if self._busy is not None:
            self._loop.remove_reader(self._socket)
            self._is_read = False
            return
        try:
            data = self._socket.recv(READ_AT_ONCE)
        except WOULD_BLOCK:
            return
        except OSError:
            data = b""
        if not data:
            self._let_go()
            return
        self.silent = 0
        self._take(data)
        if isinstance(self._socket, ssl.SSLSocket) and not self._gone and self._socket.pending():
            self._loop.call_soon(self._read_rest)

    def _read_rest(self) -> None:
        """TLS may have bytes in hand that the socket does not tell of."""
        if self._is_read and not self._gone:
            self._readable()

    def _read_on(self) -> None:
        if not self._is_read and not self._gone:
            self._is_read = True
            self._loop.add_reader(self._socket, self._readable)
            if isinstance(self._socket, ssl.SSLSocket):
                self._loop.call_soon(self._read_rest)

    def _take(self, data: bytes) -> None:
        assert self._incoming is not None
        if self.closed:
            self._unread += len(data)
            if self._unread > UNREAD_MOST:
                self._let_go()
                return
        self._held += self._incoming.feed(data)
        self._go_on()

    def _go_on(self) -> None:
        """Deal with what has come in, until something must be waited for."""
        while self._held and self._busy is None and not self._gone:
            happening = self._held.pop(0)
            match happening:
                case Text(text):
                    self._listen(text)
                case Event(Opcode.BINARY, payload):
                    self._listen(payload)
                case Event(opcode, payload):
                    self._control(opcode, payload)
                case Broken(code):
                    self._broken = True
                    self.end(code)
                    self._fall_silent()

    def _listen(self, message: str | bytes) -> None:
        if self.closed or self._user is None:
            return
        busy = self._user.receive(message)
        if busy is not None and not busy.done():
            self._busy = busy
            busy.add_done_callback(self._is_idle)

    def _is_idle(self, _done: asyncio.Future[None]) -> None:
        self._busy = None
        self._go_on()
        if self._busy is None:
            self._read_on()

    @property
    def is_busy(self) -> bool:
        """Not reading: what has come in is still being dealt with."""
        return self._busy is not None

    def _control(self, opcode: Opcode, payload: bytes) -> None:
        if opcode is Opcode.CLOSE:
            self._closed_by_peer(payload)
        elif not self.closed and self._user is not None:
            self._user.disturbed()
            if opcode is Opcode.PING:
                self._pong(payload)

    def _pong(self, payload: bytes) -> None:
        """Only the newest ping is answered, once the pongs before are gone (section 5.5.3)."""
        if self.closed:
            return
        if self._backlog is not None:
            self._owed_pong = payload
        else:
            self.send(control_frame(Opcode.PONG, payload))

    def _closed_by_peer(self, payload: bytes) -> None:
        self._peer_closed = True
        if not self.closed:
            self._say_last(control_frame(Opcode.CLOSE, payload[:2]))
        if self._backlog is None:
            self._let_go()


def _nowhere(frame: bytes) -> int:
    return len(frame)
