"""A room keeps at least one owner whose grant does not run out."""

from __future__ import annotations

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
    return any(map(_owns_for_good, facts.grants.values()))


def keep_an_owner(facts: RoomFacts, delta: Delta) -> None:
    """Raise `last_owner` if the change would take the last owner's grant away."""
    left = {s: grant for s, grant in facts.grants.items() if s not in delta.revoked}
    left.update((grant.subject, grant) for grant in delta.grants)
    if has_owner(facts) and not any(map(_owns_for_good, left.values())):
        raise ChatError("last_owner")


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
