"""The house that the tests of web/ ask."""

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.web.handlers import ROUTES
from tests.web.house import House, open_house


@pytest_asyncio.fixture
async def house() -> AsyncIterator[House]:
    async with open_house(ROUTES) as opened:
        yield opened
