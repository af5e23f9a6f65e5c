"""Opens many WebSockets from one process, as cheaply as Python can: for what measures a server.

A connect is TCP, the HTTP upgrade, and the first frame that the server sends. The client masks
nothing and reads nothing after that frame.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

HEAD_ENDS = b"\r\n\r\n"
READ = 65_536
PATIENCE = 60.0
"""Seconds without any answer after which a server is given up."""


class Refused(Exception):
    """The server did not upgrade, closed, or said nothing."""


@dataclass
class Line:
    """One connection on its way to its first frame."""

    socket: socket.socket
    request: bytes
    heard: bytes = b""
    sent: bool = False
    began: float = field(default_factory=time.perf_counter)


@dataclass
class Dialled:
    """``seconds`` for all; ``each``: milliseconds from TCP's first packet to the first frame."""

    seconds: float
    each: list[float]
    sockets: list[socket.socket]

    def hang_up(self) -> None:
        for line in self.sockets:
            line.close()


def upgrade(host: str, headers: dict[str, str]) -> bytes:
    """The request that opens a WebSocket at /socket."""
    own = {
        "Host": host,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        **headers,
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in own.items())
    return f"GET /socket HTTP/1.1\r\n{lines}\r\n".encode()


def dial(port: int, requests: Iterable[bytes], at_once: int) -> Dialled:
    """Open a socket for each of ``requests``, ``at_once`` on their way at a time."""
    waiting, done, each = deque(requests), [], []
    begun = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        busy = 0
        while waiting or busy:
            while waiting and busy < at_once:
                _begin(selector, port, waiting.popleft())
                busy += 1
            events = selector.select(PATIENCE)
            if not events:
                raise Refused(f"no answer; {busy} wait")
            for key, _ in events:
                line: Line = key.data
                if _goes_on(selector, line):
                    continue
                busy -= 1
                each.append((time.perf_counter() - line.began) * 1e3)
                done.append(line.socket)
    return Dialled(time.perf_counter() - begun, each, done)


def _begin(selector: selectors.BaseSelector, port: int, request: bytes) -> None:
    line = socket.socket()
    line.setblocking(False)
    line.connect_ex(("127.0.0.1", port))
    selector.register(line, selectors.EVENT_WRITE, Line(line, request))


def _goes_on(selector: selectors.BaseSelector, line: Line) -> bool:
    """False once the first frame is there."""
    if not line.sent:
        line.socket.send(line.request)
        line.sent = True
        selector.modify(line.socket, selectors.EVENT_READ, line)
        return True
    heard = line.socket.recv(READ)
    line.heard += heard
    if not heard or not line.heard.startswith(b"HTTP/1.1 101"[: len(line.heard)]):
        raise Refused(line.heard[:200])
    if not _has_frame(line.heard):
        return True
    selector.unregister(line.socket)
    return False


def _has_frame(heard: bytes) -> bool:
    _, ended, body = heard.partition(HEAD_ENDS)
    if not ended or len(body) < 2:
        return False
    short = body[1] & 0x7F
    if short < 126:
        return len(body) >= 2 + short
    wide = 2 if short == 126 else 8
    return len(body) >= 2 + wide and len(body) >= 2 + wide + int.from_bytes(body[2 : 2 + wide])
