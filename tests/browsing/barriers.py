"""Runs axe-core in a page: what it finds serious keeps somebody out."""

from __future__ import annotations

from functools import cache

import pytest
from playwright.async_api import Page

from tools.node import MODULES, install

_RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(it => `${id}: ${it.html} ${it.any[0]?.message ?? ""}`));
}"""


@cache
def axe() -> str:
    """The program, as package-lock.json has it."""
    if not install():
        pytest.skip("npm could not fetch axe-core")
    return (MODULES / "axe-core" / "axe.min.js").read_text("utf-8")


async def find_barriers(page: Page) -> list[str]:
    if await page.evaluate("typeof axe === 'undefined'"):
        await page.evaluate(axe())
    found: list[str] = await page.evaluate(_RUN)
    return found
