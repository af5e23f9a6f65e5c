"""Upgrades that change something, that fail half-way, and files that cannot be upgraded."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from core.errors import ConfigError
from storage import migrate as migration
from storage.migrate import migrate
from tests.core.rights import as_someone_without_rights, open_to_others

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("{statement}")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "chatelaine.db"
    migrate(f"sqlite:///{file}")
    return file


def a_next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """As if the program had one more migration."""
    folder = tmp_path / "migrations"
    shutil.copytree(migration.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    head = max(path.stem for path in (folder / "versions").glob("*.py")).partition("_")[0]
    text = NEXT.format(head=head, statement=statement)
    (folder / "versions" / "9000_later.py").write_text(text)
    monkeypatch.setattr(migration, "FOLDER", folder)


def tables(file: Path) -> set[str]:
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    connection.close()
    return {name for (name,) in found}


def version(file: Path) -> str:
    connection = sqlite3.connect(file)
    ((found,),) = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    connection.close()
    return str(found)


def test_an_upgrade_keeps_a_copy_of_what_was(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version(file)
    a_next_version(tmp_path, monkeypatch, "INSERT INTO later VALUES (1)")
    migrate(f"sqlite:///{file}")
    backup = file.with_name(f"chatelaine-before-{before}.db")
    assert (version(file), version(backup)) == ("9000", before)
    assert tables(file) - tables(backup) == {"later"}


def test_an_upgrade_that_fails_changes_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (version(file), tables(file))
    a_next_version(tmp_path, monkeypatch, "INSERT INTO nowhere VALUES (1)")
    with pytest.raises(ConfigError, match="cannot be opened"):
        migrate(f"sqlite:///{file}")
    assert (version(file), tables(file)) == before


def test_nothing_is_left_in_a_write_ahead_log(file: Path) -> None:
    """Whoever copies the file after an upgrade has all of it."""
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = open_to_others(tmp_path) / "data"
    folder.mkdir()
    file = folder / "chatelaine.db"
    migrate(f"sqlite:///{file}")
    a_next_version(tmp_path, monkeypatch, "INSERT INTO later VALUES (1)")
    file.chmod(0o444)
    folder.chmod(0o555)
    with as_someone_without_rights(), pytest.raises(ConfigError) as refused:
        migrate(f"sqlite:///{file}")
    assert "cannot be opened" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("place", ["missing/chatelaine.db", "folder"])
def test_a_place_where_no_file_can_be(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigError, match="cannot be opened"):
        migrate(f"sqlite:///{tmp_path / place}")
