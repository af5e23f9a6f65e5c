"""One person's account, and what admins do with it."""

from __future__ import annotations

from collections.abc import Awaitable

from admin.pages.handler import AdminHandler, number
from auth.links import Links
from core.errors import ChatError
from core.i18n import N_
from core.records import Role
from rooms.accounts import AccountKeeping
from rooms.approvals import Approvals
from web.errors import message
from web.forms import Form
from web.guards import Guard

_DONE = {
    "suspended": N_("The account is suspended, and logged out everywhere."),
    "restored": N_("The account can be used again."),
    "role": N_("The role is changed."),
    "end": N_("The end is set."),
    "no-end": N_("The account does not end by itself any more."),
    "session": N_("That log-in has ended."),
    "sessions": N_("All log-ins have ended."),
}


class PersonHandler(AdminHandler):
    """Shows the page, and for a write that failed shows it again with what was wrong."""

    def initialize(self, keeping: AccountKeeping, approvals: Approvals, links: Links) -> None:
        self.keeping = keeping
        self.approvals = approvals
        self.links = links

    async def show(self, person: str, status: int = 200, failure: str = "", url: str = "") -> None:
        done = _DONE.get(self.get_query_argument("done", ""))
        await self.show_page(
            "admin_person.html",
            status,
            kept=await self.keeping.look(self.me, person),
            notice=self._(done) if done else "",
            form=Form(failure=failure),
            url=url,
        )

    async def do(self, person: str, work: Awaitable[object], done: str) -> None:
        """Then lead to the page, which says that it is ``done``."""
        try:
            await work
        except ChatError as error:
            if error.code == "not_found":
                raise
            await self.show(person, error.kind.status, message(error, self.translator))
        else:
            self.redirect(f"/admin/people/{person}?done={done}", status=303)

    @property
    def why(self) -> str:
        return self.get_body_argument("why", "")


class PersonPage(PersonHandler):
    guard = Guard.ADMIN

    async def get(self, person: str) -> None:
        await self.show(person)


class PersonForm(PersonHandler):
    """Where one of the page's forms is sent; who asks for it is led to the page."""

    def get(self, person: str, *_ids: str) -> None:
        self.redirect(f"/admin/people/{person}", status=303)


class MakeResetLink(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        await self.keeping.look(self.me, person)
        try:
            secret = await self.links.new_reset(person, self.me.account.id)
        except ChatError:
            raise ChatError("not_found") from None
        await self.show(person, url=f"{self.site.config.origin}/reset/{secret}")


class Suspend(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        await self.do(person, self.keeping.suspend(self.me, person, self.why), "suspended")


class Restore(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        await self.do(person, self.keeping.restore(self.me, person, self.why), "restored")


class ChangeRole(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        typed = self.get_body_argument("role", "")
        if typed not in [role.value for role in Role]:
            raise ChatError("bad_request")
        await self.do(
            person, self.keeping.change_role(self.me, person, Role(typed), self.why), "role"
        )


class SetEnd(PersonForm):
    """``days`` from now on; left empty, the account does not end by itself."""

    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        typed = self.get_body_argument("days", "")
        days = number(typed) if typed else None
        change = self.keeping.set_end(self.me, person, days, self.why)
        await self.do(person, change, "end" if typed else "no-end")


class EndSession(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str, session: str) -> None:
        await self.do(person, self.keeping.end_session(self.me, person, session), "session")


class EndSessions(PersonForm):
    guard = Guard.ADMIN

    async def post(self, person: str) -> None:
        await self.do(person, self.keeping.end_sessions(self.me, person), "sessions")


class Delete(PersonHandler):
    """Asks first, on a page that says what goes."""

    guard = Guard.ADMIN

    async def get(self, person: str) -> None:
        await self._ask(person)

    async def post(self, person: str) -> None:
        nickname = (await self.keeping.look(self.me, person)).account.nickname
        try:
            left = await self.keeping.delete(self.me, person, self.why)
        except ChatError as error:
            await self._ask(person, error.kind.status, message(error, self.translator))
        else:
            await self.show_page("admin_deleted.html", nickname=nickname, ownerless=left)

    async def _ask(self, person: str, status: int = 200, failure: str = "") -> None:
        kept = await self.keeping.look(self.me, person)
        await self.show_page("admin_delete.html", status, kept=kept, form=Form(failure=failure))
