"""`app.py rights give` and `take`: done in a sentence, or refused in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from admin.rights_bulk import BulkChange, change_in_bulk
from app import ROOT
from core.config import load
from core.errors import ConfigError
from core.levels import Level
from tests.house import open_house, settings


async def test_while_the_server_runs(tmp_path: Path) -> None:
    """Listeners hear of it as of any other change."""
    async with open_house(tmp_path) as house:
        ann, bo = await house.person("ann", admin=True), await house.person("bo")
        page = (await ann.submit("/admin/groups", name="On call")).location
        await ann.submit(f"{page}/members", nickname="bo", until="")
        room = await ann.make_room("Kitchen")
        wire = await ann.connect(room)
        config = load(ROOT / "config.yaml", settings(tmp_path, house.port))
        give = BulkChange("give", "on CALL", (room,), Level.READ, "Nights")
        assert await change_in_bulk(config, give) == f"Changed in 1 room:\n    {room}"
        told = await wire.frame("entry", kind="access")
        assert "by" not in told
        assert "Nights" not in str(told)
        assert room in await bo.directory()
        assert "Nothing to change" in await change_in_bulk(config, give)
        await change_in_bulk(config, BulkChange("take", "On call", (room,)))
        assert room not in await bo.directory()


@pytest.mark.parametrize(
    ("group", "room", "why", "says"),
    [
        ("Band", "r1", "", "There is no group called 'Band'. Nothing was changed."),
        ("Crew", "r1", "", "There is no room 'r1': name rooms by their id"),
        ("Crew", "r1", "x" * 201, "A reason has at most 200 characters"),
    ],
)
async def test_what_is_wrong(tmp_path: Path, group: str, room: str, why: str, says: str) -> None:
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        await ann.submit("/admin/groups", name="Crew")
        config = load(ROOT / "config.yaml", settings(tmp_path, house.port))
        with pytest.raises(ConfigError) as refused:
            await change_in_bulk(config, BulkChange("give", group, (room,), Level.READ, why))
        assert says in str(refused.value)
