"""Finds libfaketime, by which a test gives a program another clock, or installs it:
`python -m tests.faketime`.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from tools.findings import note_missing

FOLDERS = ("/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")


@cache
def find() -> Path | None:
    """The variant for programs with threads."""
    found = (path for folder in FOLDERS for path in Path(folder).rglob("libfaketimeMT.so.1"))
    return next(found, None)


def install() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        apt = ("apt-get", "-o", "DPkg::Lock::Timeout=120", "--quiet", "--yes")
        subprocess.run([*apt, "update"], env=environment, check=False)
        subprocess.run([*apt, "install", "faketime"], env=environment, check=False)
    find.cache_clear()


def environment(control: Path) -> dict[str, str]:
    """For a program whose wall clock is off by what ``control`` says just now: "+3600", "-3600"."""
    library = find()
    assert library is not None
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(control),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        "DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
        "NO_FAKE_STAT": "1",
    }


def main() -> int:
    if find() is None:
        install()
    if find() is None:
        return note_missing("the tests of clocks: install it with: apt-get install faketime")
    return 0


if __name__ == "__main__":
    sys.exit(main())
