"""The migrations make what the tables say, and refuse what they do not know."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text

from core.errors import ConfigError
from storage import migrate as migration
from storage.engine import Database, Tx
from storage.migrate import migrate
from storage.schema import metadata


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "chatelaine.db"


def url_of(file: Path) -> str:
    return f"sqlite:///{file}"


def test_migrations_make_the_tables(file: Path) -> None:
    migrate(url_of(file))
    engine = create_engine(url_of(file))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(file: Path) -> None:
    migrate(url_of(file))
    before = file.read_bytes()
    migrate(url_of(file))
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.glob("*before*")] == []


def test_a_newer_database_is_refused_and_left_alone(file: Path) -> None:
    migrate(url_of(file))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="newer Chatelaine"):
        migrate(url_of(file))
    assert file.read_bytes() == before


def test_an_older_database_is_backed_up_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the upgrade does, what was there is there still."""
    migrate(url_of(file))
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE witness (word TEXT)")
        connection.execute("INSERT INTO witness VALUES ('old')")
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()
    monkeypatch.setattr(migration, "_refuse_unknown", lambda *args: None)
    upgraded: list[str] = []
    monkeypatch.setattr(migration, "_upgrade", upgraded.append)
    migrate(url_of(file))
    (backup,) = file.parent.glob("*before-0000*")
    with sqlite3.connect(backup) as connection:
        assert connection.execute("SELECT word FROM witness").fetchall() == [("old",)]
    connection.close()
    assert upgraded == [url_of(file)]


@pytest.mark.parametrize(
    "content", [b"this is no database at all", b"SQLite format 3\0" + b"x" * 99]
)
def test_what_is_no_database_is_refused_and_left_alone(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="cannot be opened"):
        migrate(url_of(file))
    assert file.read_bytes() == content


def test_a_database_in_use_is_named_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate(url_of(file))
    monkeypatch.setattr("storage.sqlite.BUSY_MS", 10)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("UPDATE alembic_version SET version_num = '0000'")
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ConfigError, match="in use by another program"):
        migrate(url_of(file))
    other.close()


def test_foreign_keys_are_kept(file: Path) -> None:
    """Rows that point nowhere are refused: the pragma is per connection, and easily forgotten."""
    migrate(url_of(file))
    database = Database(url_of(file))

    def orphan(tx: Tx) -> None:
        tx.conn.execute(text("INSERT INTO memberships VALUES ('nowhere', 'nobody', 0, 0)"))

    with pytest.raises(Exception, match="storage_down"):
        database.write_here(orphan)
    database.close()
