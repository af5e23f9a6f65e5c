"""Tokens that a person makes for a bot or program: long-lived, capped, and revocable.

A token opens log-ins that can do at most what it says, and never more than its owner; it is no
password: it opens no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from auth.login import LoggedIn
from auth.login_throttle import LoginThrottle
from auth.sessions import PROGRAM, Opened, Sessions
from core.clock import DAY
from core.errors import ChatError
from core.hashes import secret_hash
from core.ids import new_id, new_secret
from core.levels import Level
from core.records import Account, Role, State
from storage import accounts
from storage import sessions as session_rows
from storage import tokens as rows
from storage.engine import Database, Tx
from storage.tokens import Token

LEVELS = (Level.READ, Level.POST, Level.MODERATE, Level.OWN)
LONGEST_DAYS = 3_650
LONGEST_LABEL = 100
MOST = 20
PREFIX = "chatelaine_"
"""So that people and scanners know a token where they come across one."""
MadeBy = Literal["members", "admins", "nobody"]


class Wanted(Struct, frozen=True):
    """A token as it is asked for. ``actions`` None: whatever ``level`` allows. ``days`` None: it
    works until it is revoked."""

    label: str
    level: Level
    actions: frozenset[str] | None = None
    days: int | None = None


class MadeToken(Struct, frozen=True):
    """A new token; its secret is shown this once."""

    token: Token
    secret: str


class PersonalTokens:
    """Makes, lists, revokes and uses them.

    ``made_by`` is the setting. ``actions`` are what a token can be narrowed to, with their texts.
    """

    def __init__(
        self,
        database: Database,
        sessions: Sessions,
        throttle: LoginThrottle,
        made_by: MadeBy,
        actions: Mapping[str, str],
    ) -> None:
        self.actions = actions
        self._database = database
        self._sessions = sessions
        self._throttle = throttle
        self._made_by = made_by

    def may_make(self, role: Role) -> bool:
        if self._made_by == "members":
            return role is not Role.GUEST
        return self._made_by == "admins" and role is Role.ADMIN

    async def make(self, account: str, wanted: Wanted) -> MadeToken:
        """Raises `ChatError` tokens_not_made, token_…, too_many_tokens."""
        checked, secret = self._checked(wanted), PREFIX + new_secret()

        def work(tx: Tx) -> Token:
            owner = accounts.get(tx, account)
            if owner is None or not self.may_make(owner.role):
                raise ChatError("tokens_not_made")
            if rows.count(tx, account) >= MOST:
                raise ChatError("too_many_tokens", most=MOST)
            token = _new(account, checked, tx.now())
            rows.add(tx, token, secret_hash(secret))
            return token

        return MadeToken(await self._database.write(work), secret)

    async def of(self, account: str) -> list[Token]:
        """Those that work, newest first."""
        return await self._database.read(lambda tx: rows.of_account(tx, account))

    async def revoke(self, account: str, token: str) -> bool:
        """End one of ``account``'s own and all its log-ins at once; False if there is none."""

        def work(tx: Tx) -> list[str] | None:
            if not rows.revoke(tx, account, token):
                return None
            return session_rows.end_of_token(tx, account, token)

        ended = await self._database.write(work)
        self._sessions.announce(ended or [])
        return ended is not None

    async def log_in(self, secret: str, address: str) -> LoggedIn:
        """Open a program's session. Raises `ChatError` token_refused, for whatever reason it does
        not work, or login_too_many."""
        hashed = secret_hash(secret)
        counted = f"token {hashed}"
        self._throttle.attempt(counted, address)
        await self._database.read(lambda tx: _working(tx, hashed))
        account, opened = await self._database.write(lambda tx: self._open(tx, hashed))
        self._sessions.announce(opened.ended)
        self._throttle.succeeded(counted, address)
        return LoggedIn(account, opened.session, opened.secret)

    def _open(self, tx: Tx, hashed: str) -> tuple[Account, Opened]:
        token, account = _working(tx, hashed)
        rows.note_use(tx, token.id)
        return account, self._sessions.open(tx, account.id, PROGRAM, "", token)

    def _checked(self, wanted: Wanted) -> Wanted:
        label = " ".join(wanted.label.split())
        if not 1 <= len(label) <= LONGEST_LABEL or not label.isprintable():
            raise ChatError("token_bad")
        known = wanted.actions is None or (wanted.actions and wanted.actions <= set(self.actions))
        if wanted.level not in LEVELS or not known:
            raise ChatError("token_bad")
        if wanted.days is not None and not 1 <= wanted.days <= LONGEST_DAYS:
            raise ChatError("token_days")
        return replace(wanted, label=label)


def _new(account: str, wanted: Wanted, now: int) -> Token:
    return Token(
        id=new_id(),
        account=account,
        label=wanted.label,
        level=wanted.level,
        actions=wanted.actions,
        created_at=now,
        expires_at=None if wanted.days is None else now + wanted.days * DAY,
    )


def _working(tx: Tx, hashed: str) -> tuple[Token, Account]:
    """A token that works, of an account that may be used."""
    token = rows.by_secret(tx, hashed)
    account = accounts.get(tx, token.account) if token else None
    if token is None or account is None or account.state is not State.ACTIVE:
        raise ChatError("token_refused")
    return token, account
