"""Nothing that people wait for reads a whole table: every statement finds its rows by an index."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core.access import History, Preset
from core.levels import Level
from core.records import Identity, Role
from rooms.proof import Proof
from rooms.verifying import verify
from rooms.why import OwnRights
from storage import expiries
from storage.access_log import Mark, Wanted, page
from storage.log import access_entries
from storage.prepared import SIZES
from tests.rooms.house import House
from tests.rooms.refusals import refusal

BIG = (
    "accounts", "blocks", "caps", "entries", "grants", "group_members", "heads", "invitations",
    "labels", "last_posts", "memberships", "refusals", "rooms", "sessions", "spans",
)  # fmt: skip
MAY_SCAN = (
    "SELECT rooms.id \nFROM rooms\n LIMIT",  # whether there is any room at all
    "WHERE rooms.awaits_newcomers",  # the few that wait for newcomers, once at a sign-up
    "SELECT accounts.id, accounts.role \nFROM accounts \nWHERE accounts.state = ?",  # everyone
)


@contextmanager
def statements() -> Iterator[dict[str, Any]]:
    """Every statement that is run, with parameters of one time."""
    seen: dict[str, Any] = {}

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            first = parameters[0] if isinstance(parameters, list) else parameters
            seen.setdefault(statement, first)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def an_evening(house: House) -> None:
    """People come, talk, read and go; someone is invited by name, someone by link."""
    ann, bo, cy = [await house.person(name) for name in ("ann", "bo", "cy")]
    await _between_two(house, ann, bo)
    for history in History:
        room = await house.room(ann, preset=Preset.OPEN, history=history)
        await house.invite(ann, room, bo)
        made = await house.invitations.make(ann, room, 7, 5)
        await house.invitations.look(made.secret)
        await house.invitations.accept(cy, made.secret)
        await house.invitations.working(ann, room)
        for who in (ann, bo, cy):
            await house.say(who, room, "hello", f"{room}-{who.account.name}")
            await house.say(who, room, "hello", f"{room}-{who.account.name}")
            await house.reading.read_up_to(who, room, 5)
            await house.listing.mine(who)
            await house.listing.one(who, room)
            await house.listing.directory(who)
            await house.occupancy.of(who, room)
            await house.pages.before(who, room, None, 50)
            await house.pages.after(who, room, 2, 50)
            await house.pages.around(who, room, 3, 50)
            await asyncio.gather(
                *(house.hearing.snapshot(room, it.session.id, whole=True) for it in (ann, bo, cy))
            )
            await OwnRights(house.database).why(who, room, "settings")
        await Proof(house.database).who_could_for(ann, room, 3, "read")
        await house.read(lambda tx, room=room: verify(tx, room))  # type: ignore[misc]
        await house.hearing.entries_after(room, 3, 20)
        await house.hearing.heads([room])
        await house.making.describe(ann, room, "Pantry", "tins")
        await house.membership.leave(cy, room)
        await house.membership.join(cy, room)
        await house.inviting.invite(ann, room, cy.account.id, Level.MODERATE)
        await house.inviting.remove(ann, room, cy.account.id)
        await house.invitations.revoke(ann, room, made.invitation.id)


async def _between_two(house: House, ann: Identity, bo: Identity) -> None:
    gus = await house.person("gus", Role.GUEST)
    await refusal(house.direct.open_by_nickname(gus, "ann"))
    direct = (await house.direct.open_by_nickname(ann, "bo")).room
    await house.say(ann, direct, "hello")
    await house.membership.leave(bo, direct)
    await house.blocking.block(bo, ann.account.id)
    await house.blocking.unblock(bo, ann.account.id)
    await house.say(ann, direct, "still there?")
    await house.listing.mine(bo)
    await house.occupancy.of(bo, direct)


async def scans(house: House, seen: dict[str, Any]) -> dict[str, str]:
    """Those that read a whole table, and how."""
    return {
        statement: step
        for statement, parameters in seen.items()
        for step in await plan(house, statement, parameters)
        if step.startswith("SCAN") and step.split()[1] in BIG
        and ("USING" not in step or step.split()[1] == "memberships")
        and not any(part in statement for part in MAY_SCAN)
    }  # fmt: skip


async def test_every_statement_finds_its_rows_by_an_index(house: House) -> None:
    with statements() as seen:
        await an_evening(house)
    assert len(seen) > 30
    assert await scans(house, seen) == {}


@pytest.mark.parametrize("size", SIZES)
async def test_so_do_those_of_many_posts_at_once(house: House, size: int) -> None:
    """The database may choose another way for a longer list."""
    ann = await house.person("ann")
    people = [ann, *[await house.person(f"p{number}") for number in range(size // 10)]]
    room = await house.room(ann, preset=Preset.OPEN)
    with statements() as seen:
        await asyncio.gather(
            *(house.say(people[number % len(people)], room, "hello") for number in range(size))
        )
    asked = [text for text in seen if "FROM entries" in text or "FROM refusals" in text]
    assert [text.count("client_id = ?") for text in asked] == [size, size]
    assert await scans(house, seen) == {}
    for statement in asked:
        steps = await plan(house, statement, seen[statement])
        assert any("author=? AND client_id=?" in step for step in steps), steps


async def test_what_is_due_is_asked_of_indexes_alone(house: House) -> None:
    """At every commit, however many rooms, people and places in groups there are."""
    with statements() as seen:
        assert not await house.read(lambda tx: expiries.any_due(tx, tx.now()))
    ((statement, parameters),) = seen.items()
    steps = [step for step in await plan(house, statement, parameters) if "SCALAR" not in step]
    assert [step.split("INDEX ")[1] for step in steps if step.startswith("SEARCH")] == [
        "ix_heads_next_expiry (next_expiry<?)",
        "ix_group_members_until (until<?)",
        "ix_accounts_until (until<?)",
    ]
    assert not any(step.startswith("SCAN ") and step != "SCAN CONSTANT ROW" for step in steps)


@pytest.mark.parametrize(
    ("sought", "index"),
    [
        (Wanted(), "ix_entries_access_at"),
        (Wanted(people=["ann"]), "ix_entries_access_at"),
        (Wanted(since=1, until=2), "ix_entries_access_at"),
        (Wanted(rooms=["kitchen"]), "ix_entries_access_room"),
        (Wanted(kind="made"), "ix_entries_access_kind"),
    ],
)
async def test_the_access_log_steps_over_messages_and_sorts_nothing(
    house: House, sought: Wanted, index: str
) -> None:
    """At any page: the rows of a page are read in the order of the index, and no more."""
    for after in (None, Mark(5, "kitchen", 5)):
        with statements() as seen:
            await house.read(lambda tx, after=after: page(tx, sought, after, 50))  # type: ignore[misc]
        for statement, parameters in seen.items():
            steps = await plan(house, statement, parameters)
            assert not any("TEMP B-TREE" in step for step in steps)
            if "FROM entries" in statement:
                assert index in steps[0]


async def test_replay_steps_over_messages(house: House) -> None:
    with statements() as seen:
        await house.read(lambda tx: access_entries(tx, "kitchen"))
    ((statement, parameters),) = seen.items()
    assert "ix_entries_access_room" in (await plan(house, statement, parameters))[0]


async def plan(house: House, statement: str, parameters: Any) -> list[str]:
    rows = await house.read(
        lambda tx: tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    )
    return [row.detail for row in rows]
