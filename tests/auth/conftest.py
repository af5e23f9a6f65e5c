"""A house for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.auth.house import House, StillClock


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()
