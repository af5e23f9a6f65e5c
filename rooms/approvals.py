"""People who signed up and wait for an admin to let them in: `signup: approval`."""

from __future__ import annotations

from msgspec.structs import replace

from core.errors import ChatError
from core.records import Account, Identity, Role, State
from rooms.acting import admin, shown
from rooms.changes import Changes
from rooms.ledger import Opened
from rooms.membership import arrive
from rooms.standing import change_account
from storage import accounts, journal, labels, people
from storage.engine import Database, Tx
from storage.journal import Change


class Approvals:
    """For admins; everyone else is told `not_found`."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def waiting(self, who: Identity) -> list[Account]:
        """Who waits, the longest first."""

        def work(tx: Tx) -> list[Account]:
            admin(tx, who)
            return accounts.in_state(tx, State.PENDING)

        return await self._database.read(work)

    async def count(self, who: Identity) -> int:
        def work(tx: Tx) -> int:
            admin(tx, who)
            return accounts.count_in(tx, State.PENDING)

        return await self._database.read(work)

    async def approve(self, who: Identity, person: str, role: Role = Role.MEMBER) -> Account:
        """Let someone in as ``role``: they arrive as whoever signs up openly does.

        Raises `ask_gone` if they do not wait any more.
        """

        def work(tx: Tx, touched: list[Opened]) -> Account:
            account = _waiting(tx, who, person)
            facts = people.facts_of(tx, person)
            assert facts is not None

            def change() -> None:
                accounts.set_state(tx, person, State.ACTIVE)
                accounts.set_role(tx, person, role)

            new = replace(facts, role=role, state=State.ACTIVE)
            change_account(tx, new, change, Change("approved", who.account.id), shown(who))
            account = replace(account, role=role, state=State.ACTIVE)
            touched.extend(arrive(tx, account))
            return account

        return await self._changes.commit(work)

    async def decline(self, who: Identity, person: str) -> None:
        """The account goes as if it had never been; its names are free. Raises `ask_gone`."""

        def work(tx: Tx) -> None:
            _waiting(tx, who, person)
            labels.remove(tx, person)
            accounts.remove(tx, person)
            journal.note(tx, Change("declined", who.account.id, person))

        await self._database.write(work)


def _waiting(tx: Tx, who: Identity, person: str) -> Account:
    admin(tx, who)
    account = accounts.get(tx, person)
    if account is None or account.state is not State.PENDING:
        raise ChatError("ask_gone")
    return account
