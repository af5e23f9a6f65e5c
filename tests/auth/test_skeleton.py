"""Look-alikes clash, and what can be told apart does not."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.skeleton import keys, skeleton

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def isassigned(char: str) -> bool:
    return category(char) not in ("Cn", "Co", "Cs", "Lo")  # of other letters, few have look-alikes


def clash(one: str, other: str) -> bool:
    return not keys(one).isdisjoint(keys(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "ann"),
        ("Ann", "ANN"),
        ("Ann", "Аnn"),  # Cyrillic А
        ("Ann", "Αnn"),  # Greek Α
        ("Ann", "Ａnn"),  # full width
        ("Ann", "𝐀𝐧𝐧"),  # mathematical bold
        ("Ann", "Ann "),
        ("Ann", "A\u200bnn"),
        ("Ann", "A\u202enn"),
        ("Ann", "Ann\ufe0f"),
        ("Alice", "AIice"),  # capital I
        ("Alice", "A1ice"),
        ("Alice", "Аӏісе"),  # Cyrillic throughout
        ("Bob", "B0b"),
        ("Bob", "ВOB"),  # Cyrillic В
        ("Mary", "rnary"),
        ("Wendy", "VVendy"),
        ("hanna", "НANNA"),  # Cyrillic Н looks like H, its small letter does not
        ("iris", "Іris"),  # Cyrillic І
        ("Ivan", "i\u03bdan"),  # Greek ν looks like v only in lower case, and i like I only in name
        ("josé", "jose\u0301"),
        ("李明", "李明"),
        ("カナ", "ｶﾅ"),  # half width
        ("口木", "ロ木"),  # a Chinese character and a Katakana letter
    ],
)
def test_look_alikes_clash(one: str, other: str) -> None:
    assert clash(one, other)


@pytest.mark.parametrize("point", range(0x0332, 0x0339), ids=hex)
@pytest.mark.parametrize("name", ["Ann", "李明"])
def test_an_underlined_or_struck_name_clashes_with_the_plain_one(name: str, point: int) -> None:
    line = chr(point)
    assert clash(name, "".join(char + line for char in name))
    assert clash(name, name + line)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "Anne"),
        ("Vick", "Nick"),  # ν is a small Ν in Greek only
        ("Ali", "All"),
        ("José", "Jose"),
        ("李明", "李朋"),
        ("Ann 2", "Ann 3"),
        ("😀", "😁"),
    ],
)
def test_different_looks_do_not_clash(one: str, other: str) -> None:
    assert not clash(one, other)


@given(TEXTS)
def test_a_skeleton_is_its_own(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(TEXTS)
def test_case_never_tells_apart_what_folds_to_the_same(text: str) -> None:
    assert clash(text, text.casefold())


def test_every_character_has_a_stable_skeleton() -> None:
    every = filter(isassigned, map(chr, range(0x110000)))
    unstable = [char for char in every if skeleton(skeleton(char)) != skeleton(char)]
    assert unstable == []
