"""Asking to be let in: who may ask, who sees it, and what an answer does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    PersonFacts,
    Preset,
    Settings,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role
from live.bus import AsksChanged
from rooms.asking import LONGEST, MOST_WAITING
from rooms.listing import Listed
from rooms.standing import suspend
from storage.journal import Change
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal


async def listed_room(house: House, owner: Identity) -> str:
    """Everyone may ask to be let in."""
    return await house.room(owner, preset=Preset.LISTED)


async def waiting(house: House, who: Identity, room: str) -> list[str]:
    """Nicknames, as the list has them and the count agrees."""
    found = [asker.person.nickname for asker in await house.asking.waiting(who, room)]
    assert (await house.listing.one(who, room)).asks == len(found)
    return found


async def in_directory(house: House, who: Identity, room: str) -> Listed:
    return next(row for row in await house.listing.directory(who) if row.id == room)


# --- who may ask ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("everyone", "error"),
    [
        (Level.HIDDEN, "not_found"),
        (Level.SEE, "not_allowed"),
        (Level.ASK, None),
        (Level.READ, "already_reads"),
        (Level.POST, "already_reads"),
    ],
)
async def test_who_may_ask(
    house: House, ann: Identity, cy: Identity, everyone: Level, error: str | None
) -> None:
    room = await house.room(ann)
    await house.change(room, Delta(grants=(Grant(EVERYONE, everyone, None, 0),)))
    assert await refusal(house.asking.ask(cy, room)) == error
    assert await waiting(house, ann, room) == (["cy"] if error is None else [])
    if everyone > Level.HIDDEN:
        row = await in_directory(house, cy, room)
        assert (row.may_ask, row.asked_at is not None) == (False, error is None)


async def test_guests_do_not_see_what_everyone_may_ask_for(
    house: House, ann: Identity, gus: Identity
) -> None:
    room = await listed_room(house, ann)
    assert await refusal(house.asking.ask(gus, room)) == "not_found"


async def test_a_ban_and_the_archive_leave_nothing_to_ask_for(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await listed_room(house, ann)
    await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)))
    assert await refusal(house.asking.ask(cy, room)) == "not_found"
    await house.change(room, Delta(settings=Settings(archived=True)))
    assert await refusal(house.asking.ask(bo, room)) == "not_allowed"
    assert not (await in_directory(house, bo, room)).may_ask


async def test_a_token_asks_only_if_it_may_and_its_person_has_reason_to(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await listed_room(house, ann)
    reader = await house.another_login(cy, actions=frozenset({"see", "read"}))
    assert await refusal(house.asking.ask(reader, room)) == "not_allowed"
    low = await house.another_login(ann, level=Level.ASK)
    assert await refusal(house.asking.ask(low, room)) == "already_reads"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("", ""),
        ("  I cook too \n", "I cook too"),
        ("one\r\ntwo\x00\x07", "one\ntwo"),
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), None),
    ],
)
async def test_what_one_writes(
    house: House, ann: Identity, cy: Identity, text: str, kept: str | None
) -> None:
    room = await listed_room(house, ann)
    assert await refusal(house.asking.ask(cy, room, text)) == (
        None if kept is not None else "ask_long"
    )
    texts = [asker.text for asker in await house.asking.waiting(ann, room)]
    assert texts == ([] if kept is None else [kept])


async def test_once(house: House, ann: Identity, cy: Identity) -> None:
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room, "first")
    assert await refusal(house.asking.ask(cy, room, "second")) == "asked_before"
    assert [asker.text for asker in await house.asking.waiting(ann, room)] == ["first"]


async def test_not_in_too_many_rooms_at_once(house: House, ann: Identity, cy: Identity) -> None:
    rooms = [await listed_room(house, ann) for _ in range(MOST_WAITING + 1)]
    for room in rooms[:-1]:
        await house.asking.ask(cy, room)
    assert await refusal(house.asking.ask(cy, rooms[-1])) == "too_many_asks"
    await house.asking.withdraw(cy, rooms[0])
    assert await refusal(house.asking.ask(cy, rooms[-1])) is None


async def test_taking_it_back(house: House, ann: Identity, cy: Identity) -> None:
    room = await listed_room(house, ann)
    assert await refusal(house.asking.withdraw(cy, room)) == "ask_gone"
    await house.asking.ask(cy, room)
    await house.asking.withdraw(cy, room)
    assert await waiting(house, ann, room) == []
    assert (await in_directory(house, cy, room)).may_ask
    assert await refusal(house.asking.let_in(ann, room, cy.account.id, Level.POST)) == "ask_gone"


# --- who sees and answers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "error"),
    [
        (Level.OWN, None),
        (Level.MODERATE, None),
        (Level.POST, "not_allowed"),
        (Level.READ, "not_allowed"),
    ],
)
async def test_who_sees_and_answers(
    house: House, ann: Identity, bo: Identity, cy: Identity, level: Level, error: str | None
) -> None:
    room = await listed_room(house, ann)
    await house.invite(ann, room, bo, level=level)
    await house.asking.ask(cy, room)
    assert (await house.listing.one(bo, room)).asks == (1 if error is None else 0)
    assert await refusal(house.asking.waiting(bo, room)) == error
    answer = house.asking.let_in(bo, room, cy.account.id, Level.POST)
    assert await refusal(answer) == error
    late = house.asking.decline(bo, room, cy.account.id)
    assert await refusal(late) == (error or "ask_gone")


async def test_those_who_ask_see_no_other_asks(house: House, ann: Identity, cy: Identity) -> None:
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room)
    dee = await house.person("dee")
    await house.asking.ask(dee, room)
    assert await refusal(house.asking.waiting(cy, room)) == "not_allowed"
    for who, other in ((cy, dee), (dee, cy)):
        answers = (
            house.asking.let_in(who, room, other.account.id, Level.READ),
            house.asking.decline(who, room, other.account.id),
        )
        assert [await refusal(answer) for answer in answers] == ["not_allowed"] * 2


async def test_letting_in(house: House, ann: Identity, bo: Identity, cy: Identity) -> None:
    room = await listed_room(house, ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    for who, level in ((cy, Level.READ), (await house.person("dee"), Level.POST)):
        await house.asking.ask(who, room, "please")
        invitee = await house.asking.let_in(bo, room, who.account.id, level)
        assert (invitee.level, invitee.joined) == (level.name, True)
        entry, facts = (await house.entries(room))[-1], await house.facts(room)
        assert (entry.kind, entry.by and entry.by.nickname) == (Kind.LET_IN, "bo")
        grant = facts.grants[person_subject(who.account.id)]
        assert (grant.level, grant.by) == (level, bo.account.id)
        assert who.account.id in facts.members
        assert [row.id for row in await house.listing.mine(who)] == [room]
    assert await waiting(house, ann, room) == []


async def test_nobody_lets_in_above_what_they_may_give(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await listed_room(house, ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    await house.asking.ask(cy, room)
    answer = house.asking.let_in(bo, room, cy.account.id, Level.MODERATE)
    assert await refusal(answer) == "grant_too_high"


async def test_a_no_holds_for_a_day(house: House, ann: Identity, cy: Identity) -> None:
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room)
    declined = house.clock.ms
    await house.asking.decline(ann, room, cy.account.id)
    assert await waiting(house, ann, room) == []
    row = await in_directory(house, cy, room)
    assert (row.may_ask, row.asked_at, row.ask_again_at) == (False, None, declined + DAY)
    house.clock.ms += DAY - 1000
    with pytest.raises(ChatError, match="asked_and_declined") as refused:
        await house.asking.ask(cy, room)
    assert refused.value.retry_after == 1
    assert await refusal(house.asking.withdraw(cy, room)) == "ask_gone"
    house.clock.ms += 1000
    assert (await in_directory(house, cy, room)).may_ask
    await house.asking.ask(cy, room, "again")
    assert await waiting(house, ann, room) == ["cy"]


# --- asks that vanish ----------------------------------------------------------------------------

Vanishing = Callable[[House, Identity, Identity, str], Awaitable[object]]


async def invited(house: House, ann: Identity, cy: Identity, room: str) -> None:
    await house.invite(ann, room, cy, level=Level.READ)


async def opened(house: House, ann: Identity, cy: Identity, room: str) -> None:
    await house.change(room, Delta(grants=(Grant(EVERYONE, Level.READ, None, 0),)))


async def banned(house: House, ann: Identity, cy: Identity, room: str) -> None:
    await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)))


async def hidden(house: House, ann: Identity, cy: Identity, room: str) -> None:
    await house.change(room, Delta(revoked=(EVERYONE,)))


async def archived(house: House, ann: Identity, cy: Identity, room: str) -> None:
    await house.change(room, Delta(settings=Settings(archived=True)))


async def suspended(house: House, ann: Identity, cy: Identity, room: str) -> None:
    person = PersonFacts(cy.account.id, Role.MEMBER)
    await house.database.write(lambda tx: suspend(tx, person, Change("suspended")))


VANISHINGS = [invited, opened, banned, hidden, archived, suspended]


@pytest.mark.parametrize("vanishing", VANISHINGS, ids=lambda it: it.__name__)
async def test_an_ask_vanishes(
    house: House, ann: Identity, cy: Identity, vanishing: Vanishing
) -> None:
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room)
    await vanishing(house, ann, cy, room)
    assert await waiting(house, ann, room) == []
    assert await refusal(house.asking.let_in(ann, room, cy.account.id, Level.POST)) == "ask_gone"


async def test_what_vanished_does_not_come_back(house: House, ann: Identity, cy: Identity) -> None:
    """Invited and removed again, or banned and not any more: they would have to ask anew."""
    room = await listed_room(house, ann)
    ban = Cap(cy.account.id, Level.HIDDEN, None, 0)
    for there, back in (
        (Delta(caps=(ban,)), Delta(uncapped=((cy.account.id, Level.HIDDEN),))),
        (Delta(settings=Settings(archived=True)), Delta(settings=Settings(archived=False))),
    ):
        await house.asking.ask(cy, room)
        await house.change(room, there)
        await house.change(room, back)
        assert await waiting(house, ann, room) == []
    await house.asking.ask(cy, room)
    await house.invite(ann, room, cy)
    await house.inviting.remove(ann, room, cy.account.id)
    assert await waiting(house, ann, room) == []


async def test_a_ban_takes_no_for_an_answer_with_it(
    house: House, ann: Identity, cy: Identity
) -> None:
    """Banned for a moment is no way round the day of waiting."""
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room)
    await house.asking.decline(ann, room, cy.account.id)
    await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)))
    await house.change(room, Delta(uncapped=((cy.account.id, Level.HIDDEN),)))
    assert await refusal(house.asking.ask(cy, room)) == "asked_and_declined"


# --- live ----------------------------------------------------------------------------------------


async def test_who_is_told(house: House, ann: Identity, bo: Identity, cy: Identity) -> None:
    """Those who may answer and have the room in their list, and who asked; nobody else."""
    room = await listed_room(house, ann)
    dee, eve = await house.person("dee"), await house.person("eve")
    await house.invite(ann, room, bo)
    await house.invite(ann, room, dee, eve, level=Level.MODERATE)
    await house.change(room, Delta(left=(eve.account.id,)))
    everyone = frozenset({ann.account.id, dee.account.id, cy.account.id})
    answers: list[Callable[[], Awaitable[object]]] = [
        lambda: house.asking.ask(cy, room),
        lambda: house.asking.withdraw(cy, room),
        lambda: house.asking.ask(cy, room),
        lambda: house.asking.let_in(ann, room, cy.account.id, Level.READ),
    ]
    for act in answers:
        house.told.clear()
        await act()
        (told,) = [notice for notice in house.told if isinstance(notice, AsksChanged)]
        assert (told.room, told.tell) == (room, everyone)


async def test_nobody_is_told_of_what_was_refused(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await listed_room(house, ann)
    await house.asking.ask(cy, room)
    house.told.clear()
    assert await refusal(house.asking.ask(cy, room)) == "asked_before"
    assert house.told == []
