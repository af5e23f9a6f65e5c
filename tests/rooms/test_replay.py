"""What is replayed from the log is what was decided live, at every entry; and who could read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Facts,
    Grant,
    History,
    PersonFacts,
    Preset,
    Settings,
    group_subject,
    person_subject,
)
from core.levels import Level
from core.log import Entry, Kind
from core.records import Account, Identity, Person, Role, State
from rooms.actions import ACTIONS
from rooms.hearing import spans_of
from rooms.ledger import make_room, open_room
from rooms.permissions import decide
from rooms.proof import Proof, steps_of_room, who_could
from rooms.replay import Moment, past_after, split, steps_of
from rooms.standing import change_account, put_in_group, suspend, take_out_of_group
from rooms.verifying import verify, verify_accounts
from storage import access, accounts, groups, journal, log, people
from storage.engine import Database, Tx
from storage.groups import Group
from storage.journal import Change, Line
from storage.sqlite import backup
from tests.rooms.house import HeldClock, House
from tests.rooms.refusals import refusal

PEOPLE = ("ann", "bo", "cy", "dee")
GROUPS = ("crew", "band")
SUBJECTS = [EVERYONE, *map(group_subject, GROUPS), *map(person_subject, PEOPLE)]
ANN = Person("ann", "ann")
levels = st.sampled_from(Level)
somebody = st.sampled_from(PEOPLE)


class RollBack(Exception):
    """Ends an example's transaction."""


class Seen(NamedTuple):
    """What was decided live when an entry was the newest."""

    moment: Moment
    allowed: dict[tuple[str, str], bool]
    readable: dict[str, set[int]]


@pytest.fixture(scope="module")
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture(scope="module")
def database(
    tmp_path_factory: pytest.TempPathFactory, empty_database: Path, clock: HeldClock
) -> Iterator[Database]:
    file = tmp_path_factory.mktemp("replay") / "chatelaine.db"
    backup(empty_database, file)
    database = Database(f"sqlite:///{file}", clock)
    yield database
    database.close()


# --- random histories ----------------------------------------------------------------------------


@st.composite
def a_delta(draw: st.DrawFn, members: set[str], head: int) -> Delta:
    outside, inside = sorted(set(PEOPLE) - members), sorted(members)
    grants = st.builds(Grant, st.sampled_from(SUBJECTS), levels, st.just("ann"), st.just(0))
    caps = st.builds(Cap, somebody, levels, st.just("ann"), st.just(0))
    changes = st.builds(
        Settings,
        history=st.none() | st.sampled_from(History),
        archived=st.none() | st.booleans(),
        raised=st.none() | st.dictionaries(st.sampled_from(["post", "invite"]), levels),
        open_from=st.none() | st.integers(0, head + 1),
    )
    return Delta(
        settings=draw(st.none() | changes),
        grants=tuple(draw(st.lists(grants, max_size=2))),
        revoked=tuple(draw(st.lists(st.sampled_from(SUBJECTS), max_size=1))),
        caps=tuple(draw(st.lists(caps, max_size=1))),
        uncapped=tuple(draw(st.lists(st.tuples(somebody, levels), max_size=2))),
        joined=tuple(draw(st.lists(st.sampled_from(outside), unique=True))) if outside else (),
        left=tuple(draw(st.lists(st.sampled_from(inside), unique=True, max_size=1)))
        if inside
        else (),
    )


def happens(tx: Tx, room: str, data: st.DataObject) -> None:
    """One thing, in the room or to an account or a group."""
    person = people.facts(tx, [data.draw(somebody)]).popitem()[1]
    group = data.draw(st.sampled_from(GROUPS))
    match data.draw(st.sampled_from(["room", "room", "post", "state", "role", "in", "out"])):
        case "room":
            opened = open_room(tx, room)
            opened.write(
                Kind.ACCESS, ANN, data.draw(a_delta(opened.facts.members, opened.head.seq))
            )
        case "post":
            say(tx, room)
        case "state":
            state = data.draw(st.sampled_from([State.ACTIVE, State.SUSPENDED]))
            new = PersonFacts(person.id, person.role, state, person.groups)
            change_account(
                tx, new, lambda: accounts.set_state(tx, person.id, state), Change("state")
            )
        case "role":
            role = data.draw(st.sampled_from(Role))
            new = PersonFacts(person.id, role, person.state, person.groups)
            change_account(tx, new, lambda: accounts.set_role(tx, person.id, role), Change("role"))
        case "in":
            put_in_group(tx, person, group, ANN, None)
        case _:
            take_out_of_group(tx, person, group, ANN)


def say(tx: Tx, room: str) -> None:
    head = log.lock_heads(tx, [room])[room]
    at = max(head.last_at, tx.now())
    new = type(head)(
        room, head.seq + 1, head.access_version, head.next_expiry, at, head.tag, head.access_hash
    )
    id = f"{room}-{new.seq}"
    log.append(tx, [Entry(room, new.seq, head.tag, at, Kind.POST, ANN, text="", client_id=id)])
    log.move_heads(tx, [new])


def live(tx: Tx, room: str) -> Seen:
    """By the tables, as the server decides."""
    head = log.head_of(tx, room)
    assert head is not None
    allowed: dict[tuple[str, str], bool] = {}
    readable: dict[str, set[int]] = {}
    for id, person in people.facts(tx, PEOPLE).items():
        facts = Facts(person, access.facts_for(tx, room, id, person.groups))
        allowed.update(((id, action), decide(action, facts).allowed) for action in ACTIONS)
        spans = spans_of(tx, room, facts)
        mine = {
            seq
            for seq in range(1, head.seq + 1)
            if spans is None or any(span.holds(seq) for span in spans)
        }
        readable[id] = mine if allowed[id, "read"] else set()
    moment = Moment(head.seq, max(tx.now(), head.last_at), journal.newest(tx))
    return Seen(moment, allowed, readable)


def begin(tx: Tx) -> str:
    for name in PEOPLE:
        account = Account(name, name, name, Role.MEMBER, State.ACTIVE, "", 0)
        accounts.add(tx, account, "no hash")
        journal.note(tx, Change("made", person=name, facts=PersonFacts(name, Role.MEMBER)))
    for name in GROUPS:
        groups.add(tx, Group(name, name, name, "", None, 0))
    grant = Grant(person_subject("ann"), Level.OWN, None, 0)
    made = Settings(name="Kitchen", preset=Preset.PRIVATE, history=History.ALL)
    return make_room(tx, ANN, Delta(settings=made, grants=(grant,), joined=("ann",))).head.room


@settings(max_examples=settings().max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_replayed_is_what_was_decided_live(
    database: Database, clock: HeldClock, data: st.DataObject
) -> None:
    """For every person, action and readable entry, at every moment of a random history."""

    def example(tx: Tx) -> None:
        room = begin(tx)
        seen = [live(tx, room)]
        for _ in range(data.draw(st.integers(1, 12))):
            clock.ms += data.draw(st.sampled_from([1, 1, 1_000, -500]))  # also back
            tx = Tx(tx.conn, clock)  # as if each were a transaction, with a time of its own
            happens(tx, room, data)
            seen.append(live(tx, room))
        steps = steps_of_room(tx, room)
        for moment, allowed, readable in seen:
            past = past_after(split(steps, moment)[0])
            for (person, action), answer in allowed.items():
                if action != "read":
                    assert past.decide(person, action, moment.seq).allowed == answer
            for person, seqs in readable.items():
                span = range(1, moment.seq + 1)
                assert {n for n in span if past.decide(person, "read", n).allowed} == seqs
        check_changes(tx, room, seen)
        assert verify(tx, room).faults == []
        assert verify_accounts(tx) == []
        raise RollBack

    with pytest.raises(RollBack):
        database.write_here(example)


def check_changes(tx: Tx, room: str, seen: list[Seen]) -> None:
    """Who could at first, with all that was gained and lost since, is who can now."""
    for action in ("read", "post", "invite"):
        told = who_could(tx, room, 1, None, action)
        now = {person.id for person in told.people}
        for change in told.changes:
            gained, lost = ({row.id for row in rows} for rows in (change.gained, change.lost))
            assert not gained & now
            assert lost <= now
            now = (now | gained) - lost
        last = seen[-1]
        if action == "read":
            assert now == {person for person in PEOPLE if 1 in last.readable[person]}
        else:
            assert now == {person for person in PEOPLE if last.allowed[person, action]}


# --- the order of what is not in the room's log --------------------------------------------------


def entry(seq: int, at: int) -> Entry:
    return Entry("room", seq, "tag", at, Kind.ACCESS, delta=Delta())


def line(id: int, at: int, **seqs: int) -> Line:
    return Line(id, at, Change("role", facts=PersonFacts("bo", Role.GUEST)), seqs)


@pytest.mark.parametrize(
    ("entries", "lines", "order"),
    [
        ([(1, 10), (3, 30)], [line(1, 5), line(2, 20), line(3, 40)], "l1 e1 l2 e3 l3"),
        ([(1, 10)], [line(1, 10)], "l1 e1"),
        ([(1, 10), (3, 30)], [line(1, 30, room=3), line(2, 20)], "e1 e3 l2"),
        ([(1, 10), (3, 30)], [line(1, 50), line(2, 30, room=3)], "e1 l1 e3"),
        ([(1, 10), (3, 30)], [line(1, 30, elsewhere=3)], "e1 l1 e3"),
    ],
    ids=["by time", "at the same time", "after one that is placed", "before it", "of another room"],
)
def test_a_line_counts_from_its_time_or_its_seq(
    entries: list[tuple[int, int]], lines: list[Line], order: str
) -> None:
    steps = steps_of("room", [entry(*one) for one in entries], lines)
    names = [
        f"e{step.entry.seq}" if step.entry else f"l{step.line.id}" if step.line else ""
        for step in steps
    ]
    assert " ".join(names) == order


def test_a_moment_is_between_two_steps() -> None:
    steps = steps_of("room", [entry(1, 10), entry(5, 50)], [line(1, 30), line(2, 60)])
    for moment, count in (
        (Moment(1, 10), 1),
        (Moment(3, 29), 1),
        (Moment(4, 30), 2),
        (Moment(5, 50), 3),
        (Moment(5, 99), 4),
    ):
        assert len(split(steps, moment)[0]) == count


# --- who could read this post --------------------------------------------------------------------


async def readers(house: House, room: str, seq: int | None) -> tuple[list[str], list[str]]:
    """At first, and the changes since as ``+bo@5`` and ``-bo@9``."""
    told = await house.read(lambda tx: who_could(tx, room, seq))
    changes = []
    for change in told.changes:
        changes += [f"+{row.nickname}@{change.seq}" for row in change.gained]
        changes += [f"-{row.nickname}@{change.seq}" for row in change.lost]
    return [row.nickname for row in told.people], changes


async def test_with_all_history_whoever_comes_later_could_read_it(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    said = (await house.say(ann, room, "hello")).seq
    await house.invite(ann, room, cy)
    await house.inviting.remove(ann, room, bo.account.id)
    assert await readers(house, room, said) == (["ann", "bo"], ["+cy@4", "-bo@5"])
    assert await readers(house, room, None) == (["ann", "cy"], [])


async def test_since_joining_only_intervals_that_hold_it_count(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN, history=History.JOINED)
    await house.membership.join(bo, room)
    said = (await house.say(ann, room, "hello")).seq
    await house.membership.join(cy, room)
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),)))
    await house.change(room, Delta(uncapped=((bo.account.id, Level.HIDDEN),)))
    assert await readers(house, room, said) == (["ann", "bo"], ["-bo@5", "+bo@6"])
    assert await readers(house, room, None) == (["ann", "bo", "cy"], [])


async def test_a_suspension_that_is_no_entry_is_a_change_too(
    house: House, ann: Identity, bo: Identity
) -> None:
    """Someone who read by everyone's grant, without joining."""
    room = await house.room(ann, preset=Preset.OPEN)
    house.clock.ms += 10
    said = (await house.say(ann, room, "hello")).seq
    house.clock.ms += 10
    gone = PersonFacts(bo.account.id, Role.MEMBER, State.SUSPENDED)
    await house.database.write(
        lambda tx: change_account(
            tx,
            gone,
            lambda: accounts.set_state(tx, gone.id, State.SUSPENDED),
            Change("suspended", ann.account.id, why="spam"),
        )
    )
    told = await house.read(lambda tx: who_could(tx, room, said))
    (change,) = told.changes
    assert (change.seq, change.kind, change.by, change.why) == (None, "suspended", "ann", "spam")
    assert [row.nickname for row in change.lost] == ["bo"]


# --- how much one answer may hold ----------------------------------------------------------------


@pytest.mark.parametrize("limit", ["MOST_ASKED", "MOST_TOLD"])
async def test_a_room_opened_and_closed_time_and_again_makes_no_endless_answer(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    for number in range(8):
        await house.person(f"p{number}")
    room, proof = await house.room(ann), Proof(house.database)
    for _ in range(3):
        await house.change(room, Delta(grants=(Grant(EVERYONE, Level.READ, None, 0),)))
        await house.change(room, Delta(revoked=(EVERYONE,)))
    assert len((await proof.who_could_for(ann, room, 1, "read")).changes) == 6
    monkeypatch.setattr(f"rooms.proof.{limit}", 40)
    assert await refusal(proof.who_could_for(ann, room, 1, "read")) == "proof_too_long"
    assert (await proof.who_could_for(ann, room, None, "read")).changes == []


async def test_a_guest_is_told_of_those_they_know(
    house: House, ann: Identity, bo: Identity, cy: Identity, gus: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.invite(ann, room, gus, level=Level.MODERATE)
    await house.membership.join(bo, room)
    await house.change(room, Delta(revoked=(EVERYONE,)))
    proof = Proof(house.database)
    for who, strangers in ((ann, {"cy"}), (gus, set())):
        told = await proof.who_could_for(who, room, 1, "read")
        named = {row.nickname for row in told.people}
        named |= {row.nickname for it in told.changes for row in (*it.gained, *it.lost)}
        assert named == {"ann", "bo", "gus"} | strangers


async def test_what_is_no_entry_of_a_room_is_in_order_whatever_the_clock_did(house: House) -> None:
    """Bo is no member: that he is suspended is in the journal only."""
    ann, bo = await house.person("ann"), await house.person("bo")
    room = await house.room(ann, preset=Preset.OPEN)
    house.clock.ms += 10_000
    before = await house.say(ann, room, "before")
    house.clock.ms -= 20_000
    person = await house.read(lambda tx: people.facts_of(tx, bo.account.id))
    assert person is not None
    await house.database.write(lambda tx: suspend(tx, person, Change("suspended")))
    after = await house.say(ann, room, "after")
    for seq, could in ((before.seq, True), (after.seq, False), (None, False)):
        found = await house.read(lambda tx, seq=seq: who_could(tx, room, seq, None, "post"))  # type: ignore[misc]
        assert (bo.account.id in {able.id for able in found.people}) is could, seq
