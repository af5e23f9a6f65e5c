"""From the first admin's link to a private room of two, which a third knows nothing of."""

from __future__ import annotations

from playwright.async_api import expect

from core.ids import new_id
from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House

_STATUSES = """async paths => {
  const csrf = document.querySelector("meta[name=csrf]").content;
  const answers = [];
  for (const [method, path] of paths) {
    const body = method === "GET" ? undefined : "{}";
    const headers = { "X-CSRF-Token": csrf, "Content-Type": "application/json" };
    const answer = await fetch(path, { method, body, headers });
    answers.push([answer.status, await answer.text()]);
  }
  return answers;
}"""


async def test_the_first_person_sets_the_place_up(house: House, enter: Enter) -> None:
    ann = await first_admin(house, enter)
    await expect(ann.heading("Welcome, Ann")).to_be_visible()
    await expect(ann.room("Hall")).to_be_visible()
    steps = ann.page.get_by_role("region", name="Three steps to begin").get_by_role("listitem")
    await expect(steps).to_have_count(3)
    await steps.nth(0).get_by_role("button", name="Make a room").click()
    await name_room(ann, "Kitchen")
    await expect(steps.nth(0).get_by_label("Done")).to_be_visible()
    await steps.nth(1).get_by_role("button", name="Invite someone").click()
    link = await copied_link(ann)
    await expect(steps.nth(1).get_by_label("Done")).to_be_visible()
    await ann.write("Come in, there is tea")
    await expect(steps).to_have_count(0)
    bo = await invited(enter, link, "bo", "Bo")
    await expect(bo.heading("Kitchen").first).to_be_visible()
    await bo.sees("Come in, there is tea")
    await expect(ann.messages).to_contain_text("Bo entered the room")
    again = await enter(path=link)
    await expect(again.page.get_by_role("main")).not_to_contain_text("bo")


async def test_a_third_can_neither_see_nor_join_a_private_room(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen", topic="knives")
    await ann.post(room, "secret soup")
    cy = await house.person("cy")
    cys = await enter(cy, "/#directory")
    await expect(cys.heading("Rooms you can see")).to_be_visible()
    await expect(cys.page.get_by_role("listitem").filter(has_text="Hall").last).to_be_visible()
    await expect(cys.page.get_by_text("Kitchen")).to_have_count(0)
    cys.watch.forgive("status of 404")
    assert await told_at(cys, room) == await told_at(cys, new_id())
    assert await answers(cys, room) == await answers(cys, new_id())
    await cys.go("/")
    await expect(cys.room("Hall")).to_be_visible()
    await cys.page.keyboard.press("Control+k")
    await cys.field("Name of the room").fill("kit")
    await expect(cys.page.get_by_text("None of your rooms is called that.")).to_be_visible()


async def test_an_invitation_is_for_those_who_have_an_account_too(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    await house.person("bo")
    room = await ann.make_room("Kitchen")
    bo = await enter(path=(await ann.link(room)).removeprefix(house.origin))
    await bo.link("Log in and come back").click()
    await bo.log_in("bo")
    await bo.button("Join the room").click()
    await bo.arrives(f"/r/{room}")
    await expect(bo.heading("Kitchen").first).to_be_visible()
    await expect(bo.messages).to_contain_text("bo entered the room")


async def first_admin(house: House, enter: Enter) -> Window:
    """Ann, who follows the link that the server printed."""
    window = await enter(path=house.first_path)
    await expect(window.heading("Welcome to your new chat")).to_be_visible()
    await window.sign_up("ann", "Ann", button="Make my account")
    await window.arrives("/")
    return window


async def name_room(window: Window, name: str) -> None:
    dialog = window.dialog
    await dialog.get_by_label("Name", exact=True).fill(name)
    await dialog.get_by_role("button", name="Make the room").click()
    await expect(window.heading(name).first).to_be_visible()


async def copied_link(window: Window) -> str:
    """Of the invitation dialog, by its button; the path of it."""
    await window.profile.grant_permissions(["clipboard-read", "clipboard-write"])
    dialog = window.dialog
    await dialog.get_by_role("button", name="Make a link").click()
    await dialog.get_by_role("button", name="Copy the link").click()
    await expect(dialog.get_by_text("Copied")).to_be_visible()
    copied = str(await window.page.evaluate("navigator.clipboard.readText()"))
    await dialog.get_by_role("button", name="Close").click()
    return copied.removeprefix(window.origin)


async def invited(enter: Enter, link: str, name: str, nickname: str) -> Window:
    window = await enter(path=link)
    await expect(window.page.get_by_role("heading")).to_contain_text("Ann invites you to “Kitchen”")
    await window.sign_up(name, nickname, button="Join")
    return window


async def told_at(window: Window, room: str) -> str:
    """All that the page at the room's address says."""
    await window.go(f"/r/{room}")
    await expect(window.heading("There is no such room")).to_be_visible()
    return await window.page.locator("body").inner_text() + await window.page.title()


async def answers(window: Window, room: str) -> list[object]:
    """What the page's own scripts would be answered about the room."""
    base = f"/api/v1/rooms/{room}"
    ways = [("GET", base), ("GET", f"{base}/entries"), ("GET", f"{base}/people")]
    ways += [("POST", f"{base}/join"), ("GET", f"{base}/links"), ("POST", f"{base}/leave")]
    got: list[list[object]] = await window.page.evaluate(_STATUSES, ways)
    return [(status, str(text).replace(room, "ROOM")) for status, text in got]
