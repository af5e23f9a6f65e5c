"""A house for each test, and windows into it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import expect

from tests.browsing.watch import Watch
from tests.browsing.window import Window, catalogs
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
    made: list[Window] = []

    async def enter(who: Visitor | None = None, path: str = "/", **options: Any) -> Window:
        made.append(await open_window(new_profile, house.origin, who, path, **options))
        return made[-1]

    yield enter
    for window in made:
        window.watch.check()


async def open_window(
    new_profile: NewProfile, origin: str, who: Visitor | None, path: str, **options: Any
) -> Window:
    locale = options.setdefault("locale", "en-US")
    profile = await new_profile(**options)
    profile.set_default_timeout(PATIENCE)
    cookies = who.cookies if who else {}
    await profile.add_cookies(
        [{"name": name, "value": value, "url": origin} for name, value in cookies.items()]
    )
    language = catalogs().choose(locale).language
    window = Window(await profile.new_page(), origin, Watch(profile, origin), language)
    await window.go(path)
    return window
