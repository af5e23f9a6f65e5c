"""Files that may not be written, also for tests that run as root."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65_534


@contextmanager
def as_someone_without_rights() -> Iterator[None]:
    """Root may write everywhere; give that up for a moment."""
    if os.getuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


def open_to_others(folder: Path) -> Path:
    """Let others get as far as ``folder``: pytest's own folders are closed to them."""
    for place in (folder, *folder.parents):
        if place.stat().st_mode & 0o005 != 0o005:
            place.chmod(place.stat().st_mode | 0o055)
    return folder
