"""What may be a nickname, and how it is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth import nicknames
from core.errors import ChatError
from tests.auth.refusals import refusal


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Ann", "Ann"),
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\u00a0Lee", "Ann Lee"),
        ("Ａｎｎ", "Ann"),
        ("安", "安"),
        ("小明 🎉", "小明 🎉"),
        ("❤️", "❤"),  # its colour is the reader's
        ("José", "José"),
        ("Jose\u0301", "José"),
        ("O'Neil", "O'Neil"),
        ("Ann@home", "Ann@home"),
        ("Ann #1", "Ann #1"),
        ("Анна", "Анна"),
        ("שרה", "שרה"),
        ("سارة", "سارة"),
        ("दीपा", "दीपा"),
        ("x" * 40, "x" * 40),
    ],
)
def test_shown_as_written_but_for_width_and_spaces(raw: str, shown: str) -> None:
    assert nicknames.prepare(raw) == shown


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("", "nickname_length"),
        ("   ", "nickname_length"),
        ("x" * 41, "nickname_length"),
        ("x" * 100_000, "nickname_length"),
        ("Ann\nBo", "nickname_bad"),
        ("Ann\x00", "nickname_bad"),
        ("A\u200bnn", "nickname_bad"),
        ("A\u200dnn", "nickname_bad"),
        ("\u202eAnn", "nickname_bad"),
        ("\u2066Ann", "nickname_bad"),
        ("Ann\u00ad", "nickname_bad"),
        ("\ufeffAnn", "nickname_bad"),
        ("A\U000e0041nn", "nickname_bad"),  # a tag character
        ("\u3164", "nickname_bad"),  # the Hangul filler
        ("A\u2800nn", "nickname_bad"),  # a braille pattern without dots
        ("\ufffc", "nickname_bad"),
        ("\ud800", "nickname_bad"),
        ("@Ann", "nickname_bad"),
        ("#Ann", "nickname_bad"),
        ("  @Ann", "nickname_bad"),
        ("＠Ann", "nickname_bad"),
        ("﹟Ann", "nickname_bad"),
        ("...", "nickname_blank"),
        ("-", "nickname_blank"),
        ("\u0301Ann", "nickname_marks"),
        ("A\u0335\u0336\u0337\u0338nn", "nickname_marks"),
        ("Ann שרה", "nickname_direction"),
        ("שרה1a", "nickname_direction"),
        ("admin", "nickname_reserved"),
        ("Admin", "nickname_reserved"),
        ("ＡＤＭＩＮ", "nickname_reserved"),
        ("аdmin", "nickname_reserved"),  # Cyrillic а
        ("adrnin", "nickname_reserved"),
        ("Adm1n", "nickname_reserved"),
        ("a l l", "nickname_reserved"),
        ("aII", "nickname_reserved"),
        ("Chate1aine", "nickname_reserved"),
        ("管理员", "nickname_reserved"),
        ("系统", "nickname_reserved"),
        ("所有人", "nickname_reserved"),
    ],
)
def test_refused_with_a_reason(raw: str, code: str) -> None:
    with pytest.raises(ChatError) as refused:
        nicknames.prepare(raw)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_shown_safely_or_refused(raw: str) -> None:
    refused = refusal(lambda: nicknames.prepare(raw))
    if refused is not None:
        assert refused.code.startswith("nickname_")
        return
    shown = nicknames.prepare(raw)
    assert nicknames.prepare(shown) == shown
    assert shown.isprintable()
    assert 1 <= len(shown) <= nicknames.LONGEST


@pytest.mark.parametrize("other", ["ANN LEE", "ann  lee", "Ａｎｎ Lee"])
def test_compared_without_case_and_width(other: str) -> None:
    assert nicknames.compared("Ann Lee") == nicknames.compared(other)
