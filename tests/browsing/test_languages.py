"""English and 简体中文, from the browser or by choice."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_the_browser_says_which_until_one_chooses(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="安", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("厨房", preset="open")
    window = await enter(path="/login", locale="zh-CN")
    await expect(window.heading("Log in")).to_have_text("登录")
    await expect(window.page.locator("html")).to_have_attribute("lang", "zh-CN")
    await window.page.get_by_role("button", name="English").click()
    await expect(window.page.locator("html")).to_have_attribute("lang", "en")
    await expect(window.page.get_by_role("heading")).to_have_text("Log in")
    window.language = "en"
    await window.log_in("ann")
    await window.arrives("/")
    await window.go(f"/r/{room}")
    await bo.join(room)
    await expect(window.messages).to_contain_text("Bo entered the room")
    await window.rooms.get_by_role("button", name="安").click()
    await window.page.get_by_role("button", name="简体中文").click()
    await expect(window.page.locator("html")).to_have_attribute("lang", "zh-CN")
    await window.arrives(f"/r/{room}")
    window.language = "zh-CN"
    await expect(window.messages).to_contain_text("Bo 进入了房间")
