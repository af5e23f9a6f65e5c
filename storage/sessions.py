"""Log-ins: found by the hash of their secret, ended by their public id."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    delete,
    insert,
    or_,
    select,
    update,
)

from core.clock import DAY
from core.levels import Level
from core.records import Account, Session, State
from storage import accounts as account_rows
from storage.engine import Tx
from storage.people import batches
from storage.schema import accounts, sessions, tokens

KEPT_AFTER_END = 30 * DAY

_COLUMNS: tuple[ColumnElement[Any], ...] = (
    sessions.c.id,
    sessions.c.account,
    sessions.c.kind,
    sessions.c.label,
    sessions.c.created_at,
    sessions.c.seen_at,
    sessions.c.expires_at,
    sessions.c.level,
    sessions.c.actions,
)


class Known(Struct, frozen=True):
    """A live session and whose it is."""

    account: Account
    session: Session


def add(tx: Tx, session: Session, secret_hash: str, token: str | None = None) -> None:
    """And drop what ended long ago. ``token``: the personal one that it was opened with."""
    long_ago = tx.now() - KEPT_AFTER_END
    old = or_(sessions.c.ended_at < long_ago, sessions.c.expires_at < long_ago)
    tx.conn.execute(delete(sessions).where(sessions.c.account == session.account, old))
    row = {name: getattr(session, name) for name in session.__struct_fields__}
    row["level"] = None if session.level is None else int(session.level)
    row["actions"] = encode_actions(session.actions)
    tx.conn.execute(insert(sessions).values(secret_hash=secret_hash, token=token, **row))


def by_secrets(tx: Tx, secret_hashes: Iterable[str]) -> dict[str, Known]:
    """By the hash of its secret: every live session of an active account."""
    return _known(tx, _BY_SECRET, secret_hashes)


def by_ids(tx: Tx, ids: Iterable[str]) -> dict[str, Known]:
    """By public id: every live session of an active account."""
    return _known(tx, _BY_ID, ids)


def by_id(tx: Tx, session: str) -> Known | None:
    return by_ids(tx, [session]).get(session)


def of_account(tx: Tx, account: str, kind: str | None = None) -> list[Session]:
    """The live ones, last seen first."""
    query = select(*_COLUMNS).where(sessions.c.account == account, _live(tx))
    if kind is not None:
        query = query.where(sessions.c.kind == kind)
    rows = tx.conn.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.id))
    return [_session(row) for row in rows]


def touch(tx: Tx, session: str, expires_at: int) -> None:
    """Note that a live session was used; an ended or expired one stays so.

    None outlives the token that it was opened with.
    """
    of_token = select(tokens.c.expires_at).where(tokens.c.id == sessions.c.token).scalar_subquery()
    until = case((of_token < expires_at, of_token), else_=expires_at)
    statement = update(sessions).where(sessions.c.id == session, _live(tx))
    tx.conn.execute(statement.values(seen_at=tx.now(), expires_at=until))


def end(tx: Tx, account: str, ids: Sequence[str]) -> list[str]:
    """End those of ``ids`` that are live and ``account``'s own. Returns them."""
    own = sessions.c.id.in_(ids) & (sessions.c.account == account)
    return _end(tx, own)


def end_all(tx: Tx, account: str, keep: str | None = None) -> list[str]:
    """End all of ``account``'s but ``keep``. Returns those that were live."""
    every = sessions.c.account == account
    return _end(tx, every if keep is None else every & (sessions.c.id != keep))


def end_of_token(tx: Tx, account: str, token: str) -> list[str]:
    """End all that one of ``account``'s tokens opened. Returns those that were live."""
    return _end(tx, (sessions.c.account == account) & (sessions.c.token == token))


def ended_among(tx: Tx, ids: Collection[str]) -> set[str]:
    """Those of ``ids`` that may not act any more: ended, expired, of no active account, unknown."""
    live: set[str] = set()
    for some in batches(ids):
        query = select(sessions.c.id).join(accounts, accounts.c.id == sessions.c.account)
        usable = query.where(sessions.c.id.in_(some), _live(tx), _active())
        live.update(tx.conn.execute(usable).scalars())
    return set(ids) - live


def _by(key: ColumnElement[str]) -> Select[Any]:
    return (
        select(key, *_COLUMNS, *account_rows.COLUMNS)
        .join(accounts, accounts.c.id == sessions.c.account)
        .where(
            key.in_(bindparam("keys", expanding=True)),
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > bindparam("now"),
            accounts.c.state == State.ACTIVE.value,
        )
    )


_BY_SECRET, _BY_ID = _by(sessions.c.secret_hash), _by(sessions.c.id)


def _known(tx: Tx, query: Select[Any], keys: Iterable[str]) -> dict[str, Known]:
    found: dict[str, Known] = {}
    for some in batches(keys):
        for key, *row in tx.conn.execute(query, {"keys": some, "now": tx.now()}):
            account = account_rows.to_account(row[len(_COLUMNS) :])
            found[key] = Known(account, _session(row[: len(_COLUMNS)]))
    return found


def _end(tx: Tx, which: ColumnElement[bool]) -> list[str]:
    statement = update(sessions).where(which, _live(tx)).values(ended_at=tx.now())
    return list(tx.conn.execute(statement.returning(sessions.c.id)).scalars())


def _live(tx: Tx) -> ColumnElement[bool]:
    return sessions.c.ended_at.is_(None) & (sessions.c.expires_at > tx.now())


def _active() -> ColumnElement[bool]:
    return accounts.c.state == State.ACTIVE.value


def encode_actions(actions: frozenset[str] | None) -> str | None:
    return None if actions is None else msgspec.json.encode(sorted(actions)).decode()


def decode_actions(text: str | None) -> frozenset[str] | None:
    return None if text is None else _ACTIONS.decode(text)


_ACTIONS = msgspec.json.Decoder(frozenset[str])


def _session(row: Sequence[Any]) -> Session:
    """From the values of `_COLUMNS`."""
    *plain, level, actions = row
    capped = (None if level is None else Level(level), decode_actions(actions))
    return Session(*(*plain, *capped))
