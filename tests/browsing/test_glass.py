"""An admin breaks the glass, and the room sees it."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.house import House


async def test_the_admin_comes_in_and_the_room_sees_it(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True, nickname="Ann")
    bo = await house.person("bo", nickname="Bo")
    room = await bo.make_room("Kitchen")
    await bo.post(room, "is anyone there?")
    bos = await enter(bo, f"/r/{room}")
    await bos.sees("is anyone there?")
    anns = await enter(ann, "/admin/rooms")
    await anns.link("Kitchen").click()
    await anns.field("For how many hours").fill("3")
    await anns.field("Why").fill("Bo asked for help")
    await anns.button("Break the glass").click()
    broke = bos.page.get_by_text("Ann, an admin, broke the glass and can read here until")
    await expect(broke).to_contain_text("Why: Bo asked for help")
    await anns.link("Open the room in the chat").click()
    await anns.button("Join this room").click()
    await anns.sees("is anyone there?")
    await expect(anns.writing).to_have_count(0)
    admin = await anns.another(f"/admin/rooms/{room}")
    await admin.page.get_by_role("button", name="End it now").click()
    ended = "Ann can no longer act here by breaking the glass"
    await expect(bos.page.get_by_text(ended)).to_be_visible()
    await expect(anns.heading("You are no longer in “Kitchen”")).to_be_visible()


async def test_a_broken_glass_is_never_folded_away(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await bo.make_room("Kitchen")
    form = {"level": "OWN", "hours": "1", "why": "To mend it"}
    await ann.page(f"/admin/rooms/{room}")
    await ann.submit(f"/admin/rooms/{room}/glass", **form)
    for number in range(4):
        await bo.api("PATCH", f"rooms/{room}", {"topic": f"topic {number}"})
    window = await enter(bo, f"/r/{room}")
    await expect(window.page.get_by_text("can act here as an owner until")).to_be_visible()
    await expect(window.page.get_by_text("set the topic")).to_have_count(0)


async def test_a_room_comes_and_goes_with_a_group(house: House, enter: Enter) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    anns = await enter(ann, "/admin/groups")
    await anns.field("Name").fill("Crew")
    await anns.button("Make a group").click()
    await expect(anns.heading("People in “%(group)s”", group="Crew")).to_be_visible()
    await anns.go("/admin/new-rooms")
    await anns.field("To whom").select_option("Crew")
    await anns.field("What they can do").select_option("POST")
    await anns.button("Give").click()
    await expect(anns.link("Crew")).to_be_visible()
    room = await ann.make_room("Kitchen")
    bos = await enter(bo, "/")
    await anns.link("Crew").click()
    await anns.field("Nickname").fill("Bo")
    await anns.button("Add to the group").click()
    await expect(anns.page.get_by_text("Added by ann")).to_be_visible()
    await bos.link("Find rooms").first.click()
    await expect(bos.heading("Kitchen")).to_be_visible()
    await bo.join(room)
    await bos.room("Kitchen").click()
    await bos.write("here I am")
    await bos.sees("here I am")
    await anns.page.get_by_role("button", name="Take out").click()
    await expect(bos.heading("You are no longer in “Kitchen”")).to_be_visible()
