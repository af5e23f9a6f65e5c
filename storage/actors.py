"""Who may act at all, read in the same transaction as what they do (docs/room-log.md, 1.3)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core.access import PersonFacts
from core.levels import Level
from core.records import Role, State
from storage.engine import Tx
from storage.people import batches, groups_of
from storage.schema import accounts, sessions
from storage.sessions import decode_actions


def acting(tx: Tx, session_ids: Iterable[str]) -> dict[str, PersonFacts]:
    """By session id: the facts of its person, if neither session nor account has ended."""
    found: dict[str, PersonFacts] = {}
    for some in batches(session_ids):
        query = (
            select(
                sessions.c.id,
                sessions.c.level,
                sessions.c.actions,
                accounts.c.id.label("account"),
                accounts.c.role,
            )
            .join(accounts, accounts.c.id == sessions.c.account)
            .where(
                sessions.c.id.in_(some),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > tx.now(),
                accounts.c.state == State.ACTIVE.value,
            )
        )
        rows = tx.conn.execute(query).all()
        groups = groups_of(tx, {row.account for row in rows})
        for row in rows:
            found[row.id] = PersonFacts(
                row.account,
                Role(row.role),
                groups=groups.get(row.account, frozenset()),
                token_level=None if row.level is None else Level(row.level),
                token_actions=decode_actions(row.actions),
            )
    return found
