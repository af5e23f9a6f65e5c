"""Names and nicknames by the keys under which they clash (auth/skeleton.py)."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, insert, or_, select, update

from core.records import State
from storage.engine import Tx
from storage.schema import accounts, labels


def is_free(tx: Tx, kind: str, keys: Collection[str], account: str = "") -> bool:
    """Whether none of ``keys`` is in use by, or held for, anyone but ``account``."""
    query = (
        select(labels.c.account)
        .where(labels.c.kind == kind, labels.c.key.in_(keys), labels.c.account != account)
        .where(or_(labels.c.until.is_(None), labels.c.until > tx.now()))
    )
    return tx.conn.execute(query.limit(1)).first() is None


def claim(tx: Tx, kind: str, keys: Collection[str], account: str) -> bool:
    """Give ``keys`` to ``account``; False, and nothing changed, if one of them is not free."""
    if not is_free(tx, kind, keys, account):
        return False
    tx.conn.execute(delete(labels).where(labels.c.kind == kind, labels.c.key.in_(keys)))
    rows = [{"kind": kind, "key": key, "account": account} for key in sorted(keys)]
    tx.conn.execute(insert(labels), rows)
    return True


def release(tx: Tx, kind: str, account: str, until: int) -> None:
    """What ``account`` has in use, it has not any more; held for it ``until`` then."""
    in_use = (labels.c.kind == kind) & (labels.c.account == account) & labels.c.until.is_(None)
    tx.conn.execute(update(labels).where(in_use).values(until=until))


def in_use_by(tx: Tx, kind: str, key: str) -> str | None:
    """The account that goes by ``key`` now; who was not let in yet is not there for anyone."""
    query = (
        select(labels.c.account)
        .join(accounts, accounts.c.id == labels.c.account)
        .where(labels.c.kind == kind, labels.c.key == key, labels.c.until.is_(None))
        .where(accounts.c.state != State.PENDING.value)
    )
    return tx.conn.execute(query).scalar_one_or_none()


def remove(tx: Tx, account: str) -> None:
    """All that ``account`` has, in use or held, is free at once."""
    tx.conn.execute(delete(labels).where(labels.c.account == account))
