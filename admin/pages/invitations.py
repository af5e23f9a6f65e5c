"""Links by which people make an account here, and come into rooms."""

from __future__ import annotations

from collections.abc import Mapping

from admin.pages.handler import AdminHandler, number
from core.errors import ChatError
from core.levels import Level
from core.records import Role
from rooms.approvals import Approvals
from rooms.invitations import Gift, Invitations
from web.forms import Form
from web.guards import Guard

_START = {"uses": "10", "days": "7", "level": "POST", "role": "member", "guest_days": ""}
_FIELDS = {"guest_days": "guest_days", "guest_rooms": "room"}


class InvitationHandler(AdminHandler):
    """Shows the page."""

    def initialize(self, invitations: Invitations, approvals: Approvals) -> None:
        self.invitations = invitations
        self.approvals = approvals

    async def show(
        self, form: Form, status: int = 200, url: str = "", chosen: frozenset[str] = frozenset()
    ) -> None:
        await self.show_page(
            "admin_invitations.html",
            status,
            form=form,
            url=url,
            rooms=await self.invitations.places(self.me),
            chosen=chosen,
            invitations=await self.invitations.working(self.me, None),
        )


class InvitationPage(InvitationHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self.show(Form(_START))

    async def post(self) -> None:
        typed = {name: self.get_body_argument(name, "") for name in _START}
        rooms = frozenset(self.get_body_arguments("room"))
        try:
            made = await self.invitations.make(
                self.me,
                None,
                number(typed["days"]),
                number(typed["uses"]),
                _role(typed["role"]),
                Gift(_level(typed["level"]), _guest_days(typed), tuple(sorted(rooms))),
            )
        except ChatError as error:
            failed = Form(typed).failed(error, self.translator, _FIELDS)
            await self.show(failed, error.kind.status, chosen=rooms)
        else:
            await self.show(Form(_START), url=f"{self.site.config.origin}/invite/{made.secret}")


class RevokeInvitation(InvitationHandler):
    guard = Guard.ADMIN

    def get(self, _invitation: str) -> None:
        self.redirect("/admin/invitations", status=303)

    async def post(self, invitation: str) -> None:
        await self.invitations.revoke(self.me, None, invitation)
        self.redirect("/admin/invitations", status=303)


def _role(text: str) -> Role:
    return Role.GUEST if text == Role.GUEST.value else Role.MEMBER


def _level(text: str) -> Level:
    return Level.READ if text == Level.READ.name else Level.POST


def _guest_days(typed: Mapping[str, str]) -> int | None:
    """Left empty, or for members: for good."""
    if _role(typed["role"]) is not Role.GUEST or not typed["guest_days"].strip():
        return None
    return number(typed["guest_days"].strip())
