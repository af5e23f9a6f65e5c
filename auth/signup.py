"""Becoming someone: checked and hashed first, then made in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from auth import labels, names, nicknames
from auth.addresses import network
from auth.passwords import Passwords
from auth.throttle import Limiter
from core.access import PersonFacts
from core.errors import ChatError
from core.ids import new_id
from core.records import Account, Role, State
from storage import accounts as rows
from storage import journal
from storage.engine import Database, Tx
from storage.journal import Change

MOST_PENDING = 100
"""People who wait for an admin's approval at a time."""

Newcomer = Callable[[Tx, Account], Sequence[str]]
"""Runs in the transaction that makes an account; returns the rooms whose logs it wrote to."""

After = Callable[[Sequence[str]], None]
"""Told, after the commit, the rooms that a `Newcomer` returned."""


class Draft(Struct, frozen=True):
    """A person to be: whatever needs no transaction is checked, the password is hashed."""

    name: str
    nickname: str
    nickname_chosen: bool
    password: str
    language: str


class Made(Struct, frozen=True):
    """A new account, and the rooms to announce after the commit (`SignUps.committed`)."""

    account: Account
    rooms: list[str]


class SignUps:
    """``limiter`` counts by the network a sign-up comes from."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        limiter: Limiter,
        newcomer: Newcomer,
        after: After,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._limiter = limiter
        self._newcomer = newcomer
        self._after = after

    async def sign_up(self, draft: Draft, role: Role = Role.MEMBER) -> Account:
        """Make the account. Raises `ChatError` name_taken, nickname_taken."""
        made = await self._database.write(lambda tx: self.create(tx, draft, role))
        self.committed(made)
        return made.account

    async def draft(
        self, name: str, password: str, nickname: str, language: str, address: str
    ) -> Draft:
        """Check and hash. An empty ``nickname`` is filled in from the name.

        Raises `ChatError` name_…, nickname_…, password_…, signup_too_many, busy.
        """
        prepared = names.prepare(name)
        shown = nicknames.prepare(nickname.strip() or name)
        self._passwords.check_strength(password, prepared, shown)
        if wait := self._limiter.take(network(address)):
            raise ChatError("signup_too_many", retry_after=wait)
        hashed = await self._passwords.hash(password)
        return Draft(prepared, shown, bool(nickname.strip()), hashed, language)

    async def ask(self, draft: Draft) -> None:
        """Make an account that cannot be used until an admin lets it in (rooms/approvals.py).

        Raises `ChatError` signup_full, name_taken, nickname_taken.
        """

        def work(tx: Tx) -> None:
            if rows.count_in(tx, State.PENDING) >= MOST_PENDING:
                raise ChatError("signup_full")
            self.create(tx, draft, Role.MEMBER, State.PENDING)

        await self._database.write(work)

    def create(self, tx: Tx, draft: Draft, role: Role, state: State = State.ACTIVE) -> Made:
        """In the caller's transaction, who calls `committed` after it. Raises as `sign_up`."""
        labels.check_name_free(tx, draft.name)
        shown = draft.nickname
        if not draft.nickname_chosen:
            shown = labels.free_nickname(tx, shown)
        account = Account(new_id(), draft.name, shown, role, state, draft.language, tx.now())
        rows.add(tx, account, draft.password)
        facts = PersonFacts(account.id, role, state)
        journal.note(tx, Change("made", person=account.id, facts=facts))
        labels.claim_name(tx, account.name, account.id)
        labels.claim_nickname(tx, account.nickname, account.id)
        arrives = state is State.ACTIVE
        return Made(account, list(self._newcomer(tx, account)) if arrives else [])

    def committed(self, made: Made) -> None:
        self._after(made.rooms)
