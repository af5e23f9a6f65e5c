"""What ends by itself, and when: grants, caps, memberships of groups, accounts."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, union_all

from core.access import SubjectKind
from core.records import State
from storage.engine import Tx
from storage.prepared import Prepared
from storage.schema import accounts, caps, grants, group_members, heads, memberships


class GroupMembership(NamedTuple):
    """Someone's place in a group."""

    group: str
    person: str


def next_in(tx: Tx, room: str) -> int | None:
    """The earliest end (ms) of whatever bears on rights in ``room``; None if all of it lasts."""
    ends = union_all(
        select(grants.c.until).where(grants.c.room == room),
        select(caps.c.until).where(caps.c.room == room),
        _memberships_in(room).with_only_columns(group_members.c.until),
        _accounts_in(room).with_only_columns(accounts.c.until),
    ).subquery()
    first: int | None = tx.conn.execute(select(func.min(ends.c.until))).scalar_one()
    return first


def any_due(tx: Tx, at: int) -> bool:
    """Whether anything at all has ended by ``at``, in one look."""
    return bool(_ANY_DUE.rows(tx, at, State.ACTIVE.value)[0][0])


def rooms_due(tx: Tx, at: int) -> list[str]:
    """Rooms in which something has ended by ``at`` (ms)."""
    query = select(heads.c.room).where(heads.c.next_expiry <= at).order_by(heads.c.room)
    return list(tx.conn.execute(query).scalars())


def memberships_due(tx: Tx, at: int, room: str | None = None) -> list[GroupMembership]:
    """Memberships of groups that have ended by ``at``: of all, or of those that ``room`` names."""
    every = select(group_members) if room is None else _memberships_in(room)
    columns = every.with_only_columns(group_members.c.group, group_members.c.person)
    query = columns.where(group_members.c.until <= at).order_by(*columns.selected_columns)
    return [GroupMembership(*row) for row in tx.conn.execute(query.distinct())]


def accounts_due(tx: Tx, at: int, room: str | None = None) -> list[str]:
    """Accounts in use that have ended by ``at``: of all, or of the members of ``room``."""
    every = select(accounts) if room is None else _accounts_in(room)
    query = every.with_only_columns(accounts.c.id).where(
        accounts.c.until <= at, accounts.c.state == State.ACTIVE.value
    )
    return list(tx.conn.execute(query.order_by(accounts.c.id)).scalars())


def _memberships_in(room: str) -> Select[Any]:
    named = and_(
        grants.c.subject == group_members.c.group,
        grants.c.subject_kind == SubjectKind.GROUP.value,
    )
    return select(group_members).join(grants, named).where(grants.c.room == room)


def _accounts_in(room: str) -> Select[Any]:
    inside = memberships.c.person == accounts.c.id
    return (
        select(accounts)
        .join(memberships, inside)
        .where(memberships.c.room == room, accounts.c.state == State.ACTIVE.value)
    )


_ANY_DUE = Prepared(
    select(
        or_(
            exists().where(heads.c.next_expiry <= bindparam("at")),
            exists().where(group_members.c.until <= bindparam("at")),
            exists().where(
                accounts.c.until <= bindparam("at"), accounts.c.state == bindparam("active")
            ),
        )
    ),
    "at",
    "active",
)
