"""Links by which people make an account here."""

from __future__ import annotations

from msgspec import Struct

from auth.accounts import Accounts
from core.errors import ChatError
from core.records import Identity
from rooms.invitations import Invitations
from web.forms import Form
from web.guards import Guard
from web.handler import Handler

_START = {"uses": "10", "days": "7"}


class WorkingLink(Struct, frozen=True):
    """A link as the page lists it."""

    id: str
    made_by: str
    uses_left: int
    expires_at: int


class InvitationHandler(Handler):
    """Shows the page."""

    def initialize(self, invitations: Invitations, accounts: Accounts) -> None:
        self.invitations = invitations
        self._accounts = accounts

    @property
    def me(self) -> Identity:
        if self.identity is None:
            raise ChatError("not_found")
        return self.identity

    async def show(self, form: Form, status: int = 200, url: str = "") -> None:
        links = await self._working()
        self.send_page("admin_invitations.html", status, form=form, url=url, invitations=links)

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
                self.me, None, _number(typed["days"]), _number(typed["uses"])
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


def _number(text: str) -> int:
    """As typed; what is not a number is as wrong as 0."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0
