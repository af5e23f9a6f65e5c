"""One file with all that a new machine needs: the database, the keys, the settings."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path

from auth.keys import FILE as KEYS
from core.config import Config
from core.errors import ConfigError
from storage import sqlite
from storage.restoring import continue_elsewhere


def back_up(config: Config, target: Path) -> None:
    """Write a tar file (mode 0600) to unpack into an empty data folder.

    The copy of the database is consistent also while the server runs. Raises `ConfigError`.
    """
    database = sqlite.file_of(config.database_url)
    if database is None:
        raise ConfigError("This database is not SQLite's: back it up with its own tools.")
    if not database.exists():
        raise ConfigError(f"There is no database in {config.data_folder} yet.")
    try:
        _write(config.data_folder, database, target)
    except FileExistsError:
        raise ConfigError(f"{target} is there already; name another file.") from None
    except OSError as error:
        raise ConfigError(f"The backup {target} cannot be written: {error.strerror}.") from None


def _write(folder: Path, database: Path, target: Path) -> None:
    """All of it or nothing."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as tar:
            _fill(tar, folder, database, target.parent)
    except BaseException:
        target.unlink()
        raise


def _fill(tar: tarfile.TarFile, folder: Path, database: Path, beside: Path) -> None:
    with tempfile.TemporaryDirectory(dir=beside) as workplace:
        copy = Path(workplace) / database.name
        sqlite.backup(database, copy)
        continue_elsewhere(copy)
        tar.add(copy, database.name)
    for name in (KEYS, "config.yaml"):
        if (folder / name).exists():
            tar.add(folder / name, name)
