"""One person's browser, so simple that it costs next to nothing: REST and the socket."""

from __future__ import annotations

import json
import os
import socket
import struct
from http.client import HTTPConnection
from types import TracebackType
from typing import Any

from bench.processes import FailedError

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="


class Visitor:
    """Logged in by a cookie that `bench.seeding` made."""

    def __init__(self, port: int, cookie: str) -> None:
        self._port = port
        self._cookie = f"session={cookie}"
        self._http = HTTPConnection("127.0.0.1", port)

    def __enter__(self) -> Visitor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str) -> Any:
        """Of REST. Raises `FailedError` for anything but 200."""
        headers = {"Host": f"localhost:{self._port}", "Cookie": self._cookie}
        self._http.request("GET", f"/api/v1{path}", headers=headers)
        answer = self._http.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise FailedError(f"{path}: {answer.status} {text[:200]!r}")
        return json.loads(text)

    def wire(self) -> Wire:
        return Wire(self._port, self._cookie)


class Wire:
    """A WebSocket that has been greeted."""

    def __init__(self, port: int, cookie: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._held = b""
        self._socket.sendall(
            f"GET /socket HTTP/1.1\r\nHost: localhost:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\n"
            f"Origin: http://localhost:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
        )
        while b"\r\n\r\n" not in self._held:
            self._more()
        answer, _, self._held = self._held.partition(b"\r\n\r\n")
        if b" 101" not in answer:
            raise FailedError(answer[:200].decode())
        self.until("welcome")

    def close(self) -> None:
        self._socket.close()

    def say(self, frame: dict[str, Any]) -> None:
        payload, mask = json.dumps(frame).encode(), os.urandom(4)
        size = len(payload)
        header = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack(
            "!BBH", 0x81, 0x80 | 126, size
        )  # fmt: skip
        masked = bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))
        self._socket.sendall(header + mask + masked)

    def until(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind."""
        while True:
            frame: dict[str, Any] = json.loads(self._frame())
            if frame["t"] == kind:
                return frame

    def _frame(self) -> bytes:
        while len(self._held) < 10 and not self._is_whole():
            self._more()
        size, header = self._held[1] & 0x7F, 2
        if size == 126:
            size, header = int.from_bytes(self._held[2:4], "big"), 4
        elif size == 127:
            size, header = int.from_bytes(self._held[2:10], "big"), 10
        while len(self._held) < header + size:
            self._more()
        payload = self._held[header : header + size]
        self._held = self._held[header + size :]
        return payload

    def _is_whole(self) -> bool:
        return len(self._held) >= 2 and len(self._held) >= 2 + (self._held[1] & 0x7F)

    def _more(self) -> None:
        some = self._socket.recv(1 << 18)
        if not some:
            raise FailedError("The server hung up.")
        self._held += some
