"""Reads a client's WebSocket frames out of what its socket brought (RFC 6455, section 5). No I/O.

No extension is ever agreed on, so that a reserved bit is an error. Whole messages and control
frames come out in order; of a message in fragments only its bytes so far are kept.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

FRAGMENTS_MOST = 1_024
"""Frames that one message may come in: empty ones would never reach the limit of bytes."""
_CONTROL_MOST = 125
_FINAL, _RESERVED, _OPCODE, _MASKED = 0x80, 0x70, 0x0F, 0x80
_CODES_MOST = 4_999

PROTOCOL_ERROR, BAD_TEXT, TOO_LARGE = 1002, 1007, 1009


class Opcode(IntEnum):
    """What a frame is."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class Event(NamedTuple):
    """A whole message, or a control frame. The payload of CLOSE is checked, and may be empty."""

    opcode: Opcode
    payload: bytes


class Text(NamedTuple):
    """A whole text message."""

    text: str


class Broken(NamedTuple):
    """The stream cannot be read any further: close with ``code``."""

    code: int


Happening = Text | Event | Broken


class _Violation(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Incoming:
    """The receiving side of one connection; ``largest`` is of a message, in bytes.

    After `Broken` nothing more comes out. Between messages it holds next to nothing.
    """

    __slots__ = ("_broken", "_fragments", "_largest", "_opcode", "_parts", "_unread")

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._unread = b""
        self._opcode: Opcode | None = None
        """Of the message that is coming in fragments."""
        self._parts: bytearray | None = None
        self._fragments = 0
        self._broken = False

    def feed(self, data: bytes) -> list[Happening]:
        """What became whole by ``data``."""
        happened: list[Happening] = []
        if self._broken:
            return happened
        if self._unread:
            data = self._unread + data
        try:
            at = self._read(data, happened)
        except _Violation as violation:
            self._broken = True
            self._unread, self._parts = b"", None
            happened.append(Broken(violation.code))
        else:
            self._unread = data[at:]
        return happened

    def _read(self, data: bytes, happened: list[Happening]) -> int:
        """Take whole frames; returns where the first that is not whole begins."""
        at, end = 0, len(data)
        while end - at >= 2:
            first, size = data[at], data[at + 1]
            self._check(first, size)
            body = at + 2
            size &= ~_MASKED
            if size > _CONTROL_MOST:
                wide = 2 if size == 126 else 8
                if end - body < wide:
                    break
                size = int.from_bytes(data[body : body + wide], "big")
                body += wide
            self._check_size(first & _OPCODE, size)
            if end - body < 4 + size:
                break
            at = body + 4 + size
            payload = unmasked(data[body + 4 : at], data[body : body + 4])
            self._take(bool(first & _FINAL), Opcode(first & _OPCODE), payload, happened)
        return at

    def _check(self, first: int, size: int) -> None:
        """Whether a frame may begin so: known, masked, and where a frame of its kind may stand."""
        opcode = first & _OPCODE
        if first & _RESERVED or not size & _MASKED or opcode not in _KNOWN:
            raise _Violation(PROTOCOL_ERROR)
        if opcode >= Opcode.CLOSE:
            if not first & _FINAL or size & ~_MASKED > _CONTROL_MOST:
                raise _Violation(PROTOCOL_ERROR)
        elif (opcode == Opcode.CONTINUATION) is (self._parts is None):
            raise _Violation(PROTOCOL_ERROR)

    def _check_size(self, opcode: int, size: int) -> None:
        if size >> 63:
            raise _Violation(PROTOCOL_ERROR)
        if opcode < Opcode.CLOSE and size + len(self._parts or b"") > self._largest:
            raise _Violation(TOO_LARGE)

    def _take(self, final: bool, opcode: Opcode, payload: bytes, happened: list[Happening]) -> None:
        if opcode >= Opcode.CLOSE:
            if opcode is Opcode.CLOSE:
                _check_close(payload)
            happened.append(Event(opcode, payload))
        elif final and self._parts is None:
            happened.append(_message(opcode, payload))
        else:
            self._gather(final, opcode, payload, happened)

    def _gather(
        self, final: bool, opcode: Opcode, payload: bytes, happened: list[Happening]
    ) -> None:
        if self._parts is None:
            self._opcode, self._parts, self._fragments = opcode, bytearray(), 0
        self._parts += payload
        self._fragments += 1
        if self._fragments > FRAGMENTS_MOST:
            raise _Violation(TOO_LARGE)
        if final:
            assert self._opcode is not None
            whole, self._parts = bytes(self._parts), None
            happened.append(_message(self._opcode, whole))


_KNOWN = frozenset(Opcode)


def unmasked(payload: bytes, key: bytes) -> bytes:
    """``payload`` with the four bytes of ``key`` laid over it again and again (section 5.3)."""
    size = len(payload)
    keys = (key * (size // 4 + 1))[:size]
    plain = int.from_bytes(payload, "little") ^ int.from_bytes(keys, "little")
    return plain.to_bytes(size, "little")


def _message(opcode: Opcode, payload: bytes) -> Happening:
    return Text(_text(payload)) if opcode is Opcode.TEXT else Event(opcode, payload)


def _text(payload: bytes) -> str:
    try:
        return payload.decode()
    except UnicodeDecodeError:
        raise _Violation(BAD_TEXT) from None


def _check_close(payload: bytes) -> None:
    """Section 7.4: a close frame has no code, or one that may be sent, and then a text."""
    if not payload:
        return
    code = int.from_bytes(payload[:2], "big")
    named = 1000 <= code <= 1014 and code not in (1004, 1005, 1006)
    if len(payload) == 1 or not (named or 3000 <= code <= _CODES_MOST):
        raise _Violation(PROTOCOL_ERROR)
    _text(payload[2:])
