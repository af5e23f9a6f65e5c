"""What only SQLite needs: its pragmas, its way to begin, its backup."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import ArgumentError

from core.errors import ConfigError

BUSY_MS = 5_000
WAL_PAGES = 4_000
"""Pages that the write-ahead log may hold before they are brought into the database: 16 MB. The
same few pages are written by many commits, and brought over once."""
ROOM_LEFT = 2**20
"""Bytes on the disk below which it counts as full."""


def prepare(engine: Engine, *, read_only: bool) -> None:
    """Make each connection durable (WAL, FULL) and its transactions explicit.

    Writers begin IMMEDIATE: a deferred transaction that turns into a writing one can fail at once,
    without waiting (https://www.sqlite.org/lang_transaction.html).
    """
    begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in _pragmas(read_only):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


def _pragmas(read_only: bool) -> list[str]:
    common = [f"busy_timeout = {BUSY_MS}", "foreign_keys = ON", "cache_size = -16000"]
    if read_only:
        return [*common, "query_only = ON"]
    wal = ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0")
    return [*common, *wal]


def checkpoint_while_writing(engine: Engine) -> None:
    """New connections bring the write-ahead log into the database as it grows.

    For one connection of one program only: up to SQLite 3.51.2 two that do it at the same moment
    can damage the file (https://www.sqlite.org/wal.html).
    """

    @event.listens_for(engine, "connect")
    def on_connect(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute(f"PRAGMA wal_autocheckpoint = {WAL_PAGES}")


_WITHOUT_ROOM = ("SQLITE_IOERR", "SQLITE_CANTOPEN")
"""What was also seen on disks without a free byte."""


def is_full(error: BaseException | None, file: Path | None) -> bool:
    """Whether ``error`` comes of a full disk. SQLite says so, or only `_WITHOUT_ROOM`."""
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL":
        return True
    return name.startswith(_WITHOUT_ROOM) and file is not None and _has_no_room(file.parent)


def _has_no_room(folder: Path) -> bool:
    try:
        disk = os.statvfs(folder)
    except OSError:
        return False
    return disk.f_bavail * disk.f_frsize < ROOM_LEFT


def file_of(url: str) -> Path | None:
    """The file behind a database URL, or None when it is not the URL of an SQLite file."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return None
    if parsed.drivername != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(parsed.database)


def backup(source: Path, target: Path) -> None:
    """Copy a database that may be in use, whole and consistent. Raises `ConfigError`."""
    try:
        with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as copy:
            origin.backup(copy)
    except sqlite3.Error:
        raise ConfigError(f"{source} cannot be copied to {target}: is it a database?") from None
