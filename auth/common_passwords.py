"""Which passwords an attacker would try first."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from unicodedata import normalize

from core.errors import ChatError

DATA = Path(__file__).parent / "data" / "common-passwords.txt"
ROWS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")

_FEWEST_DIFFERENT = 4
_TAIL = re.compile(r"[\d\W_]{1,4}$")
_DATE = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


def check_guessable(password: str, *names: str) -> None:
    """Raises `ChatError` password_is_name or password_common."""
    folded = _fold(password)
    stem = _TAIL.sub("", folded)
    if {folded, folded[::-1], stem} & {_fold(name) for name in names if name}:
        raise ChatError("password_is_name")
    if _is_pattern(folded) or not _common().isdisjoint((folded, stem)):
        raise ChatError("password_common")


def _is_pattern(folded: str) -> bool:
    if len(set(folded)) < _FEWEST_DIFFERENT or _DATE.fullmatch(folded):
        return True
    return any(folded in row or folded in row[::-1] for row in ROWS)


def _fold(text: str) -> str:
    return normalize("NFKC", text).casefold()


@cache
def _common() -> frozenset[str]:
    return frozenset(DATA.read_text(encoding="utf-8").split("\n"))
