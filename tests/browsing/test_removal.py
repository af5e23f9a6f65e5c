"""Someone is taken out of a room that is open before them."""

from __future__ import annotations

from playwright.async_api import expect

from core.ids import new_id
from tests.browsing.conftest import Enter
from tests.browsing.test_coming_in import told_at
from tests.house import House


async def test_the_open_page_loses_the_room_and_gives_the_draft_back(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    await ann.post(room, "secret soup")
    bos = await enter(bo, f"/r/{room}")
    await bos.sees("secret soup")
    await bos.writing.fill("half a thought")
    anns = await enter(ann, f"/r/{room}#people")
    await anns.button("Remove Bo").click()
    farewell = bos.page.get_by_role("alert").filter(
        has=bos.heading("You are no longer in “Kitchen”")
    )
    await expect(farewell).to_contain_text("half a thought")
    await expect(farewell.get_by_role("button", name="Copy")).to_be_visible()
    await expect(bos.room("Kitchen")).to_have_count(0)
    await expect(bos.page.get_by_text("secret soup")).to_have_count(0)
    await expect(bos.writing).to_have_count(0)
    bos.watch.forgive("status of 404")
    assert await told_at(bos, room) == await told_at(bos, new_id())
    await anns.button("Undo").click()
    await expect(bos.room("Kitchen")).to_be_visible()


async def test_who_was_elsewhere_just_loses_the_line_in_the_list(
    house: House, enter: Enter
) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    kitchen, garden = await ann.make_room("Kitchen"), await ann.make_room("Garden")
    for room in (kitchen, garden):
        await ann.invite(room, bo)
    window = await enter(bo, f"/r/{garden}")
    await expect(window.room("Kitchen")).to_be_visible()
    await window.writing.fill("still mine")
    await ann.remove(kitchen, bo)
    await expect(window.room("Kitchen")).to_have_count(0)
    await expect(window.writing).to_have_value("still mine")
    await expect(window.page.get_by_role("alert").filter(has_text="no longer")).to_have_count(0)
