"""A new password by a one-time link, for who forgot the old one."""

from __future__ import annotations

from auth.links import RESET, Links
from auth.pages.entering import Entrance, typed
from core.errors import ChatError
from web.forms import Form
from web.guards import Guard
from web.handler import Handler


class Reset(Handler):
    guard = Guard.PUBLIC

    def initialize(self, links: Links, entrance: Entrance, shortest_password: int) -> None:
        self._links = links
        self._entrance = entrance
        self._shortest = shortest_password

    async def get(self, secret: str) -> None:
        await self._links.check(RESET, secret)
        self._show(Form())

    async def post(self, secret: str) -> None:
        await self._links.check(RESET, secret)
        try:
            account = await self._links.reset(secret, typed(self, "password"))
        except ChatError as error:
            form = Form().failed(error, self.translator, {"password_": "password"})
            self._show(form, error.kind.status)
        else:
            await self._entrance.let_in(self, account)

    def _show(self, form: Form, status: int = 200) -> None:
        self.send_page("reset.html", status, form=form, shortest_password=self._shortest)
