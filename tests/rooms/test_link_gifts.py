"""Links that give a level, lead to several rooms, and make guests for a while."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from core.access import Cap, Delta, PersonFacts, Settings, person_subject
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Role, State
from rooms.expiry import expire_due
from rooms.invitations import Gift
from rooms.standing import suspend
from storage import accounts
from storage.journal import Change
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal


async def link(
    house: House,
    who: Identity,
    room: str | None,
    gift: Gift,
    *,
    role: Role | None = None,
    uses: int = 10,
) -> str:
    return (await house.invitations.make(who, room, 7, uses, role, gift)).secret


async def levels(house: House, account: Account, *rooms: str) -> list[Level | None]:
    """What they were given in person in each room, None: nothing."""
    facts = [await house.facts(room) for room in rooms]
    grants = [here.grants.get(person_subject(account.id)) for here in facts]
    return [grant.level if grant else None for grant in grants]


# --- a level -------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [Level.READ, Level.POST])
async def test_a_link_gives_its_level(
    house: House, ann: Identity, cy: Identity, level: Level
) -> None:
    room = await house.room(ann)
    secret = await link(house, ann, room, Gift(level))
    assert (await house.invitations.look(secret)).level is level
    await house.invitations.accept(cy, secret)
    account, _ = await house.sign_up("dee", secret)
    for who in (cy.account, account):
        assert await levels(house, who, room) == [level]


@pytest.mark.parametrize("level", [Level.SEE, Level.ASK, Level.MODERATE, Level.OWN])
async def test_no_link_gives_another(house: House, ann: Identity, level: Level) -> None:
    room = await house.room(ann)
    assert await refusal(house.invitations.make(ann, room, 7, 1, None, Gift(level))) == (
        "invitation_bad"
    )


# --- guests for a while --------------------------------------------------------------------------


async def test_a_guest_for_a_while(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    secret = await link(house, ann, room, Gift(guest_days=3))
    assert (await house.invitations.look(secret)).guest_days == 3
    made = house.clock.ms
    account, _ = await house.sign_up("dee", secret)
    kept = await house.read(lambda tx: accounts.get(tx, account.id))
    assert kept is not None and kept.until == made + 3 * DAY
    assert (await house.head(room)).next_expiry == made + 3 * DAY
    house.clock.ms += 3 * DAY
    await house.database.write(expire_due)
    kept = await house.read(lambda tx: accounts.get(tx, account.id))
    assert kept is not None and kept.state is State.SUSPENDED
    assert (await house.entries(room))[-1].kind is Kind.EXPIRED


async def test_nobody_else_ends_with_it(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann)
    await house.invitations.accept(cy, await link(house, ann, room, Gift(guest_days=3)))
    kept = await house.read(lambda tx: accounts.get(tx, cy.account.id))
    assert kept is not None and kept.until is None


@pytest.mark.parametrize(
    ("days", "error"), [(1, None), (365, None), (0, "guest_days"), (366, "guest_days")]
)
async def test_how_long_a_guest_lasts(
    house: House, ann: Identity, days: int, error: str | None
) -> None:
    room = await house.room(ann)
    assert (
        await refusal(house.invitations.make(ann, room, 7, 1, None, Gift(guest_days=days))) == error
    )


async def test_members_and_links_to_no_room_make_no_guests_for_a_while(
    house: House, adam: Identity
) -> None:
    room = await house.room(adam)
    member = house.invitations.make(adam, room, 7, 1, Role.MEMBER, Gift(guest_days=3))
    assert await refusal(member) == "guest_days"
    nowhere = house.invitations.make(adam, None, 7, 1, Role.GUEST)
    assert await refusal(nowhere) == "guest_rooms"


# --- several rooms -------------------------------------------------------------------------------


@pytest.fixture
async def rooms(house: House, adam: Identity) -> tuple[str, str]:
    return await house.room(adam), await house.room(adam)


async def test_an_admins_link_leads_to_several_rooms(
    house: House, adam: Identity, cy: Identity, rooms: tuple[str, str]
) -> None:
    secret = await link(house, adam, None, Gift(Level.READ, more=rooms))
    assert {room.id for room in (await house.invitations.look(secret)).rooms} == set(rooms)
    account, led_to = await house.sign_up("dee", secret)
    assert (account.role, led_to in rooms) == (Role.MEMBER, True)
    assert await house.invitations.accept(cy, secret) in rooms
    for who in (account, cy.account):
        assert await levels(house, who, *rooms) == [Level.READ, Level.READ]
    assert {room.id for room in await house.listing.mine(cy)} == set(rooms)


async def test_a_guest_of_several_rooms(
    house: House, adam: Identity, rooms: tuple[str, str]
) -> None:
    secret = await link(house, adam, None, Gift(more=rooms), role=Role.GUEST)
    account, _ = await house.sign_up("dee", secret)
    assert account.role is Role.GUEST
    assert await levels(house, account, *rooms) == [Level.POST, Level.POST]


async def test_only_to_rooms_that_its_maker_may_invite_to(
    house: House, ann: Identity, adam: Identity, rooms: tuple[str, str]
) -> None:
    hidden = await house.room(ann)
    for more in ((hidden,), (*rooms, hidden), ("nowhere",)):
        made = house.invitations.make(adam, None, 7, 1, None, Gift(more=more))
        assert await refusal(made) == "not_found"
    twice = house.invitations.make(adam, None, 7, 1, None, Gift(more=(rooms[0], rooms[0])))
    assert await refusal(twice) == "invitation_bad"
    assert {place.id for place in await house.invitations.places(adam)} == set(rooms)


async def test_nobody_but_admins_makes_them(
    house: House, ann: Identity, adam: Identity, rooms: tuple[str, str]
) -> None:
    own = await house.room(ann)
    assert await refusal(house.invitations.make(ann, None, 7, 1, None, Gift(more=(own,)))) == (
        "not_found"
    )
    made = await house.invitations.make(ann, own, 7, 1, None, Gift(more=rooms))
    assert [place.room for place in made.invitation.places] == [own]


async def archived(house: House, adam: Identity, room: str) -> None:
    await house.change(room, Delta(settings=Settings(archived=True)))


async def the_maker_left(house: House, adam: Identity, room: str) -> None:
    await house.change(room, Delta(revoked=(person_subject(adam.account.id),)))


async def the_maker_was_muted(house: House, adam: Identity, room: str) -> None:
    await house.change(room, Delta(caps=(Cap(adam.account.id, Level.READ, None, 0),)))


Ending = Callable[[House, Identity, str], Awaitable[None]]
ENDINGS = pytest.mark.parametrize(
    "ending", [archived, the_maker_left, the_maker_was_muted], ids=lambda it: it.__name__
)


@ENDINGS
async def test_the_rooms_that_still_count_are_given(
    house: House, adam: Identity, cy: Identity, rooms: tuple[str, str], ending: Ending
) -> None:
    secret = await link(house, adam, None, Gift(more=rooms))
    await ending(house, adam, rooms[0])
    assert [room.id for room in (await house.invitations.look(secret)).rooms] == [rooms[1]]
    assert await house.invitations.accept(cy, secret) == rooms[1]
    account, _ = await house.sign_up("dee", secret)
    for who in (cy.account, account):
        assert await levels(house, who, *rooms) == [None, Level.POST]
    await ending(house, adam, rooms[1])
    assert await refusal(house.invitations.look(secret)) == "invitation_void"
    assert await refusal(house.sign_up("eve", secret)) == "invitation_void"
    assert not (await house.invitations.working(adam, None))[0].works


@ENDINGS
async def test_a_rooms_own_link_ends_too(
    house: House, ann: Identity, cy: Identity, ending: Ending
) -> None:
    room = await house.room(ann)
    secret = await link(house, ann, room, Gift())
    await ending(house, ann, room)
    assert await refusal(house.invitations.accept(cy, secret)) == "invitation_void"


@pytest.mark.parametrize("leads_to_rooms", [True, False])
async def test_a_suspended_admins_links_are_void(
    house: House, adam: Identity, rooms: tuple[str, str], leads_to_rooms: bool
) -> None:
    secret = await link(house, adam, None, Gift(more=rooms if leads_to_rooms else ()))
    person = PersonFacts(adam.account.id, Role.ADMIN)
    await house.database.write(lambda tx: suspend(tx, person, Change("suspended")))
    assert await refusal(house.invitations.look(secret)) == "invitation_void"
    assert await refusal(house.sign_up("dee", secret)) == "invitation_void"


async def test_a_link_brings_nobody_back_who_was_removed_or_banned(
    house: House, adam: Identity, cy: Identity, rooms: tuple[str, str]
) -> None:
    kitchen, garden = rooms
    await house.invite(adam, kitchen, cy)
    secret = await link(house, adam, None, Gift(more=rooms))
    await house.inviting.remove(adam, kitchen, cy.account.id)
    assert await house.invitations.accept(cy, secret) == garden
    assert await levels(house, cy.account, kitchen, garden) == [None, Level.POST]
    dee = await house.person("dee")
    for room in rooms:
        await house.change(room, Delta(caps=(Cap(dee.account.id, Level.HIDDEN, None, 0),)))
    assert await refusal(house.invitations.accept(dee, secret)) == "invitation_void"
    assert await levels(house, dee.account, kitchen, garden) == [None, None]


async def test_one_use_is_one_use_for_all_its_rooms(
    house: House, adam: Identity, bo: Identity, cy: Identity, rooms: tuple[str, str]
) -> None:
    secret = await link(house, adam, None, Gift(more=rooms), uses=1)
    await house.invitations.accept(bo, secret)
    assert await refusal(house.invitations.accept(cy, secret)) == "invitation_void"
    assert await levels(house, cy.account, *rooms) == [None, None]


# --- what moderators see and revoke --------------------------------------------------------------


async def test_moderators_see_every_link_into_their_room(
    house: House, ann: Identity, adam: Identity, bo: Identity, rooms: tuple[str, str]
) -> None:
    kitchen, _ = rooms
    await house.invite(adam, kitchen, bo, level=Level.MODERATE)
    own = await house.invitations.make(bo, kitchen, 7, 1)
    house.clock.ms += 1
    wide = await house.invitations.make(adam, None, 7, 1, None, Gift(more=rooms))
    seen = await house.invitations.working(bo, kitchen)
    assert [(found.invitation.id, found.maker) for found in seen] == [
        (wide.invitation.id, "adam"), (own.invitation.id, "bo"),
    ]  # fmt: skip
    assert [room.id for room in seen[0].rooms] == [kitchen], "the other is hidden from bo"
    assert seen[0].others == 1


async def test_a_moderator_takes_their_room_out_of_an_admins_link(
    house: House, adam: Identity, bo: Identity, cy: Identity, rooms: tuple[str, str]
) -> None:
    kitchen, garden = rooms
    await house.invite(adam, kitchen, bo, level=Level.MODERATE)
    made = await house.invitations.make(adam, None, 7, 5, None, Gift(more=rooms))
    await house.invitations.revoke(bo, kitchen, made.invitation.id)
    assert await house.invitations.accept(cy, made.secret) == garden
    assert await levels(house, cy.account, kitchen) == [None]
    await house.invitations.revoke(adam, garden, made.invitation.id)
    assert await refusal(house.sign_up("dee", made.secret)) == "invitation_void"
    assert await house.invitations.working(adam, None) == []
