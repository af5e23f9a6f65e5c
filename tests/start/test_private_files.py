"""Nobody else on the machine reads what the program writes, wherever it writes it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.start.forks import Forks
from tests.start.server import running

WRITTEN = {"chatelaine.db", "chatelaine.db-wal", "chatelaine.db-shm", "keys.json", "lock"}
OTHERS = 0o077


@pytest.fixture
def careless() -> Iterator[None]:
    """New files are for everyone, unless the program sees to it."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("careless")
async def test_in_a_folder_that_everyone_may_list(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o755)
    async with running(folder) as server:
        await server.person("ann", admin=True)
        forks = Forks()
        backup = forks.run(["backup", str(folder / "backup.tar")], server.environ)
        forks.close()
        assert (backup.status, backup.err) == (0, "")
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes.keys() == {*WRITTEN, "backup.tar"}
    assert {name: oct(mode) for name, mode in modes.items() if mode & OTHERS} == {}


@pytest.mark.usefixtures("careless")
async def test_in_a_folder_of_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "srv" / "data"
    async with running(folder):
        modes = [path.stat().st_mode & OTHERS for path in (folder, *folder.iterdir())]
    assert len(modes) > len(WRITTEN)
    assert set(modes) == {0}
