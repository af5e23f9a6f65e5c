"""What is chosen in the dialog of inviting is what happens, and is told."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_a_second_one_may_post_announcements(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("News", preset="announcements")
    window = await enter(ann, f"/r/{room}#people")
    await window.button("Invite people").first.click()
    await window.field("Nickname").fill("Bo")
    may = window.dialog.get_by_label("They may")
    await expect(may).to_have_value("READ")
    await may.select_option(window.say("post and moderate"))
    await window.button("Invite").click()
    await expect(window.text("Bo is in the room now, and can read and post.")).to_be_visible()
    await (await enter(bo, f"/r/{room}")).write("Doors open at six")
    await window.sees("Doors open at six")


async def test_only_reading_takes_nothing_away(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(ann, f"/r/{room}#people")
    await window.button("Invite people").first.click()
    await window.field("Nickname").fill("Bo")
    await window.dialog.get_by_label("They may").select_option("READ")
    await window.button("Invite").click()
    await expect(window.text("Bo is in the room, and can read and post.")).to_be_visible()


async def test_an_owner_makes_another_and_can_leave(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(ann, f"/r/{room}#people")
    await window.button("Rights of Bo").click()
    await window.dialog.get_by_label("Change it").select_option("OWN")
    await window.button("Save").click()
    await expect(window.text("Bo now: runs the room.")).to_be_visible()
    await ann.leave(room)
    await expect(window.room("Kitchen")).to_have_count(0)


async def test_those_in_the_room_see_that_a_guest_has_come(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await bo.make_room("Kitchen")
    await bo.invite(room, ann)
    window = await enter(ann, f"/r/{room}")
    await expect(window.page.locator(".audience")).to_contain_text("2 can read")
    warning = window.text("Guests can read")
    await expect(warning).to_have_count(0)
    gus = await house.person("gus", nickname="Gus", link=await bo.link(room))
    await expect(warning).to_be_visible()
    await bo.remove(room, gus)
    await expect(warning).to_have_count(0)
