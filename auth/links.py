"""One-time links: for the first admin, and for who forgot the password."""

from __future__ import annotations

from msgspec import Struct

from auth import names
from auth.passwords import Passwords
from auth.sessions import Sessions
from auth.signup import Draft, Made, SignUps
from core.clock import DAY
from core.errors import ChatError
from core.hashes import secret_hash
from core.ids import new_secret
from core.records import Account, Role, State
from storage import accounts, people
from storage import links as rows
from storage import sessions as session_rows
from storage.engine import Database, Tx
from storage.links import Link

FIRST_ADMIN, RESET = "first-admin", "reset"
VALID = DAY


class LastReset(Struct, frozen=True):
    """For the person concerned: their password was set by a link. ``made_by`` is a nickname;
    None when the link was made on the machine."""

    made_by: str | None
    used_at: int


class Links:
    """A link's secret is in its address only; it is used up by the transaction it is for."""

    def __init__(
        self, database: Database, passwords: Passwords, sessions: Sessions, signups: SignUps
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._signups = signups

    async def new_first_admin(self) -> str | None:
        """A secret for ``/first/<secret>``, voiding older ones; None if there is an admin."""
        return await self._database.write(_new_first_admin)

    async def first_admin(self, secret: str, draft: Draft) -> Account:
        """Sign up as admin. Raises `ChatError` link_void, name_taken, nickname_taken."""

        def make(tx: Tx) -> Made:
            if rows.use(tx, FIRST_ADMIN, secret_hash(secret)) is None or accounts.has_admin(tx):
                raise ChatError("link_void")
            return self._signups.create(tx, draft, Role.ADMIN)

        made = await self._database.write(make)
        self._signups.committed(made)
        return made.account

    async def new_reset(self, account: str, made_by: str | None) -> str:
        """A secret for ``/reset/<secret>``, voiding older ones.

        Raises person_not_found, also for an account that cannot be used.
        """

        def make(tx: Tx) -> str:
            found = accounts.get(tx, account)
            if found is None or found.state is not State.ACTIVE:
                raise ChatError("person_not_found")
            return _new(tx, RESET, account, made_by)

        return await self._database.write(make)

    async def new_reset_by_name(self, name: str) -> str:
        """As `new_reset`, for the command line. Raises `ChatError` person_not_found."""
        found = names.find(name) or ""
        account = await self._database.read(lambda tx: accounts.by_name(tx, found))
        if account is None:
            raise ChatError("person_not_found")
        return await self.new_reset(account.id, None)

    async def check(self, kind: str, secret: str) -> None:
        """Before showing the form that a link leads to. Raises `ChatError` link_void."""
        hashed = secret_hash(secret)
        if await self._database.read(lambda tx: rows.find_open(tx, kind, hashed)) is None:
            raise ChatError("link_void")

    async def reset(self, secret: str, password: str) -> Account:
        """Set a new password and end all sessions. Raises `ChatError` link_void, password_…"""
        hashed_secret = secret_hash(secret)
        account = await self._database.read(lambda tx: _account_of(tx, hashed_secret))
        self._passwords.check_strength(password, account.name, account.nickname)
        hashed = await self._passwords.hash(password)

        def change(tx: Tx) -> list[str]:
            if rows.use(tx, RESET, hashed_secret) is None:
                raise ChatError("link_void")
            accounts.set_password(tx, account.id, hashed)
            return session_rows.end_all(tx, account.id)

        self._sessions.announce(await self._database.write(change))
        return account

    async def last_reset(self, account: str) -> LastReset | None:
        """Who let in whoever used the last reset link of ``account``."""
        return await self._database.read(lambda tx: _last_reset(tx, account))


def _new_first_admin(tx: Tx) -> str | None:
    if accounts.has_admin(tx):
        rows.void(tx, FIRST_ADMIN, None)
        return None
    return _new(tx, FIRST_ADMIN, None, None)


def _new(tx: Tx, kind: str, account: str | None, made_by: str | None) -> str:
    secret = new_secret()
    link = Link(kind, account, made_by, tx.now(), tx.now() + VALID)
    rows.add(tx, link, secret_hash(secret))
    return secret


def _account_of(tx: Tx, hashed_secret: str) -> Account:
    link = rows.find_open(tx, RESET, hashed_secret)
    account = accounts.get(tx, link.account) if link and link.account else None
    if account is None or account.state is not State.ACTIVE:
        raise ChatError("link_void")
    return account


def _last_reset(tx: Tx, account: str) -> LastReset | None:
    link = rows.last_used(tx, RESET, account)
    if link is None or link.used_at is None:
        return None
    maker = people.persons(tx, [link.made_by]).get(link.made_by) if link.made_by else None
    return LastReset(maker.nickname if maker else None, link.used_at)
