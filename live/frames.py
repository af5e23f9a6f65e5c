"""WebSocket frames made once for many receivers (RFC 6455, section 5.2)."""

from __future__ import annotations

_FINAL_TEXT = 0x81


def text_frame(payload: bytes) -> bytes:
    """``payload`` (UTF-8) as one whole, unmasked text frame from the server."""
    size = len(payload)
    if size < 126:
        return bytes((_FINAL_TEXT, size)) + payload
    if size < 65_536:
        return bytes((_FINAL_TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FINAL_TEXT, 127)) + size.to_bytes(8, "big") + payload
