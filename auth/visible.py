"""What of a text can be seen, and how many marks are stacked on it."""

from __future__ import annotations

from itertools import groupby
from unicodedata import category

MARKS_PER_LETTER = 2

# Characters that Unicode calls letters or symbols, and fonts draw as nothing (or as a box).
_BLANK = frozenset(
    "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\ufffd\U0001d159\U00016fe4\U0001da7f"
)


def has_blank(text: str) -> bool:
    """Whether a character would be drawn as nothing though it is no space."""
    return any(char in _BLANK for char in text)


def has_ink(text: str) -> bool:
    """Whether there is a letter, a digit or a symbol, and not only punctuation and marks."""
    return any(category(char)[0] in "LN" or category(char) == "So" for char in text)


def too_many_marks(text: str) -> bool:
    """Whether marks stand without a letter, or are stacked high enough to reach other lines."""
    if category(text[0])[0] == "M":
        return True
    runs = groupby(text, key=lambda char: category(char) in ("Mn", "Me"))
    return any(is_mark and len(list(run)) > MARKS_PER_LETTER for is_mark, run in runs)
