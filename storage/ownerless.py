"""Rooms that nobody can manage: no person who can log in owns them for good."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, exists, select

from core.access import SubjectKind
from core.levels import Level
from core.records import State
from storage.engine import Tx
from storage.schema import accounts, grants, rooms


class NamedRoom(Struct, frozen=True):
    """A room as admins are told of it."""

    id: str
    name: str


def every(tx: Tx) -> list[NamedRoom]:
    """By name. Direct rooms have no owner by their nature, and are not among them."""
    owner = and_(accounts.c.id == grants.c.subject, accounts.c.state == State.ACTIVE.value)
    owned = exists().where(grants.c.room == rooms.c.id, _owns(), owner)
    query = select(rooms.c.id, rooms.c.name).where(
        rooms.c.direct.is_(None), rooms.c.deleted_at.is_(None), ~owned
    )
    return [NamedRoom(*row) for row in tx.conn.execute(query.order_by(rooms.c.name, rooms.c.id))]


def owned_by(tx: Tx, person: str) -> set[str]:
    """The rooms that ``person`` owns for good, whether or not they can log in."""
    query = select(grants.c.room).where(_owns(), grants.c.subject == person)
    return set(tx.conn.execute(query).scalars())


def _owns() -> ColumnElement[bool]:
    return and_(
        grants.c.subject_kind == SubjectKind.PERSON.value,
        grants.c.level == int(Level.OWN),
        grants.c.until.is_(None),
    )
