"""Who signed up and waits for an admin to let them in."""

from __future__ import annotations

from admin.pages.handler import AdminHandler
from core.errors import ChatError
from core.i18n import N_
from core.records import Role
from rooms.approvals import Approvals
from web.errors import message
from web.forms import Form
from web.guards import Guard

_DONE = {
    "approve": N_("They are in, and can log in now."),
    "decline": N_("The account is gone, and its names are free."),
}


class ApprovalsHandler(AdminHandler):
    """Shows the list, and for an answer that came too late shows it again."""

    def initialize(self, approvals: Approvals) -> None:
        self.approvals = approvals

    async def show(self, status: int = 200, failure: str = "") -> None:
        done = _DONE.get(self.get_query_argument("done", ""))
        await self.show_page(
            "admin_approvals.html",
            status,
            people=await self.approvals.waiting(self.me),
            notice=self._(done) if done else "",
            form=Form(failure=failure),
            by_approval=self.site.config.signup == "approval",
        )


class ApprovalsPage(ApprovalsHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self.show()


class Answer(ApprovalsHandler):
    """One button lets the person in as the ``role`` that is chosen, the other does not."""

    guard = Guard.ADMIN

    def get(self, _person: str) -> None:
        self.redirect("/admin/approvals", status=303)

    async def post(self, person: str) -> None:
        answer = self.get_body_argument("answer", "")
        try:
            await self._answer(person, answer)
        except ChatError as error:
            await self.show(error.kind.status, message(error, self.translator))
        else:
            self.redirect(f"/admin/approvals?done={answer}", status=303)

    async def _answer(self, person: str, answer: str) -> None:
        if answer == "approve":
            guest = self.get_body_argument("role", "") == Role.GUEST
            role = Role.GUEST if guest else Role.MEMBER
            await self.approvals.approve(self.me, person, role)
        elif answer == "decline":
            await self.approvals.decline(self.me, person)
        else:
            raise ChatError("bad_request")
