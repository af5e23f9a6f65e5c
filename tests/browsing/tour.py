"""Leads through every page, panel and dialog there is, so that each can be looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from playwright.async_api import expect

from core.ids import new_id
from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House
from tests.people import PASSWORD, Person

LONG = "不" * 60 + "w" * 120
SPEECH = (
    "**早上好** [~](https://1.invalid/) https://2.invalid/" + "1" * 200,
    "```\n" + "0" * 200 + "\n```",
    "> 好的 `1 + 1`\n\n- 一\n- 二",
    LONG,
    "👍",
)
Stop = tuple[str, Window]
"""What is seen now, by a name, and where."""


@dataclass
class Tour:
    """Options are those of Browser.new_context."""

    house: House
    enter: Enter
    options: dict[str, Any]

    async def stops(self) -> AsyncIterator[Stop]:
        ann = await self.house.person("ann", nickname="安", admin=True)
        bo = await self.house.person("bo", nickname="博")
        room = await ann.make_room("厨房" + "房" * 40, topic="刀与叉" * 30)
        await ann.invite(room, bo)
        for index, text in enumerate(SPEECH):
            await (ann, bo)[index % 2].post(room, text)
        made = {"level": "READ", "role": "guest", "guest_days": 30}
        link = await ann.api("POST", f"rooms/{room}/links", made)
        async for stop in self._outside(link["url"]):
            yield stop
        window = await self.enter(ann, "/account", **self.options)
        garden = await bo.make_room("花园", history="joined")
        parts = (
            self._pages(window),
            self._groups(window),
            self._overseeing(window, garden),
            self._chat(window, room),
            self._rights(ann, bo, room),
            self._between_two(ann, bo),
            self._asking(ann, bo),
        )
        for part in parts:
            async for stop in part:
                yield stop

    # --- pages -----------------------------------------------------------------------------------

    async def _outside(self, link: str) -> AsyncIterator[Stop]:
        window = await self.enter(path="/login", **self.options)
        window.watch.forgive(r"status of 4\d\d")
        await window.log_in("ann", "not the password")
        await expect(window.page.get_by_role("alert")).to_be_visible()
        yield "log-in, failed", window
        await window.go("/signup")
        yield "sign-up", window
        await window.sign_up("ann")
        await expect(window.field("Login name")).to_have_attribute("aria-invalid", "true")
        yield "sign-up, failed", window
        await window.go(link.removeprefix(window.origin))
        yield "invitation", window
        await window.go("/no/such/page")
        yield "no such page", window

    async def _pages(self, window: Window) -> AsyncIterator[Stop]:
        await self.house.window(next(it for it in self.house.askers if isinstance(it, Person)))
        await window.go("/account")
        yield "account", window
        await window.field("What is it for?").fill("1" * 100)
        await window.text("Allow only some actions").click()
        await window.field("write messages").check()
        await window.button("Make a token").click()
        await expect(window.button("Copy")).to_be_visible()
        yield "account, a token", window
        async for stop in self._accounts(window):
            yield stop
        await window.go("/admin/invitations")
        await window.page.get_by_role("checkbox").first.check()
        await window.field("Whoever has no account yet becomes").select_option("guest")
        await window.button("Make a link").click()
        await expect(window.page.get_by_role("status")).to_be_visible()
        yield "admin, an invitation", window
        await window.go("/admin/access")
        await expect(window.link("Download as CSV")).to_be_visible()
        yield "admin, the access log", window

    async def _accounts(self, window: Window) -> AsyncIterator[Stop]:
        await self.house.person("cy", nickname="赛")
        await self._asks_to_be_let_in()
        await window.go("/admin/approvals")
        await expect(window.page.get_by_role("button", name=window.say("Let in"))).to_be_visible()
        yield "admin, approvals", window
        await window.go("/admin")
        yield "admin, people", window
        await window.link("赛").click()
        await window.button("Make a link for a new password").click()
        await expect(window.page.get_by_role("status")).to_be_visible()
        yield "admin, a link for a password", window
        await window.button("Suspend").click()
        await expect(window.button("Restore")).to_be_visible()
        yield "admin, someone suspended", window
        await window.link("Delete this account").click()
        await expect(window.button("Delete for good")).to_be_visible()
        yield "admin, deleting someone", window
        await window.link("Keep it").click()
        await window.button("Restore").click()
        await expect(window.button("Suspend")).to_be_visible()

    async def _asks_to_be_let_in(self) -> None:
        signups = self.house.chatelaine.signups
        await signups.ask(await signups.draft("dora", PASSWORD, "朵", "", "127.0.0.1"))

    async def _groups(self, window: Window) -> AsyncIterator[Stop]:
        await window.go("/admin/groups")
        yield "admin, no groups", window
        await window.field("Name").fill("组" * 80)
        await window.page.get_by_label(window.say("What it is for")).fill("长" * 250)
        await window.button("Make a group").click()
        await window.field("Nickname").fill("博")
        await window.page.get_by_label(window.say("Last day")).fill("2099-12-31")
        await window.button("Add to the group").click()
        await expect(window.page.get_by_role("button", name="博")).to_be_visible()
        yield "admin, a group", window
        await window.field("Nickname").fill("没有")
        await window.button("Add to the group").click()
        window.watch.forgive("status of 404")
        await expect(window.field("Nickname")).to_have_attribute("aria-invalid", "true")
        yield "admin, a group, failed", window
        await window.link("Delete this group…").click()
        await expect(window.button("Delete the group")).to_be_visible()
        yield "admin, delete a group", window
        await window.go("/admin/new-rooms")
        await window.field("To whom").select_option("组" * 80)
        await window.field("What they can do").select_option("SEE")
        await window.button("Give").click()
        await expect(
            window.page.get_by_role("button", name=window.say("Take back"))
        ).to_be_visible()
        yield "admin, new rooms", window

    async def _overseeing(self, window: Window, room: str) -> AsyncIterator[Stop]:
        await window.go("/admin/rooms")
        yield "admin, rooms", window
        await window.go(f"/admin/rooms/{room}")
        await window.field("For how many hours").fill("3")
        await window.field("Why").fill("看" * 200)
        await window.button("Break the glass").click()
        await expect(window.link("Open the room in the chat")).to_be_visible()
        yield "admin, a room", window

    # --- the chat --------------------------------------------------------------------------------

    async def _chat(self, window: Window, room: str) -> AsyncIterator[Stop]:
        keys = window.page.keyboard
        await window.go("/")
        await expect(window.rooms).to_be_visible()
        yield "home", window
        await window.rooms.get_by_role("button", name="安").click()
        await expect(window.button("Log out")).to_be_visible()
        yield "account menu", window
        await keys.press("Escape")
        await window.rooms.get_by_role("button", name=window.say("Make a room")).first.click()
        await expect(window.dialog).to_be_visible()
        yield "make a room", window
        await keys.press("Escape")
        await window.rooms.get_by_role("button", name=window.say("Go to a room")).click()
        await expect(window.page.get_by_role("option")).to_have_count(2)
        yield "go to a room", window
        await keys.press("Escape")
        await window.link("Find rooms").first.click()
        await expect(window.heading("Rooms you can see")).to_be_visible()
        await expect(window.link("Enter").first).to_be_visible()
        yield "directory", window
        async for stop in self._room(window, room):
            yield stop
        await window.go(f"/r/{new_id()}")
        await expect(window.heading("There is no such room")).to_be_visible()
        yield "no such room", window

    async def _room(self, window: Window, room: str) -> AsyncIterator[Stop]:
        keys = window.page.keyboard
        await window.go(f"/r/{room}")
        await window.sees("👍")
        yield "room", window
        await window.button("More about this room").click()
        yield "room menu", window
        await window.button("Name and topic").click()
        await expect(window.dialog).to_be_visible()
        yield "name and topic", window
        await keys.press("Escape")
        await window.menu("Leave this room")
        await expect(window.button("Stay")).to_be_visible()
        yield "leave", window
        await keys.press("Escape")
        await window.menu("People")
        await expect(window.side.get_by_role("listitem")).to_have_count(2)
        yield "people", window
        await window.side.get_by_role("button", name=window.say("Invite people")).click()
        await window.field("Nickname").fill("nobody")
        await window.button("Invite").click()
        window.watch.forgive("status of 404")
        await window.button("Make a link").click()
        await expect(window.field("Invitation link")).to_be_visible()
        await expect(window.dialog.get_by_role("alert").first).not_to_be_empty()
        yield "invite", window
        await keys.press("Escape")

    async def _rights(self, ann: Person, bo: Person, room: str) -> AsyncIterator[Stop]:
        news = await ann.make_room("新闻", preset="announcements")
        window = await self.enter(bo, f"/r/{news}", **self.options)
        await expect(window.button("Join this room")).to_be_visible()
        yield "outside", window
        await window.button("Join this room").click()
        await expect(
            window.page.get_by_text(window.say("Only moderators and owners post here."))
        ).to_be_visible()
        yield "only reading", window
        hall = next(iter(set(await bo.rooms()) - {room, news}))
        await window.go(f"/r/{hall}")
        await expect(window.writing).to_be_visible()
        yield "empty room", window
        await window.go(f"/r/{room}")
        await window.writing.fill("写了一半")
        await ann.remove(room, bo)
        goodbye = window.pattern("You are no longer in “%(room)s”")
        await expect(window.page.get_by_role("heading", name=goodbye)).to_be_visible()
        yield "removed", window

    # --- direct rooms ----------------------------------------------------------------------------

    async def _between_two(self, ann: Person, bo: Person) -> AsyncIterator[Stop]:
        window = await self.enter(ann, "/", **self.options)
        await window.button("New direct message").click()
        await window.field("Nickname").fill("博")
        yield "new direct message", window
        await window.button("Write").click()
        await expect(window.heading("博").first).to_be_visible()
        yield "direct room, silent", window
        await window.writing_to("博").fill(LONG)
        await window.page.keyboard.press("Enter")
        await window.sees(LONG)
        await window.button("More about this room").click()
        yield "direct room, menu", window
        await window.page.get_by_role("button", name=window.pattern("Block %(name)s")).click()
        await expect(window.button("Unblock")).to_be_visible()
        yield "direct room, blocked", window
        room = window.path.removeprefix("/r/")
        theirs = await self.enter(bo, f"/r/{room}", **self.options)
        await expect(theirs.page.locator(".no-composer")).to_be_visible()
        yield "direct room, refused", theirs
        await window.go("/account")
        yield "account, someone blocked", window
        await theirs.menu("Hide this conversation")
        await bo.join(room)
        await theirs.go(f"/r/{room}")
        await expect(theirs.page.locator(".no-composer")).to_be_visible()
        await bo.leave(room)
        gone = theirs.pattern("You hid this conversation with %(name)s")
        await expect(theirs.page.get_by_role("heading", name=gone)).to_be_visible()
        yield "direct room, hidden", theirs

    async def _asking(self, ann: Person, bo: Person) -> AsyncIterator[Stop]:
        room = await ann.make_room("书房", preset="listed", topic="安静")
        window = await self.enter(bo, f"/r/{room}", **self.options)
        await expect(window.button("Ask to be let in")).to_be_visible()
        yield "outside, one may ask", window
        await window.page.get_by_role("textbox").fill(LONG)
        await window.button("Ask to be let in").click()
        await expect(window.page.get_by_text(window.say("Take it back"))).to_be_visible()
        yield "asked", window
        keeper = await self.enter(ann, f"/r/{room}#people", **self.options)
        await expect(keeper.page.get_by_text(keeper.say("Let in"), exact=True)).to_be_visible()
        yield "someone asks", keeper
        await ann.api("POST", f"rooms/{room}/asks/{bo.id}", {"answer": "decline"})
        told = window.pattern("Not this time. You can ask again on %(when)s.")
        await expect(window.page.get_by_text(told)).to_be_visible()
        yield "declined", window
