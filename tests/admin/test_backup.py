"""A backup made while people talk holds all that a new machine needs."""

from __future__ import annotations

import stat
import tarfile
from pathlib import Path

import pytest

from admin.backup import back_up
from core.errors import ConfigError
from tests.house import open_house
from tests.people import PASSWORD, Person


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
    with tarfile.open(target) as tar:
        tar.extractall(copy, filter="data")
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
