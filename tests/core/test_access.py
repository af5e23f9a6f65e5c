"""Facts and the deltas that change them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    History,
    PersonFacts,
    Preset,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
    decode_delta,
    encode_delta,
    person_subject,
)
from core.hashes import secret_hash
from core.ids import ALPHABET, LENGTH, new_id, new_secret
from core.levels import Level
from core.log import Span
from core.records import Role, State

ids = st.text(ALPHABET, min_size=1, max_size=LENGTH)
levels = st.sampled_from(Level)
subjects = st.just(EVERYONE) | st.builds(
    Subject, st.sampled_from([SubjectKind.PERSON, SubjectKind.GROUP]), ids
)
deltas = st.builds(
    Delta,
    settings=st.none()
    | st.builds(
        Settings,
        name=st.none() | st.text(max_size=10),
        preset=st.none() | st.sampled_from(Preset),
        history=st.none() | st.sampled_from(History),
        archived=st.none() | st.booleans(),
        raised=st.none() | st.dictionaries(ids, levels, max_size=3),
    ),
    grants=st.lists(
        st.builds(Grant, subjects, levels, st.none() | ids, st.integers(0, 2**53)), max_size=3
    ).map(tuple),
    revoked=st.lists(subjects, max_size=3).map(tuple),
    caps=st.lists(
        st.builds(
            Cap, ids, levels, st.none(), st.just(0), st.text(max_size=5), st.none() | st.just(9)
        ),
        max_size=3,
    ).map(tuple),
    uncapped=st.lists(st.tuples(ids, levels), max_size=3).map(tuple),
    joined=st.lists(ids, max_size=3).map(tuple),
    left=st.lists(ids, max_size=3).map(tuple),
    accounts=st.lists(
        st.builds(PersonFacts, ids, st.sampled_from(Role), st.sampled_from(State),
                  st.frozensets(ids, max_size=2)), max_size=2,
    ).map(tuple),
)  # fmt: skip


@given(deltas)
def test_a_delta_is_kept_as_it_is(delta: Delta) -> None:
    assert decode_delta(encode_delta(delta)) == delta


@given(deltas)
def test_what_changes_rights_names_whom(delta: Delta) -> None:
    """Anyone whose level a delta can change is named by it, or it is for the whole room."""
    empty = RoomFacts(Settings())
    changed = RoomFacts(Settings())
    changed.apply(delta)
    touched = {s.id for s in changed.grants.keys() - empty.grants.keys()} | changed.caps.keys()
    touched |= changed.members
    assert delta.is_room_wide or touched <= delta.people
    assert "" not in delta.people
    if not delta.changes_rights:
        assert changed.grants == empty.grants
        assert changed.caps == empty.caps
        assert changed.raised == empty.raised


ANN = person_subject("ann")
CREW = Subject(SubjectKind.GROUP, "crew")


@pytest.mark.parametrize(
    ("delta", "wide"),
    [
        (Delta(), False),
        (Delta(grants=(Grant(ANN, Level.OWN, None, 0),)), False),
        (Delta(grants=(Grant(EVERYONE, Level.SEE, None, 0),)), True),
        (Delta(grants=(Grant(CREW, Level.SEE, None, 0),)), True),
        (Delta(revoked=(ANN,)), False),
        (Delta(revoked=(EVERYONE,)), True),
        (Delta(revoked=(CREW,)), True),
        (Delta(caps=(Cap("ann", Level.HIDDEN, None, 0),)), False),
        (Delta(joined=("ann",), left=("bo",)), False),
        (Delta(settings=Settings(name="x", topic="y", preset=Preset.OPEN)), False),
        (Delta(settings=Settings(archived=False)), True),
        (Delta(settings=Settings(raised={})), True),
        (Delta(settings=Settings(history=History.ALL)), True),
    ],
)
def test_what_is_for_the_whole_room(delta: Delta, wide: bool) -> None:
    assert delta.is_room_wide == wide


@pytest.mark.parametrize(
    ("span", "inside", "outside"),
    [(Span(3, 5), [3, 4, 5], [2, 6]), (Span(3, None), [3, 10**9], [2]), (Span(4, 4), [4], [3, 5])],
)
def test_what_lies_in_a_span(span: Span, inside: list[int], outside: list[int]) -> None:
    assert [span.holds(seq) for seq in inside] == [True] * len(inside)
    assert [span.holds(seq) for seq in outside] == [False] * len(outside)


def test_ids_and_secrets() -> None:
    made = {new_id() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(len(id) == LENGTH and set(id) <= set(ALPHABET) for id in made)
    assert set("01lo").isdisjoint(ALPHABET)
    assert len(new_secret()) == 43
    assert secret_hash("a") != secret_hash("b")


def test_the_ladder() -> None:
    assert [level.name for level in sorted(Level)] == [
        "HIDDEN", "SEE", "ASK", "READ", "POST", "MODERATE", "OWN",
    ]  # fmt: skip
