"""The page of one's own account."""

from __future__ import annotations

from auth.accounts import Accounts
from auth.contacts import Contacts
from auth.links import Links
from auth.pages.entering import typed
from auth.personal_tokens import LEVELS, PersonalTokens
from auth.sessions import Sessions
from core.errors import ChatError
from core.i18n import N_
from core.records import Identity
from web.forms import Form
from web.guards import Guard
from web.handler import Handler

_DONE = {
    "nickname": N_("You have a new nickname."),
    "password": N_("You have a new password. Everywhere else you are logged out."),
    "session": N_("That log-in has ended."),
    "sessions": N_("All other log-ins have ended."),
    "token": N_("That token works no more."),
    "reachable": N_("That is saved."),
    "unblocked": N_("They can write to you again."),
}


class AccountHandler(Handler):
    """Shows the page, and for a write that failed shows it again."""

    def initialize(
        self,
        accounts: Accounts,
        sessions: Sessions,
        links: Links,
        tokens: PersonalTokens,
        contacts: Contacts,
        shortest_password: int,
    ) -> None:
        self.accounts = accounts
        self.sessions = sessions
        self.tokens = tokens
        self.contacts = contacts
        self._links = links
        self._shortest = shortest_password

    @property
    def me(self) -> Identity:
        if self.identity is None:
            raise ChatError("not_signed_in")
        return self.identity

    async def show(
        self,
        status: int = 200,
        nickname: Form | None = None,
        password: Form | None = None,
        token: Form | None = None,
        made: str = "",
    ) -> None:
        """``made``: a token's secret, to be shown this once."""
        account = self.me.account
        self.send_page(
            "account.html",
            status,
            nickname=nickname or Form({"nickname": account.nickname}),
            password=password or Form(),
            notice=self._notice(),
            last_reset=await self._links.last_reset(account.id),
            sessions=await self.sessions.of_account(account.id),
            tokens=await self.tokens.of(account.id),
            token=token or Form(),
            made_token=made,
            may_make_tokens=self.tokens.may_make(account.role),
            token_actions=self.tokens.actions,
            token_levels=LEVELS,
            shortest_password=self._shortest,
            reach=await self.contacts.reach(account.id),
            blocked=await self.contacts.blocked(account.id),
        )

    def done(self, what: str) -> None:
        self.redirect(f"/account?done={what}", status=303)

    def _notice(self) -> str:
        text = _DONE.get(self.get_query_argument("done", ""))
        return self._(text) if text else ""


class AccountPage(AccountHandler):
    guard = Guard.SESSION

    async def get(self) -> None:
        await self.show()


class AccountForm(AccountHandler):
    """Where one of the page's forms is sent; who asks for it is led to the page."""

    def get(self, *_ids: str) -> None:
        self.redirect("/account", status=303)


class ChangeNickname(AccountForm):
    guard = Guard.SESSION

    async def post(self) -> None:
        wanted = typed(self, "nickname")
        try:
            await self.accounts.change_nickname(self.me.account.id, wanted)
        except ChatError as error:
            form = Form({"nickname": wanted})
            failed = form.failed(error, self.translator, {"nickname_": "nickname"})
            await self.show(error.kind.status, nickname=failed)
        else:
            self.done("nickname")


class ChangePassword(AccountForm):
    guard = Guard.SESSION

    async def post(self) -> None:
        try:
            await self._change()
        except ChatError as error:
            fields = {"password_wrong": "current", "password_": "password"}
            failed = Form().failed(error, self.translator, fields)
            await self.show(error.kind.status, password=failed)
        else:
            self.done("password")

    async def _change(self) -> None:
        await self.accounts.change_password(
            self.me.account.id,
            typed(self, "current"),
            typed(self, "password"),
            keep=self.me.session.id,
            address=self.address,
        )


class ChangeReach(AccountForm):
    guard = Guard.SESSION

    async def post(self) -> None:
        await self.contacts.set_reach(self.me, typed(self, "reachable"))
        self.done("reachable")


class EndSession(AccountForm):
    guard = Guard.SESSION

    async def post(self, session: str) -> None:
        await self.sessions.end(self.me.account.id, session)
        self.done("session")


class EndOtherSessions(AccountForm):
    guard = Guard.SESSION

    async def post(self) -> None:
        await self.sessions.end_others(self.me.account.id, keep=self.me.session.id)
        self.done("sessions")
