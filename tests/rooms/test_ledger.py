"""Access entries: the tables say what the log says, and the chain tells when one of them lies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    History,
    Preset,
    RoomFacts,
    Settings,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level
from core.log import Entry
from core.records import Identity, Person
from rooms.ledger import FIRST_HASH, link
from storage import log
from tests.rooms.house import DAY, House


async def lively(house: House, ann: Identity, bo: Identity, cy: Identity) -> str:
    """A room in which every kind of change was made."""
    room = await house.room(ann, preset=Preset.LISTED)
    await house.invite(ann, room, bo, cy)
    await house.say(bo, room, "hello")
    muted = Cap(bo.account.id, Level.READ, ann.account.id, 7, "too loud")
    await house.change(room, Delta(caps=(muted,)), ann)
    await house.making.describe(ann, room, "Pantry", "tins")
    await house.inviting.remove(ann, room, cy.account.id)
    await house.change(room, Delta(uncapped=((bo.account.id, Level.READ),)), ann)
    await house.change(room, Delta(settings=Settings(raised={"post": Level.MODERATE})), ann)
    await house.inviting.invite(ann, room, bo.account.id, Level.MODERATE)
    return room


def replayed(entries: list[Entry]) -> RoomFacts:
    """The room by its log alone."""
    facts = RoomFacts(Settings())
    for entry in entries:
        if entry.delta is not None:
            facts.apply(entry.delta)
    return facts


async def test_the_tables_are_the_replayed_log(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await lively(house, ann, bo, cy)
    from_log, from_tables = replayed(await house.entries(room)), await house.facts(room)
    from_log.caps = {person: caps for person, caps in from_log.caps.items() if caps}
    assert vars(from_log) == vars(from_tables)


async def test_entries_are_numbered_without_holes(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await lively(house, ann, bo, cy)
    entries = await house.entries(room)
    head = await house.head(room)
    assert [entry.seq for entry in entries] == list(range(1, head.seq + 1))
    assert {entry.tag for entry in entries} == {head.tag}


async def test_times_are_monotone_when_the_clock_goes_back(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    for step in (10, -DAY, 5, DAY, -1):
        house.clock.ms += step
        await house.making.describe(ann, room, f"Kitchen {step}", None)
        await house.say(ann, room, "now")
    times = [entry.at for entry in await house.entries(room)]
    assert times == sorted(times)
    assert (await house.head(room)).last_at == times[-1]


# --- the version moves only when rights change ---------------------------------------------------

MOVES: list[tuple[str, Callable[[str], Delta], int]] = [
    ("a join", lambda cy: Delta(joined=(cy,)), 0),
    ("a new name", lambda cy: Delta(settings=Settings(name="Pantry")), 0),
    ("a new topic", lambda cy: Delta(settings=Settings(topic="tins")), 0),
    ("a grant", lambda cy: Delta(grants=(Grant(person_subject(cy), Level.POST, None, 0),)), 1),
    ("a grant to all", lambda cy: Delta(grants=(Grant(EVERYONE, Level.SEE, None, 0),)), 1),
    ("a revoked grant", lambda cy: Delta(revoked=(EVERYONE,)), 1),
    ("a cap", lambda cy: Delta(caps=(Cap(cy, Level.READ, None, 0),)), 1),
    ("a lifted cap", lambda cy: Delta(uncapped=((cy, Level.READ),)), 1),
    ("archiving", lambda cy: Delta(settings=Settings(archived=True)), 1),
    ("raising", lambda cy: Delta(settings=Settings(raised={})), 1),
    ("another history", lambda cy: Delta(settings=Settings(history=History.JOINED)), 1),
]


@pytest.mark.parametrize(("what", "delta", "moves"), MOVES, ids=[row[0] for row in MOVES])
async def test_the_access_version_moves_only_when_rights_do(
    house: House,
    ann: Identity,
    cy: Identity,
    what: str,
    delta: Callable[[str], Delta],
    moves: int,
) -> None:
    room = await house.room(ann)
    before = await house.head(room)
    entry = await house.change(room, delta(cy.account.id))
    after = await house.head(room)
    assert after.access_version - before.access_version == moves
    assert entry.delta is not None and entry.delta.changes_rights == bool(moves)


async def test_posts_do_not_move_it(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    before = await house.head(room)
    await house.say(ann, room, "hello")
    after = await house.head(room)
    assert (after.seq, after.access_version) == (before.seq + 1, before.access_version)
    assert after.access_hash == before.access_hash


# --- the chain -----------------------------------------------------------------------------------


async def broken_links(house: House, room: str) -> list[int]:
    """The seqs whose hash is not what the entries up to there give, by recomputing all."""
    chain = await house.read(lambda tx: log.access_entries(tx, room))
    expected, broken = FIRST_HASH, []
    for entry, kept in chain:
        expected = link(expected, entry)
        if expected != kept:
            broken.append(entry.seq)
    if expected != (await house.head(room)).access_hash:
        broken.append(0)
    return broken


async def test_the_chain_can_be_recomputed(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await lively(house, ann, bo, cy)
    chain = await house.read(lambda tx: log.access_entries(tx, room))
    others = [entry.seq for entry in await house.entries(room) if entry.delta is None]
    assert len(chain) == 10
    assert not {entry.seq for entry, _ in chain} & {*others}
    assert await broken_links(house, room) == []


TAMPERINGS = {
    "a level": ("""UPDATE entries SET delta = replace(delta, '"level":4', '"level":6')""", 2),
    "a reason": ("UPDATE entries SET delta = replace(delta, 'too loud', 'a spy')", 5),
    "who did it": ("UPDATE entries SET author = :bo", 2),
    "when": ("UPDATE entries SET at = at - 1", 3),
    "the kind": ("UPDATE entries SET kind = 'joined'", 2),
    "its link": ("UPDATE entries SET access_hash = hex(randomblob(32))", 6),
}
ONE = " WHERE room = :room AND seq = :seq"
FORGE = "UPDATE entries SET author = :bo, access_hash = :hash"


@pytest.mark.parametrize("what", TAMPERINGS)
async def test_a_changed_row_is_found(
    house: House, ann: Identity, bo: Identity, cy: Identity, what: str
) -> None:
    room = await lively(house, ann, bo, cy)
    change, seq = TAMPERINGS[what]
    await tamper(house, change + ONE, room=room, seq=seq, bo=bo.account.id)
    assert (await broken_links(house, room))[0] == seq


async def test_a_row_that_was_forged_with_its_own_link_is_found_at_the_next(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    """Each link holds all that came before: one row cannot be made to fit by itself."""
    room = await lively(house, ann, bo, cy)
    chain = await house.read(lambda tx: log.access_entries(tx, room))
    (first, previous), (second, _), (third, _) = chain[:3]
    forged = replace(second, by=Person(bo.account.id, "bo"))
    await tamper(
        house,
        FORGE + ONE,
        bo=bo.account.id, hash=link(previous, forged), room=room, seq=second.seq,
    )  # fmt: skip
    assert (await broken_links(house, room))[0] == third.seq
    assert first.seq < second.seq < third.seq


async def test_a_dropped_row_is_found(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await lively(house, ann, bo, cy)
    last = (await house.head(room)).seq
    await tamper(
        house, "DELETE FROM entries WHERE room = :room AND seq = :seq", room=room, seq=last
    )
    assert await broken_links(house, room) == [0]


async def test_nickname_changes_do_not_break_it(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await lively(house, ann, bo, cy)
    await tamper(house, "UPDATE accounts SET nickname = nickname || ' the second'")
    assert await broken_links(house, room) == []


async def tamper(house: House, statement: str, **values: Any) -> None:
    """Changes something behind the program's back; it must have changed something."""
    changed = await house.database.write(
        lambda tx: tx.conn.exec_driver_sql(statement, values).rowcount
    )
    assert changed


# --- who may, at the start of every change -------------------------------------------------------


async def test_the_log_in_must_be_alive_in_the_same_transaction(
    house: House, ann: Identity
) -> None:
    room = await house.room(ann)
    await house.log_out(ann)
    with pytest.raises(ChatError, match="not_signed_in"):
        await house.making.describe(ann, room, "Pantry", None)


async def test_a_token_acts_at_its_level_only(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    reader = await house.another_login(ann, Level.READ)
    with pytest.raises(ChatError, match="not_allowed"):
        await house.making.describe(reader, room, "Pantry", None)
    blind = await house.another_login(ann, Level.HIDDEN)
    with pytest.raises(ChatError, match="not_found"):
        await house.making.describe(blind, room, "Pantry", None)


async def test_what_failed_left_nothing(house: House, ann: Identity, bo: Identity) -> None:
    """The first of two entries goes when the second cannot be written."""
    room = await house.room(ann)
    before = await house.head(room)
    with pytest.raises(ChatError, match="room_topic_bad"):
        await house.making.describe(ann, room, "Pantry", "x" * 251)
    with pytest.raises(ChatError, match="person_not_found"):
        await house.inviting.remove(ann, room, bo.account.id)
    assert await house.head(room) == before
