"""What may be a name to log in with."""

import pytest

from auth import names
from core.errors import ChatError


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("ann", "ann"),
        ("Ann", "ann"),
        (" ann ", "ann"),
        ("ＡＮＮ", "ann"),
        ("anna.lee-1_2", "anna.lee-1_2"),
        ("小明", "小明"),
        ("анна", "анна"),
        ("x" * 32, "x" * 32),
    ],
)
def test_one_form_however_typed(raw: str, name: str) -> None:
    assert names.prepare(raw) == name
    assert names.find(raw) == name


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "a",
        "x" * 33,
        "ann lee",
        "a\u200bnn",
        "a\u202enn",
        "ann\n",
        "😀😀",
        "a\x00",
        "--",
        "\ud800a",
    ],
)
def test_refused(raw: str) -> None:
    with pytest.raises(ChatError) as refused:
        names.prepare(raw)
    assert refused.value.code == "name_bad"


@pytest.mark.parametrize("raw", ["admin", "ADMIN", "аdmin", "系统"])
def test_reserved(raw: str) -> None:
    with pytest.raises(ChatError) as refused:
        names.prepare(raw)
    assert refused.value.code == "name_reserved"
