"""A message's text, checked once at the line."""

from __future__ import annotations

from core.errors import ChatError

LONGEST = 10_000
"""Characters."""

_SURROGATES = range(0xD800, 0xE000)
_UNWANTED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF, *_SURROGATES])


def clean(text: str) -> str:
    """As it is kept: newlines are ``\\n``, no control characters, not blank.

    Raises `post_empty` or `post_too_long`.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_UNWANTED).rstrip()
    if not text.strip():
        raise ChatError("post_empty")
    if len(text) > LONGEST:
        raise ChatError("post_too_long", limit=LONGEST)
    return text.lstrip("\n")
