"""Groups: which there are, who is in them, and in which rooms they count."""

from __future__ import annotations

from admin.pages.handler import AdminHandler, end_of
from core.errors import ChatError
from rooms.approvals import Approvals
from rooms.groups import Groups
from web.forms import Form
from web.guards import Guard

_FIELDS = {
    "group_name": "name",
    "group_about": "about",
    "until": "until",
    "person": "nickname",
    "group_gives": "nickname",
}


class GroupHandler(AdminHandler):
    """Shows the page of one group, and for a write that failed shows it again."""

    def initialize(self, groups: Groups, approvals: Approvals) -> None:
        self.approvals = approvals
        self.groups = groups

    async def show(
        self, group: str, status: int = 200, naming: Form | None = None, adding: Form | None = None
    ) -> None:
        whole = await self.groups.one(self.me, group)
        about = {"name": whole.group.name, "about": whole.group.about}
        await self.show_page(
            "admin_group.html",
            status,
            whole=whole,
            naming=naming or Form(about),
            adding=adding or Form(),
        )

    def failed(self, typed: dict[str, str], error: ChatError) -> Form:
        return Form(typed).failed(error, self.translator, _FIELDS)


class GroupList(GroupHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self._show_all(Form())

    async def post(self) -> None:
        typed = self.typed("name", "about")
        try:
            made = await self.groups.make(self.me, typed["name"], typed["about"])
        except ChatError as error:
            await self._show_all(self.failed(typed, error), error.kind.status)
        else:
            self.redirect(f"/admin/groups/{made}", status=303)

    async def _show_all(self, form: Form, status: int = 200) -> None:
        groups = await self.groups.every(self.me)
        await self.show_page("admin_groups.html", status, form=form, groups=groups)


class OneGroup(GroupHandler):
    guard = Guard.ADMIN

    async def get(self, group: str) -> None:
        await self.show(group)

    async def post(self, group: str) -> None:
        """Another name, or what it is for."""
        typed = self.typed("name", "about")
        try:
            await self.groups.change(self.me, group, typed["name"], typed["about"])
        except ChatError as error:
            await self.show(group, error.kind.status, naming=self.failed(typed, error))
        else:
            self.redirect(f"/admin/groups/{group}", status=303)


class GroupMembers(GroupHandler):
    guard = Guard.ADMIN

    def get(self, group: str) -> None:
        self.redirect(f"/admin/groups/{group}", status=303)

    async def post(self, group: str) -> None:
        typed = self.typed("nickname", "until")
        try:
            await self.groups.add(self.me, group, typed["nickname"], end_of(typed["until"]))
        except ChatError as error:
            await self.show(group, error.kind.status, adding=self.failed(typed, error))
        else:
            self.redirect(f"/admin/groups/{group}", status=303)


class TakeOut(GroupHandler):
    guard = Guard.ADMIN

    def get(self, group: str, _person: str) -> None:
        self.redirect(f"/admin/groups/{group}", status=303)

    async def post(self, group: str, person: str) -> None:
        await self.groups.take_out(self.me, group, person)
        self.redirect(f"/admin/groups/{group}", status=303)


class DeleteGroup(GroupHandler):
    guard = Guard.ADMIN

    async def get(self, group: str) -> None:
        """What will change, and whether that is meant."""
        whole = await self.groups.one(self.me, group)
        await self.show_page("admin_group_delete.html", whole=whole)

    async def post(self, group: str) -> None:
        await self.groups.delete(self.me, group)
        self.redirect("/admin/groups", status=303)
