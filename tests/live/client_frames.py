"""What clients send, laid out by hand, and what a server's bytes say, taken apart by hand."""

from __future__ import annotations

from itertools import cycle
from typing import NamedTuple

KEY = b"\x9a\x01\x00\xff"
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    final: bool = True,
    reserved: int = 0,
    key: bytes | None = KEY,
    wide: int = 0,
) -> bytes:
    """``wide``: bytes that the length takes besides the seven bits; 0 is as few as will do."""
    size = len(payload)
    wide = wide or (0 if size < 126 else 2 if size < 65_536 else 8)
    short = {0: size, 2: 126, 8: 127}[wide]
    head = bytes((final << 7 | reserved | opcode, (key is not None) << 7 | short))
    masked = payload if key is None else bytes(a ^ b for a, b in zip(payload, cycle(key)))
    length = size.to_bytes(wide, "big") if wide else b""
    return head + length + (key or b"") + masked


def closing(code: int, reason: bytes = b"") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


class Got(NamedTuple):
    """A frame that came from the server."""

    opcode: int
    payload: bytes


def frames_of(data: bytes) -> tuple[list[Got], bytes]:
    """Whole frames of the server, unmasked, and what is left of ``data``."""
    got, at = [], 0
    while len(data) - at >= 2:
        first, size = data[at], data[at + 1]
        assert first & 0xF0 == 0x80, f"no whole message begins with {first:#x}"
        body = at + {126: 4, 127: 10}.get(size, 2)
        if size > 125:
            size = int.from_bytes(data[at + 2 : body], "big")
        if len(data) < body + size:
            break
        got.append(Got(first & 0x0F, data[body : body + size]))
        at = body + size
    return got, data[at:]
