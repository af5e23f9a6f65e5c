"""Rights as people see and change them: previewed, explained, and live in the others' windows."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House


async def test_an_owner_makes_it_an_announcement_room(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}")
    await bos.writing.fill("half a thought")
    anns = await enter(ann, f"/r/{room}")
    await anns.menu("Rights")
    await anns.button("Change the rules").click()
    await choose(anns, "Messages are written by", "MODERATE")
    await expect(anns.dialog.get_by_role("listitem")).to_have_text(
        ["Bo can no longer: write messages"]
    )
    await anns.button("Save").click()
    await expect(anns.dialog).to_have_count(0)
    await expect(anns.messages).to_contain_text("Ann changed the rules of the room")
    await expect(bos.writing).to_have_count(0)
    await expect(bos.page.get_by_text("Only moderators and owners post here.")).to_be_visible()
    assert (await ann.people(room))["Bo"]["level"] == "POST", "a rule, not a mute"


async def test_nobody_is_said_to_post_where_moderators_do(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("News", preset="announcements")
    await bo.join(room)
    anns = await enter(ann, f"/r/{room}#people")
    await anns.button("Rights of Bo").click()
    await expect(anns.dialog.get_by_text("Bo: reads", exact=True)).to_be_visible()
    await expect(anns.dialog.get_by_role("listitem")).to_contain_text(
        "everyone here: reads · by Ann"
    )
    offered = anns.dialog.get_by_label("Change it").get_by_role("option")
    await expect(offered.filter(has_text="read and post")).to_have_count(0)
    bos = await enter(bo, f"/r/{room}")
    await bos.menu("Why can’t I post here?")
    await expect(bos.dialog.get_by_role("listitem")).to_have_text(["Everyone here: reads"])


async def test_letting_everyone_in_takes_the_lock_off(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}")
    lock = bos.room("Kitchen").get_by_label("Not everyone here can read this room")
    await expect(lock).to_have_count(1)
    window = await enter(ann, f"/r/{room}#access")
    await window.button("Change the rules").click()
    everyone = "Everyone who is a member here may"
    await choose(window, everyone, "ASK")
    await window.button("Cancel").click()
    await window.button("Change the rules").click()
    await choose(window, everyone, "READ")
    await expect(window.dialog.get_by_text("What saving does")).to_be_visible()
    await window.button("Save").click()
    await expect(window.messages).to_contain_text("Ann changed who may do what here")
    await expect(lock).to_have_count(0)


async def test_the_preview_tells_seeing_from_asking(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}#access")
    await window.button("Change the rules").click()
    effects = window.dialog.get_by_role("listitem")
    await choose(window, "Everyone who is a member here may", "SEE")
    await expect(effects).to_have_text(["Bo can then: see the room in the directory"])
    await choose(window, "Everyone who is a member here may", "ASK")
    await expect(effects).to_have_text(["Bo can then: ask to be let in"])


async def test_the_preview_tells_what_concerns_everyone_alike(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/r/{room}#access")
    await window.button("Change the rules").click()
    effects = window.dialog.get_by_role("listitem")
    later = "Who has not joined yet will read only what is said after they do."
    await choose(window, "Newcomers read", "joined")
    await expect(effects).to_have_text([later])
    await choose(window, "Slow mode: between two messages of one person", "60")
    waiting = "Everyone waits 1 minute between two messages, but for moderators and owners."
    await expect(effects).to_have_text([waiting, later])


async def test_a_right_until_the_end_of_a_day(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(ann, f"/r/{room}#people", timezone_id="Asia/Shanghai")
    await window.button("Rights of Bo").click()
    await choose(window, "Change it", "POST")
    await window.dialog.get_by_label("How long").select_option("until the end of a day…")
    await expect(window.button("Save")).to_be_disabled()
    await window.dialog.get_by_label("Last day").fill("2099-12-31")
    await expect(window.dialog).to_contain_text("It ends by itself on January 1, 2100")
    await window.button("Save").click()
    await expect(window.dialog).to_have_count(0)
    grants = (await ann.api("GET", f"rooms/{room}/access"))["grants"]
    ends = [grant["until"] for grant in grants if grant["until"]]
    assert ends == [4_102_416_000_000], "midnight in Shanghai"


async def test_a_change_that_was_overtaken_is_not_saved(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(ann, f"/r/{room}#access")
    window.watch.forgive("status of 409")
    await window.button("Change the rules").click()
    await choose(window, "Everyone who is a member here may", "READ")
    await expect(window.dialog.get_by_text("What saving does")).to_be_visible()
    await ann.api("POST", f"rooms/{room}/access", {"caps": [{"person": bo.id, "kind": "mute"}]})
    await window.button("Save").click()
    await expect(window.dialog.get_by_role("alert")).to_contain_text("Someone changed this room’s")
    assert room not in await bo.directory() or (await bo.directory())[room]["level"] == "READ"


async def test_a_ban_closes_the_page_and_gives_the_text_back(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}")
    await bos.writing.fill("half a thought")
    anns = await enter(ann, f"/r/{room}#people")
    await anns.button("Rights of Bo").click()
    await choose(anns, "Change it", "ban")
    await anns.field("Why (moderators see it)").fill("flooding")
    await expect(
        anns.dialog.get_by_text(
            "Bo can no longer: see the room in the directory, read messages, and write messages"
        )
    ).to_be_visible()
    await anns.button("Save").click()
    await expect(bos.heading("You are no longer in “Kitchen”")).to_be_visible()
    await expect(bos.page.get_by_text("half a thought")).to_be_visible()
    await anns.side.get_by_role("button", name="Rights", exact=True).click()
    held = pane(anns).get_by_role("listitem").filter(has_text="flooding")
    await expect(held).to_contain_text("Bo")
    await anns.button("Lift the ban of Bo").click()
    await expect(anns.page.get_by_text("Bo now: reads and posts.")).to_be_visible()
    await expect(held).to_have_count(0)


async def test_the_table_tells_who_may_what_and_why(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    cy = await house.person("cy", nickname="Cy")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo, cy)
    mute = {"person": bo.id, "kind": "mute", "why": "too loud"}
    await ann.api("POST", f"rooms/{room}/access", {"caps": [mute]})
    window = await enter(ann, f"/r/{room}#access")
    await window.button("Everyone’s rights").click()
    rows = window.dialog.get_by_role("row")
    await expect(rows).to_have_count(4)
    await cell(rows.filter(has_text="Bo"), "Post").click()
    why = window.dialog.get_by_role("status")
    await expect(why).to_contain_text("Bo may not write messages")
    await expect(why).to_contain_text("too loud")
    await choose(window, "Only those who may", "post")
    await expect(rows).to_have_count(3)
    await window.field("Who").fill("cy")
    await expect(rows).to_have_count(2)


async def test_archived_and_deleted(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    bos = await enter(bo, f"/r/{room}")
    anns = await enter(ann, f"/r/{room}#access")
    await anns.button("Archive this room").click()
    await expect(bos.page.get_by_text("This room is archived")).to_be_visible()
    await anns.button("Take it out of the archive").click()
    await expect(bos.writing).to_be_visible()
    await anns.button("Delete this room").click()
    delete = anns.button("Delete for good")
    await expect(delete).to_be_disabled()
    await anns.field("Type the room’s name to go on").fill("Kitchen")
    await delete.click()
    await expect(bos.heading("You are no longer in “Kitchen”")).to_be_visible()
    await expect(anns.room("Kitchen")).to_have_count(0)


async def choose(window: Window, label: str, value: str) -> None:
    """In a list; what can be chosen counts as part of its label."""
    await window.dialog.get_by_label(window.say(label)).select_option(value)


def pane(window: Window) -> Locator:
    return window.page.get_by_role("complementary", name=window.say("Rights"))


def cell(row: Locator, column: str) -> Locator:
    """A cell of the table of rights, by the head of its column."""
    columns = ["See", "Ask", "Join", "Read", "Post"]
    return row.get_by_role("cell").nth(columns.index(column)).get_by_role("button")


async def test_a_member_asks_why(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    window = await enter(bo, f"/r/{room}")
    await window.menu("Why can I post here?")
    await expect(window.dialog.get_by_role("listitem")).to_have_text(
        ["Ann gave you: reads and posts"]
    )
    await window.dialog.get_by_role("button", name="Close").click()
    await ann.api("POST", f"rooms/{room}/access", {"caps": [{"person": bo.id, "kind": "mute"}]})
    told = window.page.get_by_text("You are muted here. Ask Ann.")
    await expect(told).to_be_visible()
    await window.menu("Why can’t I post here?")
    grounds = window.dialog.get_by_role("listitem")
    await expect(grounds).to_have_text(["Ann gave you: reads and posts", "Ann holds you at: reads"])


async def test_a_moderator_asks_who_could_read_a_message(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    cy = await house.person("cy", nickname="Cy")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    await ann.post(room, "secret soup")
    await ann.remove(room, bo)
    await ann.invite(room, cy)
    window = await enter(ann, f"/r/{room}")
    message = window.message("secret soup")
    await message.hover()
    await message.get_by_role("button", name="Who could read this?").click()
    people = window.dialog.get_by_role("listitem")
    await expect(people.filter(has_text="Bo").first).to_contain_text("reads and posts")
    await expect(window.dialog.locator(".loses")).to_have_text(["Bo"])
    await expect(window.dialog.locator(".gains")).to_have_text(["Cy"])
    theirs = await enter(cy, f"/r/{room}")
    await theirs.sees("secret soup")
    await theirs.message("secret soup").hover()
    await expect(theirs.page.get_by_role("button", name="Who could read this?")).to_have_count(0)


async def test_a_room_that_opens_appears_in_an_open_directory(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo", nickname="Bo")
    room = await ann.make_room("Kitchen")
    window = await enter(bo, "/#directory")
    await expect(window.page.get_by_role("heading", name="Hall").first).to_be_visible()
    await expect(window.page.get_by_text("Kitchen")).to_have_count(0)
    opened = {"grants": [{"to": "everyone", "level": "READ"}]}
    await ann.api("POST", f"rooms/{room}/access", opened)
    await window.button("Join Kitchen").click()
    await expect(window.heading("Kitchen").first).to_be_visible()


async def test_an_admin_checks_the_log_of_a_room(house: House, enter: Enter) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(ann, f"/admin/rooms/{room}")
    await window.button("Check the log").click()
    await expect(window.page.get_by_text("as it was written.")).to_be_visible()
    await window.field("A hash noted earlier (if you have one)").fill("f" * 64)
    await window.button("Check the log").click()
    await expect(window.page.get_by_text("This log is not as it was written:")).to_be_visible()
