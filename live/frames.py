"""WebSocket frames of the server, made once for many receivers (RFC 6455, section 5.2)."""

from __future__ import annotations

from live.wire import Opcode

_FINAL = 0x80
_FINAL_TEXT = _FINAL | Opcode.TEXT
_CONTROL_MOST = 125


def text_frame(payload: bytes) -> bytes:
    """``payload`` (UTF-8) as one whole, unmasked text frame."""
    size = len(payload)
    if size < 126:
        return bytes((_FINAL_TEXT, size)) + payload
    if size < 65_536:
        return bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big") + payload


def control_frame(opcode: Opcode, payload: bytes = b"") -> bytes:
    """A ping, pong or close frame; 125 bytes are the most it may hold."""
    assert len(payload) <= _CONTROL_MOST
    return bytes((_FINAL | opcode, len(payload))) + payload


def close_frame(code: int) -> bytes:
    """A close frame that says why."""
    return control_frame(Opcode.CLOSE, code.to_bytes(2, "big"))
