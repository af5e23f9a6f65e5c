"""Proving who one is by name and password."""

from __future__ import annotations

from msgspec import Struct

from auth import names
from auth.login_throttle import LoginThrottle
from auth.passwords import Passwords
from auth.sessions import BROWSER, Opened, Sessions
from core.errors import ChatError
from core.records import Account, Session, State
from storage import accounts as rows
from storage.accounts import Credentials
from storage.engine import Database, Tx


class LoggedIn(Struct, frozen=True):
    """``secret`` goes into the cookie, and nowhere else."""

    account: Account
    session: Session
    secret: str


class Logins:
    """Every try is counted, and costs the same whether or not the name exists."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        sessions: Sessions,
        throttle: LoginThrottle,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._sessions = sessions
        self._throttle = throttle

    async def log_in(
        self, name: str, password: str, address: str, user_agent: str, kind: str = BROWSER
    ) -> LoggedIn:
        """Open a session. Raises `ChatError` login_failed, login_too_many, busy.

        Only who knows the password is told `account_pending`.
        """
        found = names.find(name)
        counted = found or name[: 4 * names.LONGEST]
        self._throttle.attempt(counted, address)
        known = await self._database.read(lambda tx: rows.credentials(tx, name=found or ""))
        matches = await self._passwords.verify(password, known.password if known else None)
        if known is None or not matches:
            raise ChatError("login_failed")
        if known.account.state is State.PENDING:
            self._throttle.succeeded(counted, address)
            raise ChatError("account_pending")
        rehashed = await self._rehashed(known, password)
        opened = await self._database.write(
            lambda tx: self._open(tx, known, rehashed, user_agent, kind)
        )
        self._sessions.announce(opened.ended)
        self._throttle.succeeded(counted, address)
        return LoggedIn(known.account, opened.session, opened.secret)

    async def confirm(self, account: str, password: str, address: str) -> Credentials:
        """That it is still the same person. Raises `ChatError` password_wrong, login_too_many."""
        known = await self._database.read(lambda tx: rows.credentials(tx, account=account))
        if known is None:
            raise ChatError("not_signed_in")
        self._throttle.attempt(known.account.name, address)
        if not await self._passwords.verify(password, known.password):
            raise ChatError("password_wrong")
        self._throttle.succeeded(known.account.name, address)
        return known

    async def log_out(self, session: Session) -> None:
        await self._sessions.end(session.account, session.id)

    async def _rehashed(self, known: Credentials, password: str) -> str | None:
        if not self._passwords.needs_rehash(known.password):
            return None
        return await self._passwords.hash(password)

    def _open(
        self, tx: Tx, known: Credentials, rehashed: str | None, user_agent: str, kind: str
    ) -> Opened:
        """Unless the password or the account's state has changed since it was compared."""
        current = rows.credentials(tx, account=known.account.id)
        if current is None or current.password != known.password:
            raise ChatError("login_failed")
        if current.account.state is not State.ACTIVE:
            raise ChatError("login_failed")
        if rehashed is not None:
            rows.rehash(tx, known.account.id, rehashed, instead_of=known.password)
        return self._sessions.open(tx, known.account.id, kind, user_agent)
