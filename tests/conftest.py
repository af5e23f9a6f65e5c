"""What all tests share: the browser, and the rule that nothing is skipped in silence."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings
from playwright.async_api import Browser, BrowserContext, async_playwright

from core import logs
from tests.browser import FLAGS, find
from tools.findings import findings, strict

# A shell lets what it starts in the background ignore it, and so would the programs of the tests.
signal.signal(signal.SIGINT, signal.default_int_handler)
logs.configure("warning")
settings.register_profile("default", deadline=None)
settings.register_profile("soak", deadline=None, max_examples=5000)
settings.load_profile("default")


class NewProfile(Protocol):
    """Makes a browser profile of its own, as another person's computer would have."""

    async def __call__(self, **options: Any) -> BrowserContext: ...


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = find()
    if found is None:
        pytest.skip("no Chromium")
    return found


@pytest.fixture(scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        await started.close()


@pytest.fixture
async def new_profile(browser: Browser) -> AsyncIterator[NewProfile]:
    """Options are those of Browser.new_context: locale, color_scheme, viewport, ..."""
    made: list[BrowserContext] = []

    async def make(**options: Any) -> BrowserContext:
        made.append(await browser.new_context(**options))
        return made[-1]

    yield make
    for context in made:
        await context.close()


def unsettled(reporter: pytest.TerminalReporter) -> list[str]:
    skipped = reporter.stats.get("skipped", [])
    return [*findings(), *(f"skipped: {report.nodeid}" for report in skipped)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if found := unsettled(terminalreporter):
        terminalreporter.section("besides the tests")
        for finding in found:
            terminalreporter.line(finding)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    passed = session.exitstatus == pytest.ExitCode.OK
    if strict() and passed and reporter and unsettled(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
