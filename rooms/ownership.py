"""A room keeps at least one owner whose grant does not run out."""

from __future__ import annotations

from collections.abc import Collection

from core.access import (
    Delta,
    Grant,
    RoomFacts,
    Subject,
    SubjectKind,
    glass_subject,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level


def has_owner(facts: RoomFacts) -> bool:
    """Whether a person owns the room without an expiry."""
    return bool(lasting_owners(facts))


def keep_an_owner(facts: RoomFacts, delta: Delta, idle: Collection[str] = ()) -> None:
    """Raise `last_owner` if the change would take the last owner's grant away, or leave the room
    to owners who are muted, banned or ``idle``: whose accounts are not in use."""
    after = facts.copy()
    after.apply(delta)
    before, left = lasting_owners(facts), lasting_owners(after)
    gone = _able(facts, before - left, idle)
    if (before and not left) or (gone and not _able(after, left, idle)):
        raise ChatError("last_owner")


def lasting_owners(facts: RoomFacts) -> set[str]:
    return {grant.subject.id for grant in facts.grants.values() if _owns_for_good(grant)}


def _able(facts: RoomFacts, owners: set[str], idle: Collection[str]) -> set[str]:
    return {owner for owner in owners if owner not in idle and not facts.caps.get(owner)}


def personal_grant(facts: RoomFacts, person: str) -> tuple[Subject, ...]:
    """The grant given to ``person`` themself, as a delta revokes it; empty if there is none."""
    subject = person_subject(person)
    return (subject,) if subject in facts.grants else ()


def owns_by_glass(facts: RoomFacts, person: str) -> bool:
    """Whether ``person``, an admin, broke the glass to act here as an owner does."""
    grant = facts.grants.get(glass_subject(person))
    return grant is not None and grant.level is Level.OWN


def _owns_for_good(grant: Grant) -> bool:
    person = grant.subject.kind is SubjectKind.PERSON
    return person and grant.level is Level.OWN and grant.until is None
