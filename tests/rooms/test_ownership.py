"""A change that would leave a room without a lasting owner is refused."""

from __future__ import annotations

import pytest

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
    person_subject,
)
from core.levels import Level
from rooms.ownership import has_owner, keep_an_owner, personal_grant
from tests.auth.refusals import refusal

ANN, BO = person_subject("ann"), person_subject("bo")
CREW = Subject(SubjectKind.GROUP, "crew")


def own(subject: Subject, until: int | None = None, level: Level = Level.OWN) -> Grant:
    return Grant(subject, level, None, 0, until=until)


ONE, TWO = (own(ANN),), (own(ANN), own(BO))
TABLE: list[tuple[str, tuple[Grant, ...], Delta, bool]] = [
    ("the last one goes", ONE, Delta(revoked=(ANN,)), False),
    ("the last one is lowered", ONE, Delta(grants=(own(ANN, level=Level.MODERATE),)), False),
    ("the last one gets an end", ONE, Delta(grants=(own(ANN, until=9),)), False),
    ("one of two goes", TWO, Delta(revoked=(ANN,)), True),
    ("both go at once", TWO, Delta(revoked=(ANN, BO)), False),
    ("one goes, one is lowered", TWO,
     Delta(revoked=(ANN,), grants=(own(BO, level=Level.POST),)), False),
    ("handed over", ONE, Delta(revoked=(ANN,), grants=(own(BO),)), True),
    ("handed over for a while", ONE, Delta(revoked=(ANN,), grants=(own(BO, until=9),)), False),
    ("handed to a group", ONE, Delta(revoked=(ANN,), grants=(own(CREW),)), False),
    ("handed to everyone", ONE, Delta(revoked=(ANN,), grants=(own(EVERYONE),)), False),
    ("a group that owns is no one", (own(ANN), own(CREW)), Delta(revoked=(ANN,)), False),
    ("an owner for a while is none", (own(ANN), own(BO, 9)), Delta(revoked=(ANN,)), False),
    ("another's grant goes", ONE, Delta(revoked=(BO,)), True),
    ("a mute takes no ownership", ONE, Delta(caps=(Cap("ann", Level.READ, None, 0),)), True),
    ("nobody owned it before", (own(CREW),), Delta(revoked=(CREW,)), True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "grants", "delta", "allowed"), TABLE, ids=[row[0] for row in TABLE]
)
def test_one_lasting_owner_is_kept(
    what: str, grants: tuple[Grant, ...], delta: Delta, allowed: bool
) -> None:
    facts = RoomFacts(Settings(), grants)
    refused = refusal(lambda: keep_an_owner(facts, delta))
    assert (refused.code if refused else None) == (None if allowed else "last_owner")
    if allowed and has_owner(facts):
        facts.apply(delta)
        assert has_owner(facts)


def test_a_personal_grant_is_the_persons_own() -> None:
    facts = RoomFacts(Settings(), (own(ANN), own(EVERYONE)))
    assert personal_grant(facts, "ann") == (ANN,)
    assert personal_grant(facts, "bo") == ()
