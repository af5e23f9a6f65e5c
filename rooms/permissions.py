"""The one decision: who may do what in a room, and why.

    effective level = min( highest grant , lowest cap )        no grant at all = HIDDEN

Pure: no I/O, no clock. A grant or cap that has run out ends by an entry of the room's log, and is
then not among the facts any more.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from core.access import (
    EVERYONE,
    Cap,
    Facts,
    Grant,
    PersonFacts,
    RoomFacts,
    Subject,
    glass_subject,
    group_subject,
    person_subject,
)
from core.levels import Level
from core.records import Role, State
from rooms.actions import ACTIONS


class Decision(NamedTuple):
    """Whether, from which level, and the grants and caps that made it so.

    ``until``: when the first of those ends (ms), None if none does. ``retry_after``: seconds until
    the same request may be allowed, None if time alone does not help.
    """

    allowed: bool
    level: Level
    because: tuple[Grant | Cap, ...]
    until: int | None = None
    retry_after: float | None = None


def decide(action: str, facts: Facts) -> Decision:
    """May ``facts.person`` do ``action`` (a name of the catalogue) in ``facts.room``?"""
    level, because = _level(facts)
    possible = (
        level >= required(action, facts.room)
        and _remains(action, facts.room)
        and _token_lets(action, facts.person)
    )
    wait = facts.wait if possible and _is_slowed(action, level, facts.room) else 0.0
    ends = [reason.until for reason in because if reason.until is not None]
    return Decision(possible and wait <= 0, level, because, min(ends, default=None), wait or None)


def required(action: str, room: RoomFacts) -> Level:
    """The level from which on this room allows ``action``."""
    row = ACTIONS[action]
    return max(row.floor, room.raised.get(action, row.default))


def level_of(facts: Facts) -> Level:
    """Someone's effective level in a room."""
    return _level(facts)[0]


def rank_of(facts: Facts) -> Level:
    """Someone's level without caps: what counts when others act on them."""
    return max((grant.level for grant in _matching(facts)), default=Level.HIDDEN)


def reaches(subject: Subject, person: PersonFacts) -> bool:
    """Whether what is granted to ``subject`` is granted to ``person``."""
    return subject in _subjects(person.id, person.role, person.groups)


def _remains(action: str, room: RoomFacts) -> bool:
    return not room.archived or ACTIONS[action].when_archived


def _token_lets(action: str, person: PersonFacts) -> bool:
    return person.token_actions is None or action in person.token_actions


def _is_slowed(action: str, level: Level, room: RoomFacts) -> bool:
    return room.slow > 0 and ACTIONS[action].slowed and level < Level.MODERATE


def _level(facts: Facts) -> tuple[Level, tuple[Grant | Cap, ...]]:
    if facts.person.state is not State.ACTIVE:
        return Level.HIDDEN, ()
    grants = _matching(facts)
    if not grants:
        return Level.HIDDEN, ()
    raised = max(grant.level for grant in grants)
    because: tuple[Grant | Cap, ...] = tuple(g for g in grants if g.level == raised)
    caps = _capping(facts, raised)
    if not caps:
        return min(raised, _token_level(facts.person)), because
    lowered = min(cap.level for cap in caps)
    level = min(lowered, _token_level(facts.person))
    return level, because + tuple(cap for cap in caps if cap.level == lowered)


def _matching(facts: Facts) -> list[Grant]:
    grants, person = facts.room.grants, facts.person
    subjects = _subjects(person.id, person.role, person.groups)
    return [grants[subject] for subject in subjects if subject in grants]


@lru_cache(maxsize=16_384)  # the same at every decision about someone, and a third of its cost
def _subjects(person: str, role: Role, groups: frozenset[str]) -> tuple[Subject, ...]:
    """Whom a grant must be given to for it to reach someone.

    Everyone does not mean guests; the glass is broken by admins, while they are admins.
    """
    everyone = () if role is Role.GUEST else (EVERYONE,)
    glass = (glass_subject(person),) if role is Role.ADMIN else ()
    named = (group_subject(group) for group in sorted(groups))
    return (person_subject(person), *everyone, *glass, *named)


def _capping(facts: Facts, raised: Level) -> list[Cap]:
    caps = facts.room.caps.get(facts.person.id, {})
    return [cap for cap in caps.values() if cap.level < raised]


def _token_level(person: PersonFacts) -> Level:
    return Level.OWN if person.token_level is None else person.token_level
