"""Logging in and out."""

from __future__ import annotations

from auth.cookies import SessionCookie
from auth.login import Logins
from auth.pages.entering import Entrance, typed, user_agent
from core.errors import ChatError
from web.forms import Form
from web.guards import Guard
from web.handler import Handler
from web.next import safe_next


class Login(Handler):
    guard = Guard.ANONYMOUS

    def initialize(self, logins: Logins, entrance: Entrance, signup_open: bool) -> None:
        self._logins = logins
        self._entrance = entrance
        self._signup_open = signup_open

    def get(self) -> None:
        self._show(Form(), self.get_query_argument("next", ""))

    async def post(self) -> None:
        name, to = typed(self, "name"), typed(self, "next")
        try:
            entered = await self._logins.log_in(
                name, typed(self, "password"), self.address, user_agent(self)
            )
        except ChatError as error:
            form = Form({"name": name}).failed(error, self.translator, {})
            self._show(form, to, error.kind.status)
        else:
            self._entrance.go(self, entered.secret, to)

    def _show(self, form: Form, to: str, status: int = 200) -> None:
        self.send_page(
            "login.html", status, form=form, next=safe_next(to), signup_open=self._signup_open
        )


class Logout(Handler):
    """Ends the session, and with it its open sockets."""

    guard = Guard.SESSION

    def initialize(self, logins: Logins, cookie: SessionCookie) -> None:
        self._logins = logins
        self._cookie = cookie

    def get(self) -> None:
        self.redirect("/account", status=303)

    async def post(self) -> None:
        if self.identity is not None:
            await self._logins.log_out(self.identity.session)
        self._cookie.clear(self)
        self.redirect("/login", status=303)
