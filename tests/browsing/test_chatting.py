"""Two people talk, each in a browser of their own."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_what_one_writes_the_other_sees_at_once(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="安", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    anns = await enter(ann, f"/r/{room}", timezone_id="Asia/Shanghai")
    await expect(anns.page.get_by_text("Nothing has been said here yet.")).to_be_visible()
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}", timezone_id="America/New_York")
    await expect(anns.page.get_by_text("2 here", exact=True)).to_be_visible()
    await anns.writing.press_sequentially("Is there any coffee left?")
    await expect(bos.page.get_by_text("安 is typing", exact=True)).to_be_visible()
    await anns.page.keyboard.press("Enter")
    await bos.sees("Is there any coffee left?")
    await expect(bos.page.get_by_text("安 is typing", exact=True)).to_have_count(0)
    await bos.write("还有一点咖啡。\n你要吗？")
    await anns.sees("还有一点咖啡。\n你要吗？")
    said = ["Is there any coffee left?", "还有一点咖啡。\n你要吗？"]
    assert await anns.said() == await bos.said() == said
    await expect(bos.message(said[0])).to_contain_text("安")
    await expect(anns.message(said[1])).to_contain_text("Bo")
    at = (await bo.entries(room))["entries"][-1]["at"]
    for window, zone in ((anns, "Asia/Shanghai"), (bos, "America/New_York")):
        local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
        shown = window.message(said[1]).get_by_role("time")
        await expect(shown).to_have_text(re.compile(rf"^{local:%-I:%M}\s{local:%p}$"))


async def test_who_comes_and_goes_is_told_by_nickname(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo Li")
    room = await ann.make_room("Garden", preset="open")
    anns = await enter(ann, f"/r/{room}#people")
    bos = await enter(bo, f"/r/{room}")
    await bos.button("Join this room").click()
    await expect(anns.messages).to_contain_text("Bo Li entered the room")
    side = anns.side
    await expect(side.get_by_role("heading", name="Here now: 2")).to_be_visible()
    await expect(side.get_by_role("listitem").filter(has_text="Bo Li")).to_contain_text("here now")
    await bos.menu("Leave this room")
    await expect(anns.messages).to_contain_text("Bo Li left the room")
    await expect(bos.room("Garden")).to_have_count(0)
    await bos.button("Come back").click()
    await expect(bos.room("Garden")).to_be_visible()
    await bos.open_room("Garden")
    await bos.page.close()
    await expect(side.get_by_role("heading", name="Here now: 1")).to_be_visible()
    await expect(side.get_by_role("heading", name="In this room: 1")).to_be_visible()


async def test_an_own_message_is_marked_until_it_is_kept(
    house: House, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}")
    posting, gate, loop = house.chatelaine.posting, asyncio.Event(), asyncio.get_running_loop()
    submit = posting.submit

    def late(*draft: Any) -> None:
        loop.create_task(gate.wait()).add_done_callback(lambda _: submit(*draft))

    monkeypatch.setattr(posting, "submit", late)
    await window.write("on its way")
    await window.write("behind it")
    sending = window.message("on its way")
    await expect(sending.get_by_label("Being sent")).to_be_visible()
    await expect(window.message("behind it").get_by_label("Waits to be sent")).to_be_visible()
    assert await window.said() == []
    gate.set()
    await window.sees("on its way")
    await window.sees("behind it")
    await expect(window.messages.get_by_label("Being sent")).to_have_count(0)
    assert await window.said() == ["on its way", "behind it"]


async def test_unread_marks_go_in_all_windows_when_the_room_is_read(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    kitchen, garden = await ann.make_room("Kitchen"), await ann.make_room("Garden")
    for room in (kitchen, garden):
        await ann.invite(room, bo)
    await ann.post(kitchen, "soup")
    window = await enter(bo, f"/r/{kitchen}")
    await window.sees("soup")
    other = await window.another(f"/r/{kitchen}")
    for text in ("first", "second"):
        await ann.post(garden, text)
    for tab in (window, other):
        await expect(tab.room("Garden")).to_contain_text("2 unread messages")
        await expect(tab.page).to_have_title("(2) Kitchen · Chatelaine")
    await window.open_room("Garden")
    await window.sees("second")
    await expect(window.messages.get_by_text("New", exact=True)).to_be_visible()
    for tab in (window, other):
        await expect(tab.room("Garden")).not_to_contain_text("unread")
    await expect(other.page).to_have_title("Kitchen · Chatelaine")
    await other.page.reload()
    await other.sees("soup")
    await expect(other.room("Garden")).not_to_contain_text("unread")
