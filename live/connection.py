"""One open WebSocket, driven straight from its socket: what comes in, and how it ends.

What goes out is `live.outlet`; who falls behind there is closed with the code that means: reconnect
and resume.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from typing import Protocol

from core.records import Person
from live.frames import close_frame, control_frame
from live.outlet import WOULD_BLOCK, Outlet, nowhere
from live.wire import Broken, Event, Happening, Incoming, Opcode, Text

FELL_BEHIND = 4000
READ_AT_ONCE = 8_192
"""Bytes: a thousand tiny frames, a few milliseconds."""
GRACE = 5.0
"""Seconds that a peer has to answer a close frame, and to read what came before it."""
UNREAD_MOST = 65_536
"""Bytes that are read and dropped, waiting for that answer."""


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


class Connection(Outlet):
    """`live.listener.Listener`; ``largest`` is the size of the largest message that is taken in."""

    __slots__ = (
        "_broken",
        "_busy",
        "_cut_later",
        "_first",
        "_held",
        "_incoming",
        "_is_read",
        "_owed_pong",
        "_peer_closed",
        "_unread",
        "_user",
        "person",
        "silent",
    )

    def __init__(self, sock: socket.socket, person: Person, backlog: int, largest: int) -> None:
        super().__init__(sock, backlog)
        self._incoming: Incoming | None = Incoming(largest)
        self._user: User | None = None
        self._busy: asyncio.Future[None] | None = None
        self._held: list[Happening] = []
        self._first = b""
        self._is_read = False
        self._owed_pong: bytes | None = None
        self._peer_closed = False
        self._broken = False
        self._unread = 0
        self._cut_later: asyncio.TimerHandle | None = None
        self.person = person
        self.silent = 0
        """Rounds of `live.pings` since anything came in."""

    def begin(self, user: User, first: bytes) -> None:
        """Listen to the peer; ``first`` came with the handshake."""
        if self._gone:
            user.stop()
            return
        self._user = user
        self._first = first
        self._take_first()

    def _take_first(self) -> None:
        """A part in each turn, as from the socket; which is read when nothing is left."""
        if self._gone or self._busy is not None:
            return
        some, self._first = self._first[:READ_AT_ONCE], self._first[READ_AT_ONCE:]
        if some:
            self._take(some)
        if self._first:
            self._loop.call_soon(self._take_first)
        elif self._busy is None:
            self._read_on()

    def _has_drained(self) -> None:
        self._loop.remove_writer(self._socket)
        self._backlog = None
        if self._peer_closed:
            self._let_go()
            return
        self._fall_silent()
        self.write = nowhere if self.closed else self._socket.send
        self._tell_drained()
        if self._owed_pong is not None:
            owed, self._owed_pong = self._owed_pong, None
            self._pong(owed)

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
        self.closed, self.write = True, nowhere
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
        self.closed, self.write, self._backlog = True, nowhere, None
        self._held, self._held_back, self._incoming = [], b"", None
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
            # By its number: what is not watched yet is an error within, that shows a socket's repr.
            self._loop.add_reader(self._socket.fileno(), self._readable)
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
        held, self._held = self._held, []
        at = 0
        try:
            while at < len(held) and self._busy is None and not self._gone:
                at += 1
                self._deal_with(held[at - 1])
        finally:
            if not self._gone:
                self._held = held[at:]

    def _deal_with(self, happening: Happening) -> None:
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
        self._take_first()

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
