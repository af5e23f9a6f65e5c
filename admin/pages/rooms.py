"""Rooms: who may what in them and who gave it, and the glass. Never what is said there."""

from __future__ import annotations

from admin.pages.handler import AdminHandler, level_named, number
from core.errors import ChatError
from core.levels import Level
from rooms.approvals import Approvals
from rooms.glass import MOST_HOURS, Glass
from rooms.overseeing import Overseeing
from rooms.verifying import Verified
from web.forms import Form
from web.guards import Guard

_START = {"level": Level.READ.name, "hours": "1"}
_FIELDS = {"why": "why", "glass_hours": "hours"}


class RoomList(AdminHandler):
    guard = Guard.ADMIN

    def initialize(self, overseeing: Overseeing, approvals: Approvals) -> None:
        self.approvals = approvals
        self.overseeing = overseeing

    async def get(self) -> None:
        query = self.get_query_argument("query", "")
        found = await self.overseeing.rooms(self.me, query)
        await self.show_page("admin_rooms.html", query=query, found=found)


class RoomHandler(AdminHandler):
    """Shows the page of one room."""

    def initialize(self, overseeing: Overseeing, glass: Glass, approvals: Approvals) -> None:
        self.approvals = approvals
        self.overseeing = overseeing
        self.glass = glass

    async def show(
        self, room: str, form: Form, status: int = 200, verified: Verified | None = None
    ) -> None:
        found = await self.overseeing.access(self.me, room)
        broken = any((it.kind, it.id) == ("glass", self.me.account.id) for it in found.grants)
        await self.show_page(
            "admin_room.html",
            status,
            found=found,
            form=form,
            broken=broken,
            most_hours=MOST_HOURS,
            verified=verified,
        )


class OneRoom(RoomHandler):
    guard = Guard.ADMIN

    async def get(self, room: str) -> None:
        await self.show(room, Form(_START))


class Verify(RoomHandler):
    """Whether the room's access log was tampered with."""

    guard = Guard.ADMIN

    def get(self, room: str) -> None:
        self.redirect(f"/admin/rooms/{room}", status=303)

    async def post(self, room: str) -> None:
        noted = self.typed("noted")["noted"].strip() or None
        found = await self.overseeing.verify(self.me, room, noted)
        await self.show(room, Form(_START), verified=found)


class BreakGlass(RoomHandler):
    guard = Guard.ADMIN

    def get(self, room: str) -> None:
        self.redirect(f"/admin/rooms/{room}", status=303)

    async def post(self, room: str) -> None:
        typed = self.typed("level", "hours", "why")
        try:
            level = level_named(typed["level"])
            await self.glass.shatter(self.me, room, level, number(typed["hours"]), typed["why"])
        except ChatError as error:
            form = Form(typed).failed(error, self.translator, _FIELDS)
            await self.show(room, form, error.kind.status)
        else:
            self.redirect(f"/admin/rooms/{room}", status=303)


class MendGlass(RoomHandler):
    guard = Guard.ADMIN

    def get(self, room: str, _person: str) -> None:
        self.redirect(f"/admin/rooms/{room}", status=303)

    async def post(self, room: str, person: str) -> None:
        await self.glass.mend(self.me, room, person)
        self.redirect(f"/admin/rooms/{room}", status=303)
