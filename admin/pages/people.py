"""Who is here."""

from __future__ import annotations

from collections.abc import Iterable

from admin.pages.handler import AdminHandler
from auth.accounts import Accounts
from core.records import Account
from rooms.accounts import BECAME, AccountKeeping
from rooms.approvals import Approvals
from web.guards import Guard

SHOWN = 50


class People(AdminHandler):
    """Finds people, and shows which rooms nobody can manage."""

    guard = Guard.ADMIN

    def initialize(self, accounts: Accounts, keeping: AccountKeeping, approvals: Approvals) -> None:
        self._accounts = accounts
        self._keeping = keeping
        self.approvals = approvals

    async def get(self) -> None:
        query = self.get_query_argument("query", "")
        found = matching(await self._accounts.everybody(), query)
        await self.show_page(
            "admin_people.html",
            query=query,
            people=found[:SHOWN],
            more=len(found) > SHOWN,
            ownerless=await self._keeping.ownerless(self.me),
        )


def matching(accounts: Iterable[Account], query: str) -> list[Account]:
    """Those whose name or nickname contains ``query``; all of them for an empty one.

    Who waits to be let in has a page of their own, and who is deleted none.
    """
    wanted = query.strip().casefold()
    return [
        account
        for account in accounts
        if account.state in BECAME
        and (wanted in account.name.casefold() or wanted in account.nickname.casefold())
    ]
