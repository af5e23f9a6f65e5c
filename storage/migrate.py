"""Bring a database to the shape this program knows, or say why that cannot be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.command import upgrade
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.pool import NullPool

from core.errors import ConfigError
from storage import sqlite

FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str, *, may_be_new: bool = True) -> None:
    """Upgrade to the newest revision; SQLite is backed up beside itself first.

    ``may_be_new``: whether one is made where there is none, or only an empty file. Raises
    `ConfigError` when the database is newer than this program, or cannot be opened.
    """
    if sqlite.file_of(url) is None:
        raise ConfigError(
            "Wrong value for setting 'database': only SQLite files are known, written like"
            " sqlite:////srv/chatelaine.db; leave it empty for one in the data folder."
        )
    script = ScriptDirectory(str(FOLDER))
    head = script.get_current_head()
    try:
        current = _revision(url)
        if current == head:
            return
        if current is None and not may_be_new:
            raise ConfigError(_gone(url))
        _refuse_unknown(script, current, url)
        if current is not None:
            _back_up(url, current)
        _upgrade(url)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise ConfigError(_unusable(url, error)) from None


def check_current(url: str) -> None:
    """For who only reads. Raises `ConfigError` unless the database is of the newest revision."""
    try:
        current = _revision(url, read_only=True)
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise ConfigError(_unusable(url, error)) from None
    if current is None:
        raise ConfigError("There is no database here yet: start the server once.")
    if current != ScriptDirectory(str(FOLDER)).get_current_head():
        raise ConfigError(
            f"The database {_shown(url)} is of another version (schema {current}) than this"
            " program: start the server once, which upgrades it."
        )


def _revision(url: str, *, read_only: bool = False) -> str | None:
    file = sqlite.file_of(url)
    if file is not None and (not file.exists() or file.stat().st_size == 0):
        return None
    with _connect(url, read_only=read_only) as connection:
        return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _connect(url: str, *, read_only: bool = False) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    sqlite.prepare(engine, read_only=read_only)
    with engine.connect() as connection:
        yield connection


def _refuse_unknown(script: ScriptDirectory, current: str | None, url: str) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise ConfigError(
            f"The database {_shown(url)} was made by a newer Chatelaine (schema {current})."
            " Upgrade the program, or restore the backup made before that upgrade."
        )


def _back_up(url: str, current: str) -> None:
    file = sqlite.file_of(url)
    if file is not None:
        sqlite.backup(file, file.with_name(f"{file.stem}-before-{current}.db"))


def _upgrade(url: str) -> None:
    alembic = AlembicConfig()
    alembic.set_main_option("script_location", str(FOLDER))
    with _connect(url) as connection:
        alembic.attributes["connection"] = connection
        upgrade(alembic, "head")
        connection.commit()


def _gone(url: str) -> str:
    return (
        f"The database {_shown(url)} is missing or empty, and there was one before: put it back,"
        " or restore a backup. To begin anew without it, move keys.json away too."
    )


def _shown(url: str) -> str:
    file = sqlite.file_of(url)
    return str(file) if file else "of this server"


def _unusable(url: str, error: Exception) -> str:
    if isinstance(error, OperationalError) and "locked" in str(error):
        return f"The database {_shown(url)} is in use by another program."
    return f"The database {_shown(url)} cannot be opened: is it a database, and may it be written?"
