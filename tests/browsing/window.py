"""A browser window, used as people use it: by what is written on things, in their language."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect

from app import ROOT
from core.i18n import Catalogs
from tests.browsing.watch import Watch
from tests.people import PASSWORD

_SAID = """timeline => [...timeline.querySelectorAll("[data-seq] .text")].map(it => it.innerText)"""


@cache
def catalogs() -> Catalogs:
    return Catalogs.load(ROOT / "locale")


class Window:
    """One tab. Things are called by their English names, and found by those of ``language``."""

    def __init__(self, page: Page, origin: str, watch: Watch, language: str = "en") -> None:
        self.page = page
        self.origin = origin
        self.watch = watch
        self.language = language

    def say(self, text: str, **params: str) -> str:
        """The text as the window shows it."""
        translated = catalogs().translator(self.language).gettext(text)
        return translated % params if params else translated

    @property
    def profile(self) -> BrowserContext:
        """What this tab shares with others: cookies and storage."""
        return self.page.context

    async def go(self, path: str) -> None:
        await self.page.goto(self.origin + path)

    async def another(self, path: str = "/") -> Window:
        """A second tab of the same profile."""
        window = Window(await self.profile.new_page(), self.origin, self.watch, self.language)
        await window.go(path)
        return window

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.origin)

    async def arrives(self, path: str) -> None:
        """Until the address is ``path``, whatever is asked for behind it."""
        await self.page.wait_for_url(re.compile(re.escape(self.origin + path) + r"([?#].*)?$"))

    def pattern(self, text: str) -> re.Pattern[str]:
        """The text, whatever its parameters are."""
        return re.compile(re.sub(r"%\\\((\w+)\\\)s", ".*", re.escape(self.say(text))))

    # --- things, by their names ------------------------------------------------------------------

    def button(self, name: str, **options: Any) -> Locator:
        return self.page.get_by_role("button", name=self.say(name), exact=True, **options)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=self.say(name), exact=True)

    def heading(self, name: str, **params: str) -> Locator:
        return self.page.get_by_role("heading", name=self.say(name, **params), exact=True)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True).and_(
            self.page.locator("input, select, textarea")
        )

    def text(self, text: str) -> Locator:
        return self.page.get_by_text(self.say(text))

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("group", name=self.say("Messages"))

    @property
    def writing(self) -> Locator:
        label = self.say("Write to %(room)s", room="\0")
        return self.page.get_by_role(
            "textbox", name=re.compile(re.escape(label).replace("\0", ".*"))
        )

    def writing_to(self, nickname: str) -> Locator:
        """The same in a direct room."""
        label = self.say("Write to %(name)s", name=nickname)
        return self.page.get_by_role("textbox", name=label)

    @property
    def rooms(self) -> Locator:
        return self.page.get_by_role("navigation", name=self.say("Rooms"))

    @property
    def side(self) -> Locator:
        """The people of the room."""
        return self.page.get_by_role("complementary", name=self.say("People"))

    def room(self, name: str) -> Locator:
        """Its line in the list; its text tells what is unread."""
        return self.rooms.get_by_role("link").filter(has_text=name)

    def message(self, text: str) -> Locator:
        """The line with this message; its text tells author and time as well."""
        first, *more = text.split("\n")
        words = self.page.get_by_text(first, exact=not more)
        return self.messages.get_by_role("listitem").filter(has=words)

    # --- forms -----------------------------------------------------------------------------------

    async def sign_up(
        self, name: str, nickname: str = "", button: str = "Sign up", password: str = PASSWORD
    ) -> None:
        await self.field("Login name").fill(name)
        await self.field("Password").fill(password)
        await self.page.get_by_label(self.say("Nickname")).fill(nickname)
        await self.button(button).click()

    async def log_in(self, name: str, password: str = PASSWORD) -> None:
        await self.field("Login name").fill(name)
        await self.field("Password").fill(password)
        await self.button("Log in").click()

    # --- the chat --------------------------------------------------------------------------------

    async def open_room(self, name: str) -> None:
        await self.room(name).click()
        await expect(self.heading(name).first).to_be_visible()

    async def write(self, text: str) -> None:
        """Type and send; lines are broken with Shift+Enter."""
        await self.writing.click()
        for index, line in enumerate(text.split("\n")):
            if index:
                await self.page.keyboard.press("Shift+Enter")
            await self.page.keyboard.insert_text(line)
        await self.page.keyboard.press("Enter")

    async def sees(self, text: str) -> None:
        """A message that the server has."""
        await expect(self.message(text).and_(self.page.locator("[data-seq]"))).to_be_visible()

    async def said(self) -> list[str]:
        """All messages that are in the page and on the server, from top to bottom."""
        found: list[str] = await self.messages.evaluate(_SAID)
        return found

    async def wakes(self) -> None:
        """The browser says that there is a network: a lost connection is tried at once."""
        await self.page.evaluate("window.dispatchEvent(new Event('online'))")

    async def menu(self, choice: str) -> None:
        """Choose in the room's menu."""
        await self.button("More about this room").click()
        await self.button(choice).click()
