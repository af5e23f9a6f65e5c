"""What new rooms give from the start."""

from __future__ import annotations

from admin.pages.handler import AdminHandler, level_named
from core.errors import ChatError
from rooms.approvals import Approvals
from rooms.default_grants import LEVELS, DefaultGrants
from rooms.groups import Groups
from web.forms import Form
from web.guards import Guard

_PAGE = "/admin/new-rooms"


class NewRoomsHandler(AdminHandler):
    """Shows the page."""

    def initialize(self, defaults: DefaultGrants, groups: Groups, approvals: Approvals) -> None:
        self.approvals = approvals
        self.defaults = defaults
        self.groups = groups

    async def show(self, form: Form, status: int = 200) -> None:
        await self.show_page(
            "admin_new_rooms.html",
            status,
            form=form,
            given=await self.defaults.every(self.me),
            groups=[it.group for it in await self.groups.every(self.me)],
            levels=[level.name for level in LEVELS],
        )


class NewRooms(NewRoomsHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self.show(Form({"level": "READ"}))

    async def post(self) -> None:
        typed = self.typed("group", "level")
        try:
            await self.defaults.give(self.me, typed["group"], level_named(typed["level"]))
        except ChatError as error:
            await self.show(
                Form(typed).failed(error, self.translator, {"group": "group"}), error.kind.status
            )
        else:
            self.redirect(_PAGE, status=303)


class TakeDefault(NewRoomsHandler):
    guard = Guard.ADMIN

    def get(self) -> None:
        self.redirect(_PAGE, status=303)

    async def post(self) -> None:
        await self.defaults.take(self.me, self.typed("group")["group"])
        self.redirect(_PAGE, status=303)
