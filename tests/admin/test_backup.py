"""A backup made while people talk holds all that a new machine needs."""

from __future__ import annotations

import stat
import subprocess
import tarfile
from pathlib import Path

import pytest

from admin.backup import back_up
from app import ROOT
from auth.keys import load_or_create
from core.config import Config, load
from core.errors import ConfigError
from storage.migrate import migrate
from tests.house import open_house
from tests.people import PASSWORD, Person


def unpack(tar: Path, folder: Path) -> None:
    """As docs/running.md says."""
    subprocess.run(["tar", "-x", "-f", tar, "-C", folder], check=True)


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


async def test_a_restored_folder_is_the_same_server(tmp_path: Path) -> None:
    data, copy = tmp_path / "data", tmp_path / "copy"
    target = tmp_path / "backup.tar"
    async with open_house(data) as house:
        ann = await house.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        await ann.post(room, "kept")
        back_up(house.chatelaine.config, target)
        await ann.post(room, "said after the backup")
    assert mode(target) == 0o600
    copy.mkdir(mode=0o700)
    unpack(target, copy)
    async with open_house(copy) as house:
        ann = Person(house, "127.0.9.1")
        await ann.log_in("ann", PASSWORD)
        assert await ann.texts(room) == ["kept"]


async def test_a_file_is_never_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    target.write_text("precious")
    async with open_house(tmp_path / "data") as house:
        with pytest.raises(ConfigError, match="is there already"):
            back_up(house.chatelaine.config, target)
    assert target.read_text() == "precious"


def config(data: Path) -> Config:
    return load(ROOT / "config.yaml", {"CHATELAINE_DATA": str(data)})


def test_a_backup_holds_nothing_but_what_a_new_machine_needs(tmp_path: Path) -> None:
    data, target = tmp_path / "data", tmp_path / "backup.tar"
    data.mkdir()
    migrate(config(data).database_url)
    (data / "config.yaml").write_text("signup: open\n")
    (data / "lock").touch()
    (data / "notes.txt").write_text("private")
    load_or_create(data)
    back_up(config(data), target)
    with tarfile.open(target) as tar:
        assert sorted(tar.getnames()) == ["chatelaine.db", "config.yaml", "keys.json"]
    assert [path.name for path in tmp_path.iterdir() if path not in (data, target)] == []


def test_there_must_be_a_database(tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    with pytest.raises(ConfigError, match="There is no database"):
        back_up(config(tmp_path), target)
    assert not target.exists()


@pytest.mark.parametrize("place", ["missing/backup.tar", "data/chatelaine.db/backup.tar"])
def test_where_no_backup_can_be(tmp_path: Path, place: str) -> None:
    data = tmp_path / "data"
    data.mkdir()
    migrate(config(data).database_url)
    with pytest.raises(ConfigError, match="cannot be written"):
        back_up(config(data), tmp_path / place)


def test_a_broken_database_is_no_backup(tmp_path: Path) -> None:
    """Better none than one that looks like one."""
    data, target = tmp_path / "data", tmp_path / "backup.tar"
    data.mkdir()
    (data / "chatelaine.db").write_bytes(b"no database" * 1_000)
    with pytest.raises(ConfigError, match="cannot be copied"):
        back_up(config(data), target)
    assert not target.exists()


def test_a_backup_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, target = tmp_path / "data", tmp_path / "backup.tar"
    data.mkdir()
    migrate(config(data).database_url)

    def full(file: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("admin.backup.continue_elsewhere", full)
    with pytest.raises(ConfigError, match="No space left on device"):
        back_up(config(data), target)
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
