"""Everything can be done without a mouse."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House

_REACHABLE = """() => {
  const wanted = "a[href], button, input:not([type=hidden]), select, textarea, [tabindex='0']";
  const shown = it => it.checkVisibility({ visibilityProperty: true }) && !it.disabled
    && it.tabIndex >= 0 && !it.closest("[inert]");
  window.reached = new Set();
  window.named = it => it.getAttribute("aria-label") || it.innerText || it.name || it.id;
  window.wanted = () => [...document.querySelectorAll(wanted)].filter(shown);
  document.activeElement?.blur();
}"""
_REACHED = """() => {
  window.reached.add(document.activeElement);
  return window.wanted().filter(it => !window.reached.has(it)).map(window.named);
}"""
_UNSEEN_FOCUS = """() => {
  const at = document.activeElement;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const seen = (outlineStyle !== "none" && parseFloat(outlineWidth) > 0) || boxShadow !== "none";
  return at === document.body || seen ? "" : at.outerHTML;
}"""
MOST_TABS = 80
CHOOSING = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229}
"""Enter, as browsers tell of it while an input method is at work."""


async def test_tab_reaches_everything(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    await ann.post(room, "```\ncode\n```\n[link](https://example.invalid)")
    window = await enter(ann, f"/r/{room}#people")
    await expect(window.button("Remove bo")).to_be_visible()
    await expect(window.link("link")).to_be_visible()
    await reach_all(window)
    for path in ("/account", "/admin", "/admin/approvals", "/admin/invitations"):
        await window.go(path)
        await reach_all(window)


async def test_the_keys_of_the_chat(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    kitchen = await ann.make_room("Kitchen")
    await ann.make_room("Garden")
    window = await enter(ann, f"/r/{kitchen}")
    keys = window.page.keyboard
    await expect(window.writing).to_be_focused()
    await keys.press("Control+k")
    await expect(window.field("Name of the room")).to_be_focused()
    await keys.press("Escape")
    await expect(window.dialog).to_have_count(0)
    await expect(window.writing).to_be_focused()
    await keys.press("Control+k")
    await keys.type("gar")
    await expect(window.page.get_by_role("option")).to_have_count(1)
    await keys.press("Enter")
    await expect(window.heading("Garden").first).to_be_visible()
    await expect(window.writing).to_be_focused()
    await window.page.go_back()
    await expect(window.heading("Kitchen").first).to_be_visible()
    await keys.type("one")
    await keys.press("Shift+Enter")
    await keys.type("two")
    await expect(window.writing).to_have_value("one\ntwo")
    await keys.press("Enter")
    await window.sees("one\ntwo")
    await expect(window.writing).to_have_value("")
    await keys.press("ArrowUp")
    await expect(window.message("one\ntwo")).to_be_focused()


async def test_escape_closes_what_is_open_and_gives_the_focus_back(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}")
    keys = window.page.keyboard
    people = window.page.get_by_role("button", name="1 can read, 1 can post")
    await people.focus()
    await keys.press("Enter")
    invite = window.side.get_by_role("button", name="Invite people")
    await invite.focus()
    await keys.press("Enter")
    await expect(window.field("Nickname")).to_be_focused()
    await keys.press("Escape")
    await expect(window.dialog).to_have_count(0)
    await expect(invite).to_be_focused()
    await keys.press("Enter")
    await window.dialog.get_by_role("button", name="Close").focus()
    await keys.press("Enter")
    await expect(window.dialog).to_have_count(0)
    await expect(invite).to_be_focused()
    await keys.press("Escape")
    await expect(window.side).to_have_count(0)
    await expect(people).to_be_focused()
    menu = window.button("More about this room")
    await menu.focus()
    await keys.press("Enter")
    await expect(window.button("Leave this room")).to_be_visible()
    await keys.press("Escape")
    await expect(window.button("Leave this room")).to_be_hidden()
    await expect(menu).to_be_focused()


async def test_an_input_method_uses_enter_for_itself(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}")
    await window.writing.focus()
    method = await window.profile.new_cdp_session(window.page)
    composing = {"text": "nihao", "selectionStart": 5, "selectionEnd": 5}
    await method.send("Input.imeSetComposition", composing)
    await expect(window.writing).to_have_value("nihao")
    await method.send("Input.dispatchKeyEvent", CHOOSING | {"type": "rawKeyDown"})
    await method.send("Input.dispatchKeyEvent", CHOOSING | {"type": "keyUp"})
    await expect(window.writing).to_have_value("nihao")
    await method.send("Input.insertText", {"text": "你好"})
    await expect(window.writing).to_have_value("你好")
    await window.page.keyboard.press("Enter")
    await window.sees("你好")
    assert await window.said() == ["你好"]


async def reach_all(window: Window) -> None:
    """By Tab alone, and where the focus is can be seen."""
    await window.page.evaluate(_REACHABLE)
    left: list[str] = ["all"]
    for _ in range(MOST_TABS):
        await window.page.keyboard.press("Tab")
        left = await window.page.evaluate(_REACHED)
        if not left:
            return
        unseen = await window.page.evaluate(_UNSEEN_FOCUS)
        assert not unseen, f"the focus is on {unseen}, and that cannot be seen"
    raise AssertionError(f"Tab never came to {left}")
