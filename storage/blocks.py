"""Whom someone does not want to hear from in direct rooms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import delete, insert, select

from core.records import Person
from storage.engine import Tx
from storage.people import batches
from storage.schema import accounts, blocks


def add(tx: Tx, person: str, blocked: str) -> None:
    """Blocking twice is blocking once."""
    if not blocks_them(tx, person, blocked):
        tx.conn.execute(insert(blocks).values(person=person, blocked=blocked, at=tx.now()))


def remove(tx: Tx, person: str, blocked: str) -> None:
    here = (blocks.c.person == person) & (blocks.c.blocked == blocked)
    tx.conn.execute(delete(blocks).where(here))


def blocks_them(tx: Tx, person: str, other: str) -> bool:
    """Whether ``person`` blocks ``other``."""
    query = select(blocks.c.at).where(blocks.c.person == person, blocks.c.blocked == other)
    return tx.conn.execute(query).first() is not None


def of_people(tx: Tx, people: Iterable[str]) -> dict[str, set[str]]:
    """Whom each blocks; who blocks nobody is left out."""
    found: dict[str, set[str]] = defaultdict(set)
    for some in batches(people):
        query = select(blocks.c.person, blocks.c.blocked).where(blocks.c.person.in_(some))
        for person, blocked in tx.conn.execute(query):
            found[person].add(blocked)
    return found


def of_person(tx: Tx, person: str) -> list[Person]:
    """Everyone whom ``person`` blocks, by nickname."""
    query = (
        select(accounts.c.id, accounts.c.nickname)
        .join(blocks, blocks.c.blocked == accounts.c.id)
        .where(blocks.c.person == person)
        .order_by(accounts.c.nickname, accounts.c.id)
    )
    return [Person(row.id, row.nickname) for row in tx.conn.execute(query)]
