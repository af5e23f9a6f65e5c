"""The server goes away and comes back; nothing is lost, and nothing is there twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from storage import log
from tests.browsing.conftest import Enter, open_window
from tests.conftest import NewProfile
from tests.faults.faltering import Faltering
from tests.house import House, open_house


async def test_a_restart_loses_and_repeats_nothing(tmp_path: Path, new_profile: NewProfile) -> None:
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        bo = await house.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        await ann.post(room, "before")
        window = await open_window(new_profile, house.origin, bo, f"/r/{room}")
        window.watch.forgive_lost_connection()
        await window.sees("before")
        await window.writing.fill("half a")
    bar = window.page.get_by_role("status").filter(has_text="The server is restarting")
    await expect(bar).to_be_visible()
    await expect(window.writing).to_have_value("half a")
    await window.write(" thought")
    await window.write("and another")
    await expect(bar).to_contain_text("2 messages wait to be sent.")
    await window.writing.fill("a draft")
    assert await window.said() == ["before"]
    async with open_house(tmp_path) as elsewhere:
        ann.house = elsewhere
        await ann.post(room, "meanwhile")
        await ann.post(room, "and meanwhile")
    async with open_house(tmp_path, port=house.port) as back:
        ann.house = back
        await window.wakes()
        await expect(bar).to_have_count(0)
        await window.sees("and another")
        await ann.post(room, "after")
        await window.sees("after")
        everything = await ann.texts(room)
        assert everything[:3] == ["before", "meanwhile", "and meanwhile"]
        assert everything[3:] == ["half a thought", "and another", "after"]
        assert await window.said() == everything
        await expect(window.writing).to_have_value("a draft")
        await window.page.reload()
        await window.sees("after")
        assert await window.said() == everything
        await expect(window.writing).to_have_value("a draft")
    window.watch.check()


async def test_what_was_written_offline_outlives_a_reload(
    tmp_path: Path, new_profile: NewProfile
) -> None:
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        room = await ann.make_room("Kitchen")
        window = await open_window(new_profile, house.origin, ann, f"/r/{room}")
        window.watch.forgive_lost_connection()
        await expect(window.writing).to_be_visible()
    await window.write("kept in the browser")
    await expect(window.page.get_by_text("1 message waits to be sent.")).to_be_visible()
    await window.page.close()
    async with open_house(tmp_path, port=house.port) as back:
        again = await open_window(new_profile, back.origin, ann, f"/r/{room}")
        other = await window.another(f"/r/{room}")
        await other.sees("kept in the browser")
        await again.sees("kept in the browser")
        ann.house = back
        assert await ann.texts(room) == ["kept in the browser"]
    again.watch.forgive_lost_connection()
    assert re.match("Kitchen", await other.page.title())
    again.watch.check()


async def test_what_has_to_be_sent_again_stays_in_order(
    house: House, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every other commit fails, so that all but the first message are refused once."""
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}")
    monkeypatch.setattr(log, "append", Faltering(2).append)
    lines = ["first", "then", "at last"]
    for line in lines:
        await window.write(line)
    await window.sees(lines[-1])
    assert await ann.texts(room) == lines
    assert await window.said() == lines
