"""The catalogue of errors: what is raised is in it, and what is in it is raised."""

from __future__ import annotations

import ast
import re

from core.errors import ERRORS
from tests.sources import sources


def strings() -> set[str]:
    """Every text constant of the program outside the catalogue itself."""
    return {
        node.value
        for source in sources()
        if source.path != "core/errors.py"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def raised() -> set[str]:
    """The codes given to ChatError by name."""
    return {
        node.args[0].value
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "ChatError"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_every_raised_code_is_in_the_catalogue() -> None:
    assert raised() <= ERRORS.keys()
    assert len(raised()) > 30


def test_every_code_of_the_catalogue_is_used() -> None:
    assert ERRORS.keys() - strings() == set()


def raisers() -> list[tuple[str, str, set[str]]]:
    """(where, code, names of what is given) for each ChatError raised by a literal code."""
    return [
        (
            f"{source.path}:{node.lineno}",
            node.args[0].value,
            {keyword.arg for keyword in node.keywords if keyword.arg},
        )
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) == "ChatError"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def placeholders(code: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", ERRORS[code].text))


def test_whoever_raises_gives_what_the_text_asks_for() -> None:
    """A sentence with a hole in it must be raised by name, with what fills the hole."""
    wrong = [
        f"{where}: {code} needs {placeholders(code)}, gets {given}"
        for where, code, given in raisers()
        if placeholders(code) != given - {"retry_after"}
    ]
    assert wrong == []
    by_name = {code for _, code, _ in raisers()}
    assert {code for code in ERRORS if placeholders(code)} <= by_name


def test_texts_have_no_other_placeholders() -> None:
    for kind in ERRORS.values():
        filled = kind.text % dict.fromkeys(placeholders(kind.code), "x")
        assert "%" not in filled
        assert filled.endswith((".", "!")), kind.code


def test_statuses_are_errors_and_waiting_is_retryable() -> None:
    for kind in ERRORS.values():
        assert 400 <= kind.status < 600
        assert kind.retryable == (kind.status in (429, 500, 503, 507)), kind.code
