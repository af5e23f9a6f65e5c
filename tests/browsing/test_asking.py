"""Someone asks to be let into a room, and the pages of both sides follow without reloading."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House
from tests.people import Person

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


async def asks(window: Window, text: str) -> None:
    await window.field("Say who you are, or why you ask (if you like)").fill(text)
    await window.button("Ask to be let in").click()
    await expect(window.button("Take it back: Kitchen")).to_be_visible()


async def listed_kitchen(house: House) -> tuple[Person, Person, str]:
    ann = await house.person("ann", nickname="Ann", admin=True)
    cy = await house.person("cy", nickname="Cy")
    return ann, cy, await ann.make_room("Kitchen", preset="listed")


@pytest.mark.parametrize("options", [{}, PHONE], ids=["desk", "phone"])
async def test_asking_and_being_let_in(house: House, enter: Enter, options: dict[str, Any]) -> None:
    ann, cy, room = await listed_kitchen(house)
    anns = await enter(ann, f"/r/{room}", **options)
    await expect(anns.messages).to_be_visible()
    cys = await enter(cy, f"/r/{room}", **options)
    await asks(cys, "I cook too")
    await anns.page.get_by_role("button", name="1 asks to come in").click()
    await expect(anns.side).to_contain_text("I cook too")
    await anns.button("Let in: Cy").click()
    await expect(anns.side.get_by_text("asks to be let in")).to_have_count(0)
    await expect(anns.side.get_by_role("listitem").filter(has_text="Cy")).to_be_visible()
    await cys.write("Here I am")
    if options:
        await cys.button("Send").tap()
    await cys.sees("Here I am")
    await expect(cys.page.get_by_text("Ann let Cy in")).to_be_visible()


async def test_a_no_and_taking_it_back(house: House, enter: Enter) -> None:
    ann, cy, room = await listed_kitchen(house)
    anns = await enter(ann, f"/r/{room}#people")
    cys = await enter(cy, "/#rooms")
    await cys.link("Find rooms").first.click()
    await cys.button("Ask to be let into Kitchen").click()
    await asks(cys, "")
    await expect(anns.button("Let in: Cy")).to_be_visible()
    await cys.button("Take it back: Kitchen").click()
    await expect(anns.button("Let in: Cy")).to_have_count(0)
    await cys.button("Ask to be let into Kitchen").click()
    await asks(cys, "Please")
    await anns.button("Decline Cy").click()
    await expect(
        cys.page.get_by_text(cys.pattern("Not this time. You can ask again on %(when)s."))
    ).to_be_visible()
    await expect(anns.button("Let in: Cy")).to_have_count(0)


async def test_who_is_let_in_only_to_read(house: House, enter: Enter) -> None:
    ann, cy, room = await listed_kitchen(house)
    anns, cys = await enter(ann, f"/r/{room}#people"), await enter(cy, f"/r/{room}")
    await asks(cys, "")
    await anns.button("Read only: Cy").click()
    await expect(cys.page.get_by_text("You can read here, but not post.")).to_be_visible()


async def test_whoever_may_not_answer_sees_nothing_of_it(house: House, enter: Enter) -> None:
    ann, cy, room = await listed_kitchen(house)
    bo = await house.person("bo", nickname="Bo")
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}#people")
    anns = await enter(ann, f"/r/{room}#people")
    cys = await enter(cy, f"/r/{room}")
    await asks(cys, "canary")
    await expect(anns.side).to_contain_text("canary")
    await ann.post(room, "hello")
    await bos.sees("hello")
    await expect(bos.side.get_by_text("canary")).to_have_count(0)
    await expect(bos.page.get_by_role("button", name="asks to come in")).to_have_count(0)


async def test_a_guest_comes_by_a_link_to_two_rooms(house: House, enter: Enter) -> None:
    """Its page says before joining: which rooms, by whom, as what, until when."""
    ann = await house.person("ann", nickname="Ann", admin=True)
    for name in ("Kitchen", "Garden", "Attic"):
        await ann.make_room(name)
    anns = await enter(ann, "/admin/invitations")
    for name in ("Kitchen", "Garden"):
        await anns.page.get_by_role("checkbox", name=name).check()
    await anns.field("There they may").select_option("READ")
    await anns.field("Whoever has no account yet becomes").select_option("guest")
    await anns.page.get_by_label("A guest’s account lasts how many days").fill("30")
    await anns.button("Make a link").click()
    url = await anns.page.get_by_role("status").get_by_role("textbox").input_value()
    await expect(anns.page.get_by_text("Leads to: Garden · Kitchen")).to_be_visible()
    guest = await enter(None, url.removeprefix(house.origin))
    page = guest.page.get_by_role("main")
    for text in (
        "Ann invites you to 2 rooms",
        "Garden",
        "Kitchen",
        "You can read there, but not post.",
        "As a guest you see the rooms you are invited to",
        "Your account ends by itself after 30 days.",
        "This invitation works until",
    ):
        await expect(page).to_contain_text(text)
    await guest.sign_up("gus", button="Join")
    for name in ("Kitchen", "Garden"):
        await expect(guest.room(name)).to_be_visible()
    await expect(guest.room("Attic")).to_have_count(0)
    await expect(guest.page.get_by_text("You can read here, but not post.")).to_be_visible()
