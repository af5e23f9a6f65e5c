"""A page without a chat, in which the modules can be imported."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.async_api import Browser, Page, Route

from web.assets import PREFIX, Assets
from web.headers import security_headers

HOST = "http://localhost:9"
"""Nobody listens there: all requests are answered here."""

STATIC = Path(__file__).parents[2] / "static"


class Run(Protocol):
    """Runs the body of an async function in the page, with ``given``, and returns its answer."""

    async def __call__(self, program: str, given: Any = None) -> Any: ...


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets(STATIC)


@dataclass(frozen=True)
class Stage:
    """One page for all these tests, and what it complained of: the modules keep nothing in it."""

    page: Page
    troubles: list[str]


@pytest.fixture(scope="session")
async def stage(browser: Browser, assets: Assets) -> AsyncIterator[Stage]:
    profile = await browser.new_context(locale="en-US", timezone_id="Europe/Berlin")
    stage = Stage(await profile.new_page(), [])
    stage.page.on("pageerror", lambda error: stage.troubles.append(str(error)))
    stage.page.on("console", lambda message: stage.troubles.append(message.text))
    await stage.page.route(f"{HOST}/**", lambda route: answer(route, assets))
    await stage.page.goto(HOST)
    yield stage
    await profile.close()


@pytest.fixture
def run(stage: Stage) -> Iterator[Run]:
    """In the end nothing may have been thrown, and nothing refused by the policy."""

    async def inside(program: str, given: Any = None) -> Any:
        return await stage.page.evaluate(f"async given => {{ {program} }}", given)

    stage.troubles.clear()
    yield inside
    assert stage.troubles == []


async def answer(route: Route, assets: Assets) -> None:
    path = route.request.url.removeprefix(HOST)
    headers = dict(security_headers(secure=False, nonce="n"))
    asset, _ = assets.find(path.removeprefix(PREFIX))
    if asset is not None:
        await route.fulfill(body=asset.content, content_type=asset.media_type, headers=headers)
    else:
        await route.fulfill(body=empty_page(assets), content_type="text/html", headers=headers)


def empty_page(assets: Assets) -> str:
    script = f'<script type="importmap" nonce="n">{assets.import_map()}</script>'
    return f'<!doctype html><html lang="en">{script}'
