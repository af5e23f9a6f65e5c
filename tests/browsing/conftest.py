"""A house for each test, and windows into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browsing.watch import Watch
from tests.browsing.window import Window
from tests.conftest import NewProfile
from tests.house import House, open_house
from tests.people import Visitor

PATIENCE = 15_000
"""Milliseconds that a test waits for what must come."""

expect.set_options(timeout=PATIENCE)


class Enter(Protocol):
    """Opens a window in a new profile, logged in as ``who`` or as nobody."""

    async def __call__(
        self, who: Visitor | None = None, path: str = "/", **options: Any
    ) -> Window: ...


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def enter(house: House, new_profile: NewProfile) -> AsyncIterator[Enter]:
    """Options are those of Browser.new_context. In the end all windows must have been silent."""
    watches: list[Watch] = []

    async def made(who: Visitor | None = None, path: str = "/", **options: Any) -> Window:
        profile = await new_profile(**{"locale": "en-US", **options})
        profile.set_default_timeout(PATIENCE)
        watches.append(Watch(profile, house.origin))
        if who:
            await take_cookies(profile, house.origin, who)
        window = Window(await profile.new_page(), house.origin, watches[-1])
        await window.go(path)
        return window

    yield made
    for watch in watches:
        watch.check()


async def take_cookies(profile: BrowserContext, origin: str, who: Visitor) -> None:
    """From now on the profile is the visitor's browser."""
    await profile.add_cookies(
        [{"name": name, "value": value, "url": origin} for name, value in who.cookies.items()]
    )
