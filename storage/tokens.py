"""Long-lived tokens of people for bots and programs; only the hash of their secret is kept."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Row, delete, func, insert, or_, select, update

from core.clock import DAY
from core.levels import Level
from storage.engine import Tx
from storage.schema import sessions, tokens
from storage.sessions import decode_actions, encode_actions

KEPT_AFTER_END = 30 * DAY


class Token(Struct, frozen=True):
    """A token that works. It may do at most ``level``, and of that only ``actions``."""

    id: str
    account: str
    label: str
    level: Level
    actions: frozenset[str] | None
    created_at: int
    expires_at: int | None
    used_at: int | None = None


_COLUMNS = [tokens.c[name] for name in Token.__struct_fields__]


def add(tx: Tx, token: Token, secret_hash: str) -> None:
    """And drop what ended long ago."""
    long_ago = tx.now() - KEPT_AFTER_END
    old = or_(tokens.c.revoked_at < long_ago, tokens.c.expires_at < long_ago)
    tx.conn.execute(delete(tokens).where(tokens.c.account == token.account, old))
    values = structs.asdict(token)
    values.update(level=int(token.level), actions=encode_actions(token.actions))
    tx.conn.execute(insert(tokens).values(secret_hash=secret_hash, **values))


def by_secret(tx: Tx, secret_hash: str) -> Token | None:
    """The token, if it still works."""
    query = select(*_COLUMNS).where(tokens.c.secret_hash == secret_hash, _works(tx))
    row = tx.conn.execute(query).first()
    return _token(row) if row else None


def of_account(tx: Tx, account: str) -> list[Token]:
    """Those that work, the newest first."""
    own = select(*_COLUMNS).where(tokens.c.account == account, _works(tx))
    query = own.order_by(tokens.c.created_at.desc(), tokens.c.id)
    found = [_token(row) for row in tx.conn.execute(query)]
    seen = _last_seen(tx, [token.id for token in found])
    return [
        structs.replace(token, used_at=max(token.used_at or 0, seen.get(token.id, 0)) or None)
        for token in found
    ]


def count(tx: Tx, account: str) -> int:
    """How many of ``account``'s still work."""
    query = select(func.count()).where(tokens.c.account == account, _works(tx))
    return tx.conn.execute(query).scalar_one()


def note_use(tx: Tx, token: str) -> None:
    tx.conn.execute(update(tokens).where(tokens.c.id == token).values(used_at=tx.now()))


def revoke(tx: Tx, account: str, token: str) -> bool:
    """Make one of ``account``'s own void; False if there was none."""
    own = (tokens.c.id == token) & (tokens.c.account == account) & tokens.c.revoked_at.is_(None)
    return tx.conn.execute(update(tokens).where(own).values(revoked_at=tx.now())).rowcount == 1


def drop_all(tx: Tx, account: str) -> None:
    """Whatever they were for, is nobody's any more."""
    tx.conn.execute(delete(tokens).where(tokens.c.account == account))


def _last_seen(tx: Tx, ids: list[str]) -> dict[str, int]:
    """When a log-in by each was used last, as far as it is still known."""
    query = select(sessions.c.token, func.max(sessions.c.seen_at).label("seen"))
    of_them = query.where(sessions.c.token.in_(ids)).group_by(sessions.c.token)
    rows = tx.conn.execute(of_them)
    return {row.token: row.seen for row in rows}


def _works(tx: Tx) -> ColumnElement[bool]:
    ends = or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > tx.now())
    return tokens.c.revoked_at.is_(None) & ends


def _token(row: Row[Any]) -> Token:
    values = row._asdict()
    values.update(level=Level(row.level), actions=decode_actions(row.actions))
    return Token(**values)
