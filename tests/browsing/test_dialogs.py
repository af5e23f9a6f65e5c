"""Dialogs answer every key in the order in which it was pressed."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House

_ESCAPE_THEN_ENTER = """invite => {
  const key = new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true });
  document.activeElement.dispatchEvent(key);
  if (!key.defaultPrevented) document.querySelector("dialog").close();
  return new Promise(done => queueMicrotask(() => queueMicrotask(() => done(invite.click()))));
}"""
"""Quicker than any hand: what a busy machine makes of two keys."""


async def test_a_dialog_that_is_opened_again_at_once_stays(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}#people")
    invite = window.side.get_by_role("button", name="Invite people")
    await invite.click()
    await expect(window.field("Nickname")).to_be_focused()
    await invite.evaluate(_ESCAPE_THEN_ENTER)
    await expect(window.field("Nickname")).to_be_focused()
    await expect(window.dialog).to_have_count(1)
