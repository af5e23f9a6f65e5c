"""Accounts and what they log in with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, delete, exists, func, insert, select, update

from core.records import Account, Reach, Role, State
from storage.engine import Tx
from storage.schema import accounts

COLUMNS: tuple[ColumnElement[Any], ...] = (
    accounts.c.id,
    accounts.c.name,
    accounts.c.nickname,
    accounts.c.role,
    accounts.c.state,
    accounts.c.language,
    accounts.c.created_at,
    accounts.c.until,
)


class Credentials(Struct, frozen=True):
    """An account and the hash of its password."""

    account: Account
    password: str


def add(tx: Tx, account: Account, password: str) -> None:
    row = {
        "id": account.id,
        "name": account.name,
        "nickname": account.nickname,
        "role": account.role.value,
        "state": account.state.value,
        "language": account.language,
        "password": password,
        "password_changed_at": account.created_at,
        "created_at": account.created_at,
        "until": account.until,
    }
    tx.conn.execute(insert(accounts).values(row))


def get(tx: Tx, account: str) -> Account | None:
    return _one(tx, accounts.c.id == account)


def by_name(tx: Tx, name: str) -> Account | None:
    return _one(tx, accounts.c.name == name)


def everybody(tx: Tx) -> list[Account]:
    rows = tx.conn.execute(select(*COLUMNS).order_by(accounts.c.nickname, accounts.c.id))
    return [to_account(row) for row in rows]


def in_state(tx: Tx, state: State) -> list[Account]:
    """Those in ``state``, the oldest first."""
    query = select(*COLUMNS).where(accounts.c.state == state.value)
    rows = tx.conn.execute(query.order_by(accounts.c.created_at, accounts.c.id))
    return [to_account(row) for row in rows]


def count_in(tx: Tx, state: State) -> int:
    query = select(func.count()).where(accounts.c.state == state.value)
    return int(tx.conn.execute(query).scalar_one())


def credentials(
    tx: Tx, *, name: str | None = None, account: str | None = None
) -> Credentials | None:
    """Of whom is called ``name``, or of ``account``."""
    who = accounts.c.name == name if account is None else accounts.c.id == account
    row = tx.conn.execute(select(*COLUMNS, accounts.c.password).where(who)).one_or_none()
    return Credentials(to_account(row), row.password) if row is not None else None


def has_admin(tx: Tx) -> bool:
    """Whether there is an admin who can log in."""
    admin = (accounts.c.role == Role.ADMIN.value) & (accounts.c.state == State.ACTIVE.value)
    return bool(tx.conn.execute(select(exists().where(admin))).scalar_one())


def another_admin(tx: Tx, account: str) -> bool:
    """Whether there is an admin who can log in besides ``account``."""
    admin = (accounts.c.role == Role.ADMIN.value) & (accounts.c.state == State.ACTIVE.value)
    others = exists().where(admin, accounts.c.id != account)
    return bool(tx.conn.execute(select(others)).scalar_one())


def set_password(tx: Tx, account: str, password: str, *, instead_of: str | None = None) -> bool:
    """Store a new hash; with ``instead_of``, only if the stored one still is that."""
    statement = update(accounts).where(accounts.c.id == account)
    if instead_of is not None:
        statement = statement.where(accounts.c.password == instead_of)
    changed = statement.values(password=password, password_changed_at=tx.now())
    return tx.conn.execute(changed).rowcount == 1


def rehash(tx: Tx, account: str, password: str, *, instead_of: str) -> None:
    """Store the same password's newer hash."""
    same = (accounts.c.id == account) & (accounts.c.password == instead_of)
    tx.conn.execute(update(accounts).where(same).values(password=password))


def set_nickname(tx: Tx, account: str, nickname: str) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(nickname=nickname))


def set_state(tx: Tx, account: str, state: State) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(state=state.value))


def set_role(tx: Tx, account: str, role: Role) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(role=role.value))


def set_until(tx: Tx, account: str, until: int | None) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(until=until))


def erase(tx: Tx, account: str, name: str, nickname: str) -> None:
    """It is deleted: under a name that nobody can log in with, and without its password."""
    values = {"name": name, "nickname": nickname, "password": "", "language": "", "until": None}
    gone = update(accounts).where(accounts.c.id == account)
    tx.conn.execute(gone.values(state=State.DELETED.value, **values))


def remove(tx: Tx, account: str) -> None:
    """As if it had never been; only for one that nothing refers to."""
    tx.conn.execute(delete(accounts).where(accounts.c.id == account))


def set_language(tx: Tx, account: str, language: str) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(language=language))


def reach_of(tx: Tx, account: str) -> Reach:
    """Who may begin a direct room with ``account``; nobody with one that is not there."""
    query = select(accounts.c.reachable).where(accounts.c.id == account)
    found = tx.conn.execute(query).scalar_one_or_none()
    return Reach(found) if found else Reach.NOBODY


def set_reach(tx: Tx, account: str, reach: Reach) -> None:
    tx.conn.execute(update(accounts).where(accounts.c.id == account).values(reachable=reach.value))


def to_account(row: Sequence[Any]) -> Account:
    """From a row that begins with `COLUMNS`."""
    id, name, nickname, role, state, language, created_at, until = row[: len(COLUMNS)]
    return Account(id, name, nickname, Role(role), State(state), language, created_at, until)


def _one(tx: Tx, which: ColumnElement[bool]) -> Account | None:
    row = tx.conn.execute(select(*COLUMNS).where(which)).one_or_none()
    return to_account(row) if row is not None else None
