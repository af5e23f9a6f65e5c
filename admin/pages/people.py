"""Who is here, and a way back in for who forgot the password."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from auth.accounts import Accounts
from auth.links import Links
from core.errors import ChatError
from core.records import Account
from web.guards import Guard
from web.handler import Handler

SHOWN = 50


class ShownLink(Struct, frozen=True):
    """A link that is shown this once, and for whom it is."""

    url: str
    nickname: str


class PeopleHandler(Handler):
    """Shows the page."""

    def initialize(self, accounts: Accounts, links: Links) -> None:
        self.accounts = accounts
        self.links = links

    async def show(self, link: ShownLink | None = None) -> None:
        query = self.get_query_argument("query", "")
        found = matching(await self.accounts.everybody(), query)
        self.send_page(
            "admin_people.html",
            query=query,
            people=found[:SHOWN],
            more=len(found) > SHOWN,
            link=link,
        )


class People(PeopleHandler):
    guard = Guard.ADMIN

    async def get(self) -> None:
        await self.show()


class MakeResetLink(PeopleHandler):
    guard = Guard.ADMIN

    def get(self, _account: str) -> None:
        self.redirect("/admin", status=303)

    async def post(self, account_id: str) -> None:
        account = await self.accounts.get(account_id)
        if self.identity is None or account is None:
            raise ChatError("not_found")
        secret = await self.links.new_reset(account.id, self.identity.account.id)
        url = f"{self.site.config.origin}/reset/{secret}"
        await self.show(ShownLink(url, account.nickname))


def matching(accounts: Iterable[Account], query: str) -> list[Account]:
    """Those whose name or nickname contains ``query``; all of them for an empty one."""
    wanted = query.strip().casefold()
    return [
        account
        for account in accounts
        if wanted in account.name.casefold() or wanted in account.nickname.casefold()
    ]
