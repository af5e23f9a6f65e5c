"""Who may act at all, read in the same transaction as what they do (docs/room-log.md, 1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, bindparam, select

from core.access import PersonFacts
from core.levels import Level
from core.records import Role, State
from storage.engine import Tx
from storage.prepared import Keys, PreparedList
from storage.schema import accounts, group_members, sessions
from storage.sessions import decode_actions

_ROLES = {role.value: role for role in Role}


def acting(tx: Tx, session_ids: Iterable[str]) -> dict[str, PersonFacts]:
    """By session id: the facts of its person, if neither session nor account has ended."""
    keys = [(session,) for session in sorted(set(session_ids))]
    rows = _ACTING.rows(tx, keys, tx.now(), State.ACTIVE.value)
    groups: dict[str, list[str]] = {}
    for row in rows:
        if row[-1] is not None:
            groups.setdefault(row[0], []).append(row[-1])
    by_session = {row[0]: row[1:-1] for row in rows}
    return {
        session: PersonFacts(
            account,
            _ROLES[role],
            groups=frozenset(groups.get(session, ())),
            token_level=None if level is None else Level(level),
            token_actions=decode_actions(actions),
        )
        for session, (account, role, level, actions) in by_session.items()
    }


def _acting(keys: Keys) -> Select[Any]:
    """A row for each group that the person is in, or one without a group."""
    inside = group_members.c.person == accounts.c.id
    return (
        select(
            sessions.c.id,
            accounts.c.id,
            accounts.c.role,
            sessions.c.level,
            sessions.c.actions,
            group_members.c.group,
        )
        .join(accounts, accounts.c.id == sessions.c.account)
        .outerjoin(group_members, inside)
        .where(
            sessions.c.id.in_([session for (session,) in keys]),
            sessions.c.ended_at.is_(None),
            sessions.c.expires_at > bindparam("now"),
            accounts.c.state == bindparam("state"),
        )
    )


_ACTING = PreparedList(1, _acting, "now", "state")
