"""Letting many act at once, and judging what came of it by another model of the rules."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable
from typing import Any

import pytest
from sqlalchemy import func, select

from core.access import RoomFacts, SubjectKind
from core.levels import Level
from core.log import Entry, Kind
from core.records import Role
from storage import access, log, people
from storage.engine import Tx
from storage.schema import invitations
from tests.histories.model import Rules, Truth
from tests.histories.observer import judge_log
from tests.house import House
from tests.people import Refused

FEW, MANY = 4, 150


def rounds(few: int = FEW) -> pytest.MarkDecorator:
    """A few each time, many in a soak."""
    many = pytest.param(MANY, marks=[pytest.mark.soak, pytest.mark.timeout(900)])
    return pytest.mark.parametrize("rounds", [few, many])


async def together(*work: Awaitable[Any]) -> list[Any]:
    """Let go of all at once, in an order that changes; what was refused comes as its error."""
    waiting = [(place, _soon(each)) for place, each in enumerate(work)]
    random.shuffle(waiting)
    found = await asyncio.gather(*(each for _, each in waiting), return_exceptions=True)
    by_place = {place: result for (place, _), result in zip(waiting, found, strict=True)}
    return [by_place[place] for place in range(len(work))]


async def _soon(work: Awaitable[Any]) -> Any:
    """Within as many turns of the loop as a request takes, so that each can be the first."""
    for _ in range(random.randrange(40)):
        await asyncio.sleep(0)
    return await work


def granted(result: Any) -> bool:
    assert not isinstance(result, Exception) or isinstance(result, Refused), result
    return not isinstance(result, Exception)


def errors(results: list[Any]) -> list[str]:
    """How each ended, "" for well."""
    return ["" if granted(result) else result.answer.error for result in results]


def both_ways(ended: list[bool]) -> None:
    """In many rounds it must have gone one way and the other, or there was no race."""
    assert len(ended) < MANY or set(ended) == {True, False}


async def judged(house: House, room: str) -> list[Entry]:
    """The log of a room, after it was judged from its first entry to its last.

    Every post was allowed one entry before; there was an owner after each entry; nobody was both
    banned and inside; the tables hold what the log adds up to; no link was used too often.
    """
    return await house.chatelaine.database.read(lambda tx: _judged(tx, room))


def _judged(tx: Tx, room: str) -> list[Entry]:
    entries, everybody = log.after(tx, room, 0, 100_000), people.everyone_ever(tx)
    about = people.facts(tx, everybody)
    guests = [id for id, facts in about.items() if facts.role is Role.GUEST]
    judge_log(Truth(entries, everybody, guests, (), since_joining=False))
    rules = Rules(everybody, frozenset(guests))
    for entry in entries:
        if entry.delta is not None:
            rules.take(entry.delta)
        _judge_state(rules, entry)
    _judge_tables(rules, access.room_facts(tx, room))
    assert (tx.conn.execute(select(func.min(invitations.c.uses_left))).scalar() or 0) >= 0
    return entries


def _judge_state(rules: Rules, entry: Entry) -> None:
    owners = [id for kind, id, level in rules.grants if (kind, level) == ("person", "OWN")]
    assert owners or entry.kind is Kind.DELETED, f"nobody owns it after {entry.seq}"
    banned = {person for person, level in rules.caps if level == "HIDDEN"}
    assert not banned & rules.members, f"banned and inside after {entry.seq}"
    assert not banned & rules.after().readers, f"banned and reading after {entry.seq}"


def _judge_tables(rules: Rules, kept: RoomFacts) -> None:
    grants = {(s.kind.value, s.id, grant.level.name) for s, grant in kept.grants.items()}
    caps = {(person, level.name) for person, own in kept.caps.items() for level in own}
    assert (grants, caps, kept.members) == (rules.grants, rules.caps, rules.members)
    assert kept.archived == rules.archived


async def level_of(house: House, room: str, person: str) -> Level | None:
    """The level of someone's own grant, as the tables have it."""
    facts = await house.chatelaine.database.read(lambda tx: access.room_facts(tx, room))
    own = [g for s, g in facts.grants.items() if s.kind is SubjectKind.PERSON and s.id == person]
    return own[0].level if own else None


def posts_of(entries: list[Entry], person: str) -> list[int]:
    """The seqs of what someone posted."""
    return [it.seq for it in entries if it.kind is Kind.POST and it.by and it.by.id == person]
