"""Keys under which texts that look alike collide (UTS #39, section 4, and case and width)."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from unicodedata import category, normalize

DATA = Path(__file__).parent / "data" / "confusables.txt"

_ROUNDS = 5

# Drawn like l by most fonts, though Unicode says i.
_MORE = {"\u04cf": "l"}


def skeleton(text: str) -> str:
    """What ``text`` looks like: two texts with one skeleton can be taken for each other.

    Stronger than UTS #39: compatibility forms, spaces and w/vv are folded too. Idempotent.
    """
    for _ in range(_ROUNDS):
        before, text = text, _fold_looks(text)
        if text == before:
            break
    return text


def keys(text: str) -> frozenset[str]:
    """The keys of a name: two names clash when they share a key.

    One key is for the looks as written ("AIice" = "Alice"); the others for the looks in lower and
    in upper case, because people do not tell names apart by case ("НANNA" = "hanna").
    """
    shown = normalize("NFKC", text)
    return frozenset(
        (
            "=" + skeleton(skeleton(shown).casefold()),
            "-" + skeleton(shown.casefold()),
            "+" + skeleton(shown.upper()),
        )
    )


def _fold_looks(text: str) -> str:
    decomposed = normalize("NFD", normalize("NFKC", text))
    table = _prototypes()
    seen = (table.get(char, char) for char in decomposed if not _leaves_no_ink(char))
    return normalize("NFD", "".join(seen)).replace("w", "vv").replace("W", "VV")


def _leaves_no_ink(char: str) -> bool:
    """Or so little that it passes for an underlined or struck text: U+0332 to U+0338."""
    barely = char in VARIATION_SELECTORS or "\u0332" <= char <= "\u0338"
    return barely or category(char) in ("Cc", "Cf", "Zs")


@cache
def _prototypes() -> dict[str, str]:
    rows = (row for row in DATA.read_text(encoding="ascii").splitlines() if row[0] != "#")
    pairs = (row.split(":") for row in rows)
    return {chr(int(source, 16)): _text(target) for source, target in pairs} | _MORE


def _text(points: str) -> str:
    return "".join(chr(int(point, 16)) for point in points.split())


VARIATION_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
