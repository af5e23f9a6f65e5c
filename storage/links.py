"""One-time links, by the hash of their secret."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, insert, select, update

from storage.engine import Tx
from storage.schema import links


class Link(Struct, frozen=True):
    """A link for ``account``, made by another (None: by a command on the machine)."""

    kind: str
    account: str | None
    made_by: str | None
    created_at: int
    expires_at: int
    used_at: int | None = None


def add(tx: Tx, link: Link, secret_hash: str) -> None:
    """Make it the only open one of its kind for its account."""
    same = (links.c.kind == link.kind) & links.c.account.is_not_distinct_from(link.account)
    tx.conn.execute(delete(links).where(same, links.c.used_at.is_(None)))
    row = {name: getattr(link, name) for name in link.__struct_fields__}
    tx.conn.execute(insert(links).values(secret_hash=secret_hash, **row))


def find_open(tx: Tx, kind: str, secret_hash: str) -> Link | None:
    """The link, if it can still be used."""
    which = (links.c.kind == kind) & (links.c.secret_hash == secret_hash)
    usable = links.c.used_at.is_(None) & (links.c.expires_at > tx.now())
    row = tx.conn.execute(select(*_COLUMNS).where(which, usable)).one_or_none()
    return Link(*row) if row is not None else None


def use(tx: Tx, kind: str, secret_hash: str) -> Link | None:
    """Use it up. None, and nothing changed, if it cannot be used."""
    link = find_open(tx, kind, secret_hash)
    unused = (links.c.secret_hash == secret_hash) & links.c.used_at.is_(None)
    statement = update(links).where(unused).values(used_at=tx.now())
    if link is None or tx.conn.execute(statement).rowcount != 1:
        return None
    return link


def last_used(tx: Tx, kind: str, account: str) -> Link | None:
    which = (links.c.kind == kind) & (links.c.account == account) & links.c.used_at.is_not(None)
    query = select(*_COLUMNS).where(which).order_by(links.c.used_at.desc()).limit(1)
    row = tx.conn.execute(query).one_or_none()
    return Link(*row) if row is not None else None


def void(tx: Tx, kind: str, account: str | None) -> None:
    """Whatever was open of this kind works no more."""
    same = (links.c.kind == kind) & links.c.account.is_not_distinct_from(account)
    tx.conn.execute(delete(links).where(same, links.c.used_at.is_(None)))


_COLUMNS: tuple[ColumnElement[Any], ...] = (
    links.c.kind,
    links.c.account,
    links.c.made_by,
    links.c.created_at,
    links.c.expires_at,
    links.c.used_at,
)
