"""Invitation links, to rooms or to the server; only the hash of their secret is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, structs
from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update

from core.levels import Level
from core.records import Role
from storage.engine import Tx
from storage.people import batches
from storage.schema import invitation_rooms, invitations


class Place(NamedTuple):
    """A room that a link leads to, and the level that it gives there."""

    room: str
    level: Level


class Invitation(Struct, frozen=True):
    """One link. ``room``: whose it is, or None: the server's, which may lead to ``more`` rooms.

    Outsiders become ``role``; guests for ``guest_days``, None: for good.
    """

    id: str
    made_by: str
    room: str | None
    role: Role
    level: Level
    created_at: int
    expires_at: int
    uses_left: int
    uses: int
    guest_days: int | None = None
    more: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Every room that it leads to."""
        own = () if self.room is None else (Place(self.room, self.level),)
        return own + self.more


_NAMES = [name for name in Invitation.__struct_fields__ if name != "more"]
_LINKS = select(*(invitations.c[name] for name in _NAMES))


def add(tx: Tx, invitation: Invitation, secret_hash: str) -> None:
    values = structs.asdict(invitation)
    more = values.pop("more")
    values.update(role=invitation.role.value, level=int(invitation.level))
    tx.conn.execute(insert(invitations).values(secret_hash=secret_hash, **values))
    rows = [
        {"invitation": invitation.id, "room": place.room, "level": int(place.level)}
        for place in more
    ]
    if rows:
        tx.conn.execute(insert(invitation_rooms), rows)


def by_secret(tx: Tx, secret_hash: str) -> Invitation | None:
    """A link that still works, as far as the link itself can tell."""
    found = _loaded(tx, _LINKS.where(invitations.c.secret_hash == secret_hash, _works(tx)))
    return found[0] if found else None


def working(tx: Tx, room: str | None) -> list[Invitation]:
    """The links that lead to a room (or the server's own) and still work, newest first."""
    query = _LINKS.where(_of(room), _works(tx))
    return _loaded(tx, query.order_by(invitations.c.created_at.desc(), invitations.c.id))


def count(tx: Tx, room: str | None) -> int:
    """How many links of the room's own (or of the server's) still work."""
    own = invitations.c.room.is_(None) if room is None else invitations.c.room == room
    return tx.conn.execute(select(func.count()).where(own, _works(tx))).scalar_one()


def use(tx: Tx, invitation: str) -> bool:
    """Take one use; False if none was left."""
    statement = (
        update(invitations)
        .where(invitations.c.id == invitation, _works(tx))
        .values(uses_left=invitations.c.uses_left - 1, uses=invitations.c.uses + 1)
    )
    return tx.conn.execute(statement).rowcount == 1


def revoke(tx: Tx, invitation: str, room: str | None) -> bool:
    """Make a room's own link (or one of the server's) void; False if there was none."""
    here = invitations.c.room.is_(None) if room is None else invitations.c.room == room
    statement = (
        update(invitations)
        .where(invitations.c.id == invitation, here, invitations.c.revoked_at.is_(None))
        .values(revoked_at=tx.now())
    )
    return tx.conn.execute(statement).rowcount == 1


def take_room_out(tx: Tx, invitation: str, room: str) -> bool:
    """The server's link leads there no more, and nowhere if that was all; False if it did not."""
    here = invitation_rooms.c.invitation == invitation
    statement = delete(invitation_rooms).where(here, invitation_rooms.c.room == room)
    if tx.conn.execute(statement).rowcount != 1:
        return False
    if tx.conn.execute(select(invitation_rooms.c.room).where(here).limit(1)).first() is None:
        revoke(tx, invitation, None)
    return True


def _of(room: str | None) -> ColumnElement[bool]:
    if room is None:
        return invitations.c.room.is_(None)
    leading = select(invitation_rooms.c.invitation).where(invitation_rooms.c.room == room)
    return or_(invitations.c.room == room, invitations.c.id.in_(leading))


def _works(tx: Tx) -> ColumnElement[bool]:
    return (
        invitations.c.revoked_at.is_(None)
        & (invitations.c.expires_at > tx.now())
        & (invitations.c.uses_left > 0)
    )


def _loaded(tx: Tx, query: Select[Any]) -> list[Invitation]:
    rows = tx.conn.execute(query).all()
    more = _more(tx, (row.id for row in rows if row.room is None))
    return [_invitation(row._asdict(), more.get(row.id, ())) for row in rows]


def _more(tx: Tx, ids: Iterable[str]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for some in batches(ids):
        query = select(invitation_rooms).where(invitation_rooms.c.invitation.in_(some))
        for row in tx.conn.execute(query.order_by(invitation_rooms.c.room)):
            found[row.invitation].append(Place(row.room, Level(row.level)))
    return found


def _invitation(values: dict[str, Any], more: Sequence[Place]) -> Invitation:
    values.update(role=Role(values["role"]), level=Level(values["level"]), more=tuple(more))
    return Invitation(**values)
