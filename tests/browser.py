"""Finds a Chromium for the tests, or installs one: `python -m tests.browser`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from playwright.sync_api import sync_playwright

from tools.findings import note_missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The address bar's pop-ups cost a process for each window, and nobody types there. All others are
# of the list that Playwright passes, which this one replaces.
WITHOUT = (
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxPopup",
    "AimEnabled",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    f"--disable-features={','.join(WITHOUT)}",
)


@cache
def find() -> Path | None:
    """A Chromium that starts: of the system, or the one that Playwright keeps."""
    return next((path for path in candidates() if starts(path)), None)


def candidates() -> Iterator[Path]:
    for name in NAMES:
        if path := shutil.which(name):
            yield Path(path)
    yield playwrights_own()


def playwrights_own() -> Path:
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def starts(path: Path) -> bool:
    """Ubuntu's chromium-browser may be a mere hint to install a snap."""
    if not path.exists():
        return False
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ("apt-get", "-o", "DPkg::Lock::Timeout=120", "--quiet", "--yes")
        subprocess.run([*apt, "update"], env=environment, check=False)
        packages = ("chromium", "fonts-noto-cjk")
        subprocess.run([*apt, "install", *packages], env=environment, check=False)
    find.cache_clear()
    if find() is None:
        command = [sys.executable, "-m", "playwright", "install", "chromium"]
        subprocess.run(command, stdin=subprocess.DEVNULL, check=False)
        find.cache_clear()


def main() -> int:
    if find() is None:
        install()
    if find() is None:
        return note_missing("the tests in the browser: install one with: apt-get install chromium")
    return 0


if __name__ == "__main__":
    sys.exit(main())
