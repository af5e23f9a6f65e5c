"""Invitation links, to a room or to the server; only the hash of their secret is kept."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Row, insert, select, update

from core.levels import Level
from core.records import Role
from storage.engine import Tx
from storage.schema import invitations


class Invitation(Struct, frozen=True):
    """One link. ``room`` None: to the server only. Outsiders become ``role``."""

    id: str
    made_by: str
    room: str | None
    role: Role
    level: Level
    created_at: int
    expires_at: int
    uses_left: int
    uses: int


_COLUMNS = [invitations.c[name] for name in Invitation.__struct_fields__]


def add(tx: Tx, invitation: Invitation, secret_hash: str) -> None:
    values = structs.asdict(invitation)
    values.update(role=invitation.role.value, level=int(invitation.level))
    tx.conn.execute(insert(invitations).values(secret_hash=secret_hash, **values))


def by_secret(tx: Tx, secret_hash: str) -> Invitation | None:
    """A link that still works, as far as the link itself can tell."""
    query = select(*_COLUMNS).where(invitations.c.secret_hash == secret_hash, _works(tx))
    row = tx.conn.execute(query).first()
    return _invitation(row) if row else None


def working(tx: Tx, room: str | None) -> list[Invitation]:
    """The links to a room (or to the server) that still work, newest first."""
    here = invitations.c.room.is_(None) if room is None else invitations.c.room == room
    query = select(*_COLUMNS).where(here, _works(tx)).order_by(invitations.c.created_at.desc())
    return [_invitation(row) for row in tx.conn.execute(query)]


def use(tx: Tx, invitation: str) -> bool:
    """Take one use; False if none was left."""
    statement = (
        update(invitations)
        .where(invitations.c.id == invitation, _works(tx))
        .values(uses_left=invitations.c.uses_left - 1, uses=invitations.c.uses + 1)
    )
    return tx.conn.execute(statement).rowcount == 1


def revoke(tx: Tx, invitation: str, room: str | None) -> bool:
    """Make a link of this room (or of the server) void; False if there was none."""
    here = invitations.c.room.is_(None) if room is None else invitations.c.room == room
    statement = (
        update(invitations)
        .where(invitations.c.id == invitation, here, invitations.c.revoked_at.is_(None))
        .values(revoked_at=tx.now())
    )
    return tx.conn.execute(statement).rowcount == 1


def _works(tx: Tx) -> ColumnElement[bool]:
    return (
        invitations.c.revoked_at.is_(None)
        & (invitations.c.expires_at > tx.now())
        & (invitations.c.uses_left > 0)
    )


def _invitation(row: Row[Any]) -> Invitation:
    values = row._asdict()
    values.update(role=Role(row.role), level=Level(row.level))
    return Invitation(**values)
