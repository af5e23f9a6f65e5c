"""What becomes of a text on its way in."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from messages.text import LONGEST, clean
from tests.auth.refusals import refusal

KEPT = [
    ("hello", "hello"),
    ("你好", "你好"),
    ("a\nb", "a\nb"),
    ("a\r\nb\rc", "a\nb\nc"),
    ("\n\n  indented", "  indented"),
    ("trailing  \n\n", "trailing"),
    ("tab\tstays", "tab\tstays"),
    ("bell\x07null\x00delete\x7f", "bellnulldelete"),
    ("\ufeffmark", "mark"),
    ("👩‍👩‍👧", "👩‍👩‍👧"),
    ("e\N{COMBINING ACUTE ACCENT}", "e\N{COMBINING ACUTE ACCENT}"),
    ("\u202eright to left", "\u202eright to left"),
    ("```\ncode\n```", "```\ncode\n```"),
    ("x" * LONGEST, "x" * LONGEST),
    ("x" * LONGEST + " \n", "x" * LONGEST),
]


@pytest.mark.parametrize(("sent", "kept"), KEPT)
def test_what_is_kept(sent: str, kept: str) -> None:
    assert clean(sent) == kept


@pytest.mark.parametrize(
    "sent", ["", " ", "\n", "\r\n\t ", "\u3000", "\x00", "\ufeff", "\x07\n\x7f"]
)
def test_what_is_nothing(sent: str) -> None:
    error = refusal(lambda: clean(sent))
    assert error is not None and error.code == "post_empty"


def test_what_is_too_long() -> None:
    error = refusal(lambda: clean("x" * (LONGEST + 1)))
    assert error is not None and (error.code, error.params) == ("post_too_long", {"limit": LONGEST})


@given(st.text(st.characters(exclude_categories=()), max_size=40))
@example("half a pair: \ud800")
def test_whatever_is_kept_can_be_kept(sent: str) -> None:
    """It is storable, is not blank, and cleaning it again changes nothing."""
    error = refusal(lambda: clean(sent))
    if error is not None:
        assert error.code == "post_empty"
        return
    kept = clean(sent)
    assert kept.strip()
    assert kept.encode("utf-8").decode("utf-8") == kept
    assert clean(kept) == kept
