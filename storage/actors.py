"""Who may act at all, read in the same transaction as what they do (docs/room-log.md, 1.3)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from core.access import PersonFacts
from core.records import Role, State
from storage.engine import Tx
from storage.people import batches
from storage.schema import accounts, sessions


def acting(tx: Tx, session_ids: Iterable[str]) -> dict[str, PersonFacts]:
    """By session id: the facts of its person, if neither session nor account has ended."""
    found: dict[str, PersonFacts] = {}
    for some in batches(session_ids):
        query = (
            select(sessions.c.id, accounts.c.id.label("account"), accounts.c.role)
            .join(accounts, accounts.c.id == sessions.c.account)
            .where(
                sessions.c.id.in_(some),
                sessions.c.ended_at.is_(None),
                sessions.c.expires_at > tx.now(),
                accounts.c.state == State.ACTIVE.value,
            )
        )
        for row in tx.conn.execute(query):
            found[row.id] = PersonFacts(row.account, Role(row.role))
    return found
