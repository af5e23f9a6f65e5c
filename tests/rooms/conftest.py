"""A house, and the people who live in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.records import Identity, Role
from storage.migrate import migrate
from tests.rooms.house import House


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once; each house gets a copy."""
    file = tmp_path_factory.mktemp("empty") / "chatelaine.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def house(tmp_path: Path, empty_database: Path) -> Iterator[House]:
    house = House(tmp_path, empty_database)
    yield house
    house.close()


@pytest.fixture
async def ann(house: House) -> Identity:
    """Makes the rooms, and so owns them."""
    return await house.person("ann")


@pytest.fixture
async def bo(house: House) -> Identity:
    """Gets invited."""
    return await house.person("bo")


@pytest.fixture
async def cy(house: House) -> Identity:
    """A stranger."""
    return await house.person("cy")


@pytest.fixture
async def gus(house: House) -> Identity:
    return await house.person("gus", Role.GUEST)


@pytest.fixture
async def adam(house: House) -> Identity:
    return await house.person("adam", Role.ADMIN)
