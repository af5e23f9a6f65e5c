"""What the tests of starting share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.start.forks import Forks


@pytest.fixture(scope="package")
def forks() -> Iterator[Forks]:
    """Runs the program without importing it anew."""
    forks = Forks()
    yield forks
    forks.close()
