"""Every page, panel and dialog: without barriers, in one language, never wider than its window."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, ViewportSize

from tests.browsing.barriers import find_barriers
from tests.browsing.conftest import Enter
from tests.browsing.tour import Tour
from tests.house import House

LIGHT = {"locale": "en-US", "color_scheme": "light"}
DARK = {"locale": "zh-CN", "color_scheme": "dark"}
WIDE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=320, height=640)
PEOPLE = {"ann", "bo", "cy", "dora"}
NAMES = PEOPLE | {
    "Chatelaine", "Hall", "Firefox", "Linux", "Ctrl", "Enter", "Shift", "CSV", "ID", "UTC",
}  # fmt: skip
"""Words that are the same in every language."""

_WORDS = """() => {
  const texts = [document.title];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const foreign = it => it.closest("[lang=en], code");
  const shown = it => it.checkVisibility({ visibilityProperty: true }) && !foreign(it);
  for (let at = walker.nextNode(); at; at = walker.nextNode()) {
    if (shown(at.parentElement)) texts.push(at.data);
  }
  for (const it of document.body.querySelectorAll("*")) {
    if (!shown(it)) continue;
    for (const name of ["aria-label", "title", "placeholder", "alt"]) {
      texts.push(it.getAttribute(name) ?? "");
    }
  }
  return texts.join("\\n").replace(/https?:\\S+|w{99,}/g, "").match(/[A-Za-z]{2,}/g) ?? [];
}"""
_TOO_WIDE = """() => {
  const wide = it => it.scrollWidth > it.clientWidth;
  const scrolls = it => ["auto", "scroll"].includes(getComputedStyle(it).overflowX);
  const inside = [...document.body.querySelectorAll("*")].filter(it => wide(it) && scrolls(it));
  const page = wide(document.scrollingElement) ? [document.scrollingElement] : [];
  return [...page, ...inside.filter(it => !it.matches("pre, textarea"))].map(it => it.outerHTML);
}"""


@pytest.mark.timeout(180)
@pytest.mark.parametrize("options", [LIGHT, DARK], ids=["light", "dark"])
async def test_every_page(house: House, enter: Enter, options: dict[str, Any]) -> None:
    async for name, window in Tour(house, enter, {"viewport": WIDE, **options}).stops():
        await speaks_only(window.page, options["locale"], name)
        assert await find_barriers(window.page) == [], name
        await window.page.set_viewport_size(NARROW)
        assert await window.page.evaluate(_TOO_WIDE) == [], name
        await window.page.set_viewport_size(WIDE)


async def speaks_only(page: Page, locale: str, where: str) -> None:
    """The page's language, and no English in a Chinese page."""
    assert await page.locator("html").get_attribute("lang") == locale.removesuffix("-US"), where
    if locale == "zh-CN":
        assert set(await page.evaluate(_WORDS)) - NAMES == set(), where
