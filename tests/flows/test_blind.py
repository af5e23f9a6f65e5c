"""While the server cannot check who is logged in, it tells nobody of anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import pytest

from core.errors import ChatError
from live.feed import Feed
from live.lease import LONGEST
from live.presence import Presence
from tests.house import open_house
from tests.rooms.house import HeldClock


async def test_who_came_and_went_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ann signs out where this server does not hear of it."""
    clock = HeldClock()
    async with open_house(tmp_path, {}, clock) as house:
        ann, bo = await house.person("ann", admin=True), await house.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        ear, mouth = await ann.connect(room), await bo.connect(room)
        here = [{"id": ann.id, "nickname": "ann"}, {"id": bo.id, "nickname": "bo"}]
        await ear.until(lambda frame: frame["t"] == "presence" and frame["here"] == here)

        async def down(sessions: list[str]) -> Iterable[str]:
            raise ChatError("storage_down")

        lease, due = house.chatelaine.lease, asyncio.Event()
        tell = Presence._tell

        def observed(presence: Presence, feed: Feed) -> None:
            tell(presence, feed)
            due.set()

        monkeypatch.setattr(Presence, "_tell", observed)
        monkeypatch.setattr(lease, "_ended_among", down)
        clock.ms += int(LONGEST * 1000)
        known = len(ear.frames)
        await mouth.send("typing", room=room)
        await mouth.ask("unsubscribe", room=room)
        await due.wait()
        await ear.settled()
        assert {frame["t"] for frame in ear.frames[known:]} <= {"ok", "status"}
        monkeypatch.undo()
        await lease.renew()
        await ear.until(lambda frame: frame["t"] == "presence" and frame["here"] == here[:1], known)
