"""Only a Chromium that starts is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import browser


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A PATH of nothing but this folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "playwrights_own", lambda: tmp_path / "absent")
    browser.find.cache_clear()
    yield tmp_path
    browser.find.cache_clear()


def put(folder: Path, name: str, script: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_there_may_be_none(programs: Path) -> None:
    assert browser.find() is None


def test_a_hint_to_install_a_snap_is_passed_over(programs: Path) -> None:
    put(programs, "chromium-browser", "echo 'Command requires the chromium snap' >&2; exit 1")
    chrome = put(programs, "google-chrome", "echo 'Google Chrome 150'")
    assert browser.find() == chrome
