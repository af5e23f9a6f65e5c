"""The chat in one hand: one pane at a time."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def test_one_pane_is_seen_at_a_time_and_back_leads_back(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    for number in range(30):
        await ann.post(room, f"message {number}")
    window = await enter(bo, "/", **PHONE)
    await expect(window.writing).to_have_count(0)
    await window.room("Kitchen").tap()
    await expect(window.rooms).to_be_hidden()
    await expect(window.message("message 0")).to_be_in_viewport(ratio=1)
    await expect(window.writing).to_be_in_viewport(ratio=1)
    await window.page.get_by_role("button", name="new messages").tap()
    await expect(window.message("message 29")).to_be_in_viewport(ratio=1)
    await window.page.get_by_role("button", name="2 can read, 2 can post").tap()
    await expect(window.side).to_be_in_viewport()
    await expect(window.messages).to_be_hidden()
    await window.page.go_back()
    await expect(window.side).to_have_count(0)
    await expect(window.message("message 29")).to_be_in_viewport()
    await window.writing.tap()
    await window.page.keyboard.type("with")
    await window.page.keyboard.press("Enter")
    await window.page.keyboard.type("my thumb")
    await expect(window.writing).to_have_value("with\nmy thumb")
    await window.button("Send").tap()
    await window.sees("with\nmy thumb")
    await expect(window.message("with\nmy thumb")).to_be_in_viewport(ratio=1)
    await window.button("Back to the rooms").tap()
    await expect(window.rooms).to_be_in_viewport()
    await expect(window.writing).to_be_hidden()
    await window.page.go_forward()
    await expect(window.message("with\nmy thumb")).to_be_in_viewport()
