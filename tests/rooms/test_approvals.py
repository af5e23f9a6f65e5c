"""Signing up where an admin decides: in nobody's way until then, and then as everyone else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from auth.signup import MOST_PENDING, Draft
from core.access import Preset
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Role, State
from rooms.hall import ensure_hall
from storage import accounts, journal, rooms
from tests.rooms.house import House
from tests.rooms.refusals import refusal

Answer = Callable[[House, Identity, str], Awaitable[object]]
ANSWERS: dict[str, Answer] = {
    "approve": lambda house, who, whom: house.approvals.approve(who, whom),
    "decline": lambda house, who, whom: house.approvals.decline(who, whom),
}


def draft(name: str) -> Draft:
    return Draft(name, name, False, "no hash", "")


async def asks(house: House, name: str) -> Account:
    """Someone signs up and waits."""
    await house.signups.ask(draft(name))
    found = await house.read(lambda tx: accounts.by_name(tx, name))
    assert found is not None
    return found


async def hall_of(house: House) -> str:
    await house.database.write(lambda tx: ensure_hall(tx, "Hall"))
    (hall,) = await house.read(rooms.awaiting_newcomers)
    return hall


async def test_who_waits_is_nowhere(house: House, adam: Identity, ann: Identity) -> None:
    hall = await hall_of(house)
    before = await house.entries(hall)
    dee = await asks(house, "dee")
    assert dee.state is State.PENDING
    assert await house.entries(hall) == before
    room = await house.room(ann, preset=Preset.OPEN)
    assert (await house.occupancy.of(ann, room)).read == 2, "Ann and Adam"
    told = await refusal(house.inviting.invite_by_nickname(ann, room, "dee", Level.POST))
    assert told == "person_not_found"
    sneaked = await house.log_in(dee)
    assert await refusal(house.membership.join(sneaked, room)) == "not_signed_in"
    assert await refusal(house.keeping.look(adam, dee.id)) == "not_found"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.GUEST])
async def test_approved_one_arrives_as_whoever_signs_up_openly(
    house: House, adam: Identity, role: Role
) -> None:
    hall = await hall_of(house)
    dee = await asks(house, "dee")
    assert await house.approvals.waiting(adam) == [dee]
    assert await house.approvals.count(adam) == 1
    told = await house.approvals.approve(adam, dee.id, role)
    assert (told.role, told.state) == (role, State.ACTIVE)
    assert await house.approvals.count(adam) == 0
    inside = dee.id in (await house.facts(hall)).members
    assert inside is (role is Role.MEMBER), "everyone is not guests"
    if inside:
        assert (await house.entries(hall))[-1].kind is Kind.JOINED
        await house.say(await house.log_in(dee), hall, "hello")
    about = [line.change for line in await house.read(journal.lines)][-2:]
    assert [(change.kind, change.by) for change in about] == [
        ("made", None),
        ("approved", adam.account.id),
    ]
    assert [change.facts and change.facts.state for change in about] == [
        State.PENDING,
        State.ACTIVE,
    ]


async def test_declined_one_never_was(house: House, adam: Identity) -> None:
    dee = await asks(house, "dee")
    await house.approvals.decline(adam, dee.id)
    assert await house.read(lambda tx: accounts.get(tx, dee.id)) is None
    assert (await house.read(journal.lines))[-1].change.kind == "declined"
    again = await asks(house, "dee")
    assert again.nickname == "dee", "the names are free at once"


@pytest.mark.parametrize("answer", ANSWERS)
async def test_only_admins_answer_and_only_once(
    house: House, adam: Identity, bo: Identity, gus: Identity, answer: str
) -> None:
    dee = await asks(house, "dee")
    for who in (bo, gus, await house.another_login(adam, Level.OWN)):
        assert await refusal(ANSWERS[answer](house, who, dee.id)) == "not_found"
        assert await refusal(house.approvals.waiting(who)) == "not_found"
        assert await refusal(house.approvals.count(who)) == "not_found"
    await ANSWERS[answer](house, adam, dee.id)
    for second in ANSWERS.values():
        assert await refusal(second(house, adam, dee.id)) == "ask_gone"
        assert await refusal(second(house, adam, bo.account.id)) == "ask_gone"


async def test_only_so_many_wait(house: House, adam: Identity) -> None:
    for number in range(MOST_PENDING):
        await house.signups.ask(draft(f"dee{number:03}"))
    assert await refusal(house.signups.ask(draft("one-more"))) == "signup_full"
    first = (await house.approvals.waiting(adam))[0]
    await house.approvals.decline(adam, first.id)
    await house.signups.ask(draft("one-more"))


async def test_an_invitation_lets_in_at_once(house: House, adam: Identity) -> None:
    secret = (await house.invitations.make(adam, None, 7, 1)).secret
    dee, _ = await house.sign_up("dee", secret)
    assert dee.state is State.ACTIVE
