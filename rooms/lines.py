"""What people type on one line: names, topics, reasons."""

from __future__ import annotations

import unicodedata

from core.errors import ChatError

WHY_LENGTH = 200


def one_line(text: str, shortest: int, longest: int, error: str) -> str:
    """``text`` as it is kept. Raises `ChatError` ``error`` if it cannot be."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in line)
    if hidden or not shortest <= len(line) <= longest:
        raise ChatError(error)
    return line
