"""The data folder: made for its owner alone, and used by one server at a time."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from core import data_folder
from core.errors import ConfigError
from tests.core.rights import as_someone_without_rights, open_to_others
from tests.sources import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return open_to_others(tmp_path) / "data"


def test_it_is_made_for_its_owner_alone(folder: Path) -> None:
    data_folder.prepare(folder / "deeper")
    assert stat.S_IMODE((folder / "deeper").stat().st_mode) == 0o700
    data_folder.prepare(folder / "deeper")


def test_one_server_at_a_time(folder: Path) -> None:
    data_folder.prepare(folder)
    first = data_folder.claim(folder)
    with pytest.raises(ConfigError, match="Another Chatelaine is running"):
        data_folder.claim(folder)
    os.close(first)
    os.close(data_folder.claim(folder))
    assert stat.S_IMODE((folder / data_folder.LOCK).stat().st_mode) == 0o600


def test_a_server_that_was_killed_leaves_no_claim(folder: Path) -> None:
    """The claim is the process's, and ends with it whatever happens."""
    data_folder.prepare(folder)
    claim = (
        "import os, sys, pathlib\n"
        "from core import data_folder\n"
        "data_folder.claim(pathlib.Path(sys.argv[1]))\n"
        "print('claimed', flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", claim, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"claimed\n"
        with pytest.raises(ConfigError, match="Another Chatelaine"):
            data_folder.claim(folder)
        other.kill()
        other.wait()
    os.close(data_folder.claim(folder))


def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    folder.mkdir(mode=0o555)
    with as_someone_without_rights():
        for call in (data_folder.prepare, data_folder.claim):
            with pytest.raises(ConfigError, match="cannot be written"):
                call(folder)


def test_a_file_in_its_place(folder: Path) -> None:
    folder.write_text("")
    for place in (folder, folder / "deeper"):
        with pytest.raises(ConfigError, match="cannot be written"):
            data_folder.prepare(place)
