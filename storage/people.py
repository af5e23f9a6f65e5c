"""How people are shown: nicknames by account id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from core.access import PersonFacts
from core.records import Person, Role, State
from storage.engine import Tx
from storage.schema import accounts, group_members

BATCH = 500


def persons(tx: Tx, ids: Iterable[str]) -> dict[str, Person]:
    """Those of ``ids`` that exist, by id."""
    found: dict[str, Person] = {}
    for some in batches(ids):
        query = select(accounts.c.id, accounts.c.nickname).where(accounts.c.id.in_(some))
        found.update({row.id: Person(row.id, row.nickname) for row in tx.conn.execute(query)})
    return found


def person(tx: Tx, id: str) -> Person:
    """Someone who exists."""
    return persons(tx, [id])[id]


def facts_of(tx: Tx, id: str) -> PersonFacts | None:
    """As `facts`, of one account."""
    return facts(tx, [id]).get(id)


def facts(tx: Tx, ids: Iterable[str]) -> dict[str, PersonFacts]:
    """What about those accounts of ``ids`` that exist bears on rights."""
    found: dict[str, PersonFacts] = {}
    for some in batches(ids):
        query = select(accounts.c.id, accounts.c.role, accounts.c.state).where(
            accounts.c.id.in_(some)
        )
        rows = tx.conn.execute(query).all()
        groups = groups_of(tx, some)
        for row in rows:
            inside = groups.get(row.id, frozenset())
            found[row.id] = PersonFacts(row.id, Role(row.role), State(row.state), inside)
    return found


def groups_of(tx: Tx, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The groups that each is in; who is in none is left out."""
    query = select(group_members.c.person, group_members.c.group)
    return _by_person(
        row
        for some in batches(ids)
        for row in tx.conn.execute(query.where(group_members.c.person.in_(some)))
    )


def _by_person(rows: Iterable[Row[Any, Any]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.person].add(row.group)
    return {person: frozenset(groups) for person, groups in found.items()}


def batches(ids: Iterable[str]) -> list[list[str]]:
    """``ids`` once each, in lists short enough for one IN clause."""
    unique = sorted(set(ids))
    return [unique[start : start + BATCH] for start in range(0, len(unique), BATCH)]


def everybody(tx: Tx) -> dict[str, PersonFacts]:
    """`facts` of every account that is in use, in two statements however many there are."""
    query = select(accounts.c.id, accounts.c.role).where(accounts.c.state == State.ACTIVE.value)
    rows = tx.conn.execute(query).all()
    groups = _by_person(tx.conn.execute(select(group_members.c.person, group_members.c.group)))
    return {
        row.id: PersonFacts(row.id, Role(row.role), groups=groups.get(row.id, frozenset()))
        for row in rows
    }


def everyone_ever(tx: Tx) -> list[str]:
    """Every account, in use or not."""
    return list(tx.conn.execute(select(accounts.c.id)).scalars())
