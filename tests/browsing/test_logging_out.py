"""A session that ends is over in every tab, at once."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_logging_out_in_one_tab_logs_the_other_out(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    tab = await enter(ann, f"/r/{room}")
    await expect(tab.writing).to_be_visible()
    other = await tab.another("/")
    await other.rooms.get_by_role("button", name="ann").click()
    await other.button("Log out").click()
    await other.arrives("/login")
    await tab.arrives("/login")
    await expect(tab.heading("Log in")).to_be_visible()
    await tab.log_in("ann")
    await tab.arrives(f"/r/{room}")


async def test_a_session_can_be_ended_from_another_browser(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    lost = await enter(ann, "/")
    await expect(lost.heading("Welcome, ann")).to_be_visible()
    here = await enter(await house.window(ann), "/account")
    sessions = here.page.get_by_role("region", name="Where you are logged in")
    await expect(sessions.get_by_role("listitem")).to_have_count(2)
    await sessions.get_by_role("button", name="End –").click()
    await lost.arrives("/login")
    await expect(sessions.get_by_role("listitem")).to_have_count(1)
    await expect(sessions.get_by_role("listitem")).to_contain_text("this one")
    await lost.go("/account")
    await lost.arrives("/login")
