"""Links by which people make an account here."""

from __future__ import annotations

from msgspec import Struct

from admin.pages.handler import AdminHandler, number
from auth.accounts import Accounts
from core.errors import ChatError
from rooms.approvals import Approvals
from rooms.invitations import Invitations
from web.forms import Form
from web.guards import Guard

_START = {"uses": "10", "days": "7"}


class WorkingLink(Struct, frozen=True):
    """A link as the page lists it."""

    id: str
    made_by: str
    uses_left: int
    expires_at: int


class InvitationHandler(AdminHandler):
    """Shows the page."""

    def initialize(
        self, invitations: Invitations, accounts: Accounts, approvals: Approvals
    ) -> None:
        self.invitations = invitations
        self.approvals = approvals
        self._accounts = accounts

    async def show(self, form: Form, status: int = 200, url: str = "") -> None:
        links = await self._working()
        await self.show_page(
            "admin_invitations.html", status, form=form, url=url, invitations=links
        )

    async def _working(self) -> list[WorkingLink]:
        links = await self.invitations.working(self.me, None)
        makers = await self._accounts.people(link.made_by for link in links)
        return [
            WorkingLink(link.id, makers[link.made_by].nickname, link.uses_left, link.expires_at)
            for link in links
        ]


class InvitationPage(InvitationHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self.show(Form(_START))

    async def post(self) -> None:
        typed = {name: self.get_body_argument(name, "") for name in _START}
        try:
            made = await self.invitations.make(
                self.me, None, number(typed["days"]), number(typed["uses"])
            )
        except ChatError as error:
            await self.show(Form(typed).failed(error, self.translator, {}), error.kind.status)
        else:
            await self.show(Form(_START), url=f"{self.site.config.origin}/invite/{made.secret}")


class RevokeInvitation(InvitationHandler):
    guard = Guard.ADMIN

    def get(self, _invitation: str) -> None:
        self.redirect("/admin/invitations", status=303)

    async def post(self, invitation: str) -> None:
        await self.invitations.revoke(self.me, None, invitation)
        self.redirect("/admin/invitations", status=303)
