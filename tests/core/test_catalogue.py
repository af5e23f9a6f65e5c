"""The catalogue of errors: what is raised is in it, and what is in it is raised."""

from __future__ import annotations

import ast

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


def test_statuses_are_errors_and_waiting_is_retryable() -> None:
    for kind in ERRORS.values():
        assert 400 <= kind.status < 600
        assert kind.retryable == (kind.status in (429, 500, 503)), kind.code
