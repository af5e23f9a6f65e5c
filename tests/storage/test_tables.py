"""The tables follow a log's deltas exactly as the facts in memory do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    History,
    Preset,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
    person_subject,
)
from core.ids import new_id
from core.levels import Level
from core.log import Head
from core.records import Account, Role, State
from storage import access, accounts, log, rooms
from storage.deltas import apply_delta
from storage.engine import Database, Tx
from storage.sqlite import backup

PEOPLE = ("ann", "bo", "cy")
SUBJECTS = [EVERYONE, Subject(SubjectKind.GROUP, "crew"), *map(person_subject, PEOPLE)]
levels = st.sampled_from(Level)
people = st.sampled_from(PEOPLE)
untils = st.none() | st.integers(1, 2**53)


class RollBack(Exception):
    """Ends an example's transaction."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Database]:
    file = tmp_path_factory.mktemp("tables") / "chatelaine.db"
    backup(empty_database, file)
    database = Database(f"sqlite:///{file}")
    yield database
    database.close()


@st.composite
def one_delta(draw: st.DrawFn, members: set[str]) -> Delta:
    """One that can follow: joins by those outside, leaves by those inside."""
    outside = sorted(set(PEOPLE) - members)
    joined = draw(st.sets(st.sampled_from(outside))) if outside else set()
    left = draw(st.sets(st.sampled_from(sorted(members)))) if members else set()
    text = st.none() | st.text(max_size=5)
    changes = st.builds(
        Settings,
        name=text,
        topic=text,
        history=st.none() | st.sampled_from(History),
        archived=st.none() | st.booleans(),
        raised=st.none() | st.dictionaries(st.sampled_from(["post", "see"]), levels),
    )
    given = (st.none() | people, st.integers(0, 9), st.text(max_size=3), untils)
    grants = st.builds(Grant, st.sampled_from(SUBJECTS), levels, *given)
    caps = st.builds(Cap, people, levels, *given)
    return Delta(
        settings=draw(st.none() | changes),
        grants=tuple(draw(st.lists(grants, max_size=3))),
        revoked=tuple(draw(st.lists(st.sampled_from(SUBJECTS), max_size=2))),
        caps=tuple(draw(st.lists(caps, max_size=3))),
        uncapped=tuple(draw(st.lists(st.tuples(people, levels), max_size=3))),
        joined=tuple(sorted(joined)),
        left=tuple(sorted(left)),
    )


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_tables_and_facts_say_the_same(database: Database, data: st.DataObject) -> None:
    def example(tx: Tx) -> None:
        room, facts = empty_room(tx), RoomFacts(Settings(history=History.ALL))
        for seq in range(1, data.draw(st.integers(1, 6)) + 1):
            delta = data.draw(one_delta(set(facts.members)))
            facts.apply(delta)
            apply_delta(tx, room, 0, seq, delta)
        check(tx, room, facts)
        raise RollBack

    with pytest.raises(RollBack):
        database.write_here(example)


def check(tx: Tx, room: str, facts: RoomFacts) -> None:
    kept = access.room_facts(tx, room)
    facts.caps = {person: caps for person, caps in facts.caps.items() if caps}
    assert vars(kept) == vars(facts)
    for person in PEOPLE:
        check_person(tx, room, facts, person)


def check_person(tx: Tx, room: str, facts: RoomFacts, person: str) -> None:
    """What bears on one person is what of the whole bears on them."""
    one = access.facts_for(tx, room, person, ["crew"])
    mine = {EVERYONE, Subject(SubjectKind.GROUP, "crew"), person_subject(person)}
    assert one.grants == {s: grant for s, grant in facts.grants.items() if s in mine}
    assert one.caps.get(person, {}) == facts.caps.get(person, {})
    assert one.members == facts.members & {person}
    assert (room in access.rooms_within_reach(tx, person, ["crew"])) == bool(one.grants)


def empty_room(tx: Tx) -> str:
    room = new_id()
    for person in PEOPLE:
        account = Account(person, person, person, Role.MEMBER, State.ACTIVE, "", 0)
        accounts.add(tx, account, "no hash")
    made = Settings(name="Kitchen", history=History.ALL, preset=Preset.PRIVATE)
    rooms.add(tx, room, made, awaits_newcomers=False)
    log.add_head(tx, Head(room, 0, 0, None, 0, "tag", ""))
    return room
