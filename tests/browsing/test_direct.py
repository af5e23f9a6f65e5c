"""Two people write to each other, each in a browser of their own."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browsing.conftest import Enter
from tests.browsing.test_phone import PHONE
from tests.house import House
from tests.people import Person


async def two(house: House) -> tuple[Person, Person]:
    ann = await house.person("ann", nickname="Ann", admin=True)
    return ann, await house.person("bo", nickname="Bo")


async def test_from_the_people_of_a_room_to_a_talk_between_two(house: House, enter: Enter) -> None:
    ann, bo = (
        await house.person("ann", nickname="Ann", admin=True),
        await house.person("bo", nickname="Bo"),
    )
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    anns, bos = await enter(ann, f"/r/{room}#people"), await enter(bo, f"/r/{room}")
    await anns.side.get_by_role("button", name="Write to Bo").click()
    await expect(anns.heading("Bo").first).to_be_visible()
    await expect(
        anns.page.get_by_role("banner").or_(anns.page.locator(".room-header"))
    ).to_contain_text("Only you and Bo can read this.")
    await expect(bos.room("Ann")).to_have_count(0)
    await anns.write("Between us: the soup is off")
    await expect(bos.room("Ann")).to_contain_text("1 unread message")
    await bos.open_room("Ann")
    await bos.sees("Between us: the soup is off")
    await bos.write("I know")
    await anns.sees("I know")
    await expect(anns.messages).not_to_contain_text("is not shown")
    await expect(anns.messages).not_to_contain_text("made this room")
    await expect(anns.room("Bo")).to_contain_text("here now")
    await bos.link("Find rooms").first.click()
    await expect(bos.heading("Rooms you can see")).to_be_visible()
    await expect(bos.page.locator("main")).not_to_contain_text("Ann")


async def test_by_nickname_and_what_is_refused_is_said(house: House, enter: Enter) -> None:
    ann, bo = await two(house)
    await bo.api("PUT", "reachable", {"by": "nobody"})
    window = await enter(ann)
    window.watch.forgive("status of 40")
    await window.button("New direct message").click()
    for nickname, answer in (
        ("Bo", "You can’t write to this person."),
        ("Nobody", "Nobody here has that nickname."),
    ):
        await window.field("Nickname").fill(nickname)
        await window.button("Write").click()
        await expect(window.dialog.get_by_role("alert")).to_have_text(answer)
    await bo.api("PUT", "reachable", {"by": "everyone"})
    await window.field("Nickname").fill("bo")
    await window.button("Write").click()
    await expect(window.dialog).to_have_count(0)
    await window.write("hello")
    await window.sees("hello")


async def test_hidden_until_one_writes(house: House, enter: Enter) -> None:
    ann, bo = await two(house)
    room = (await ann.api("POST", "direct", {"person": bo.id}))["id"]
    await ann.post(room, "hello")
    window = await enter(ann, f"/r/{room}")
    await window.menu("Hide this conversation")
    await expect(window.room("Bo")).to_have_count(0)
    await window.button("Undo").click()
    await expect(window.room("Bo")).to_be_visible()
    await window.menu("Hide this conversation")
    await expect(window.room("Bo")).to_have_count(0)
    await bo.post(room, "still there?")
    await expect(window.room("Bo")).to_contain_text("1 unread message")
    await window.open_room("Bo")
    await window.sees("hello")
    await window.sees("still there?")


async def test_hidden_in_another_window(house: House, enter: Enter) -> None:
    ann, bo = await two(house)
    room = (await ann.api("POST", "direct", {"person": bo.id}))["id"]
    window = await enter(ann, f"/r/{room}")
    await expect(window.writing).to_be_visible()
    await ann.leave(room)
    await expect(window.heading("You hid this conversation with Bo")).to_be_visible()
    await bo.post(room, "hello")
    await window.sees("hello")


async def test_blocked_and_unblocked(house: House, enter: Enter) -> None:
    ann, bo = (
        await house.person("ann", nickname="Ann", admin=True),
        await house.person("bo", nickname="Bo"),
    )
    room = (await ann.api("POST", "direct", {"person": bo.id}))["id"]
    await ann.post(room, "hello")
    anns, bos = await enter(ann, f"/r/{room}"), await enter(bo, f"/r/{room}")
    await bos.sees("hello")
    await anns.menu("Block Bo")
    await expect(anns.text("You blocked Bo, who can’t write to you.")).to_be_visible()
    await expect(bos.text("You can’t write to Ann.")).to_be_visible()
    await expect(bos.writing).to_have_count(0)
    await expect(bos.messages).not_to_contain_text("is not shown")
    await anns.go("/account")
    await anns.page.get_by_role("button", name="Unblock – Bo").click()
    await expect(anns.text("They can write to you again.")).to_be_visible()
    await bos.write("thank you")
    await anns.go(f"/r/{room}")
    await anns.sees("thank you")


async def test_on_a_phone(house: House, enter: Enter) -> None:
    ann, bo = await two(house)
    room = (await ann.api("POST", "direct", {"person": bo.id}))["id"]
    await bo.post(room, "hello")
    window = await enter(ann, "/", **PHONE)
    await window.room("Bo").tap()
    await window.sees("hello")
    await expect(window.writing).to_be_in_viewport(ratio=1)
    await expect(window.text("Only you and Bo can read this.").first).to_be_in_viewport(ratio=1)


async def test_a_new_nickname_is_the_rooms_new_name(house: House, enter: Enter) -> None:
    ann, bo = await two(house)
    room = (await ann.api("POST", "direct", {"person": bo.id}))["id"]
    window = await enter(ann, f"/r/{room}")
    await expect(window.room("Bo")).to_be_visible()
    await bo.page("/account")
    await bo.submit("/account/nickname", nickname="Robert")
    await expect(window.room("Robert")).to_be_visible()
    await expect(window.heading("Robert").first).to_be_visible()
