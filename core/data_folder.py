"""The folder that holds everything that must not be lost."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from core.errors import ConfigError

LOCK = "lock"


def prepare(folder: Path) -> None:
    """Make the folder (mode 0700) if need be. Raises `ConfigError` if it cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK | os.X_OK)
    except OSError:
        writable = False
    if not writable:
        raise _unwritable(folder)


def claim(folder: Path) -> int:
    """Keep other servers off the folder for as long as this process runs; returns the handle."""
    try:
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        raise _unwritable(folder) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise ConfigError(f"Another Chatelaine is running on the data folder {folder}.") from None
    return handle


def _unwritable(folder: Path) -> ConfigError:
    return ConfigError(
        f"The data folder {folder} cannot be written; give this user the right to,"
        " or name another folder in CHATELAINE_DATA."
    )
