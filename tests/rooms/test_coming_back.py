"""Whoever was removed stays out until someone wants them back: an old link does not do."""

from __future__ import annotations

import pytest

from core.access import Preset
from core.levels import Level
from core.records import Identity
from tests.rooms.house import House
from tests.rooms.refusals import refusal


@pytest.fixture
async def room(house: House, ann: Identity, bo: Identity) -> str:
    """Bo was in it, and is not any more."""
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    return room


async def link(house: House, who: Identity, room: str) -> str:
    return (await house.invitations.make(who, room, 7, 2)).secret


async def test_a_link_made_before_the_removal_is_void_for_them(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    old = await link(house, ann, room)
    house.clock.ms += 1
    await house.inviting.remove(ann, room, bo.account.id)
    for login in (bo, await house.another_login(bo)):
        assert await refusal(house.invitations.accept(login, old)) == "invitation_void"
    assert await house.listing.mine(bo) == []
    assert await house.listing.directory(bo) == []


async def test_nor_does_one_of_the_same_moment(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.inviting.remove(ann, room, bo.account.id)
    same = await link(house, ann, room)
    assert await refusal(house.invitations.accept(bo, same)) == "invitation_void"


async def test_it_does_not_matter_who_made_it(
    house: House, ann: Identity, bo: Identity, cy: Identity, room: str
) -> None:
    await house.invite(ann, room, cy, level=Level.MODERATE)
    old = await link(house, cy, room)
    house.clock.ms += 1
    await house.inviting.remove(ann, room, bo.account.id)
    assert await refusal(house.invitations.accept(bo, old)) == "invitation_void"


async def test_others_use_the_same_link_and_no_use_is_lost(
    house: House, ann: Identity, bo: Identity, cy: Identity, gus: Identity, room: str
) -> None:
    old = await link(house, ann, room)
    await house.inviting.remove(ann, room, bo.account.id)
    assert await refusal(house.invitations.accept(bo, old)) == "invitation_void"
    for other in (cy, gus):
        assert await house.invitations.accept(other, old) == room


async def test_a_newer_link_lets_them_in(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.inviting.remove(ann, room, bo.account.id)
    house.clock.ms += 1
    assert await house.invitations.accept(bo, await link(house, ann, room)) == room
    assert [seen.id for seen in await house.listing.mine(bo)] == [room]


async def test_an_invitation_lets_them_in_and_makes_up_for_the_removal(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    old = await link(house, ann, room)
    house.clock.ms += 1
    await house.inviting.remove(ann, room, bo.account.id)
    await house.inviting.invite_by_nickname(ann, room, "bo", Level.POST)
    assert [seen.id for seen in await house.listing.mine(bo)] == [room]
    await house.membership.leave(bo, room)
    assert await house.invitations.accept(bo, old) == room, "leaving is no removal"


async def test_a_second_removal_counts_from_its_own_time(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.inviting.remove(ann, room, bo.account.id)
    house.clock.ms += 1
    between = await link(house, ann, room)
    assert await house.invitations.accept(bo, between) == room
    house.clock.ms += 1
    await house.inviting.remove(ann, room, bo.account.id)
    assert await refusal(house.invitations.accept(bo, between)) == "invitation_void"


async def test_other_rooms_links_are_as_they_were(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    other = await house.room(ann)
    to_other = await link(house, ann, other)
    await house.inviting.remove(ann, room, bo.account.id)
    assert await house.invitations.accept(bo, to_other) == other


async def test_where_everyone_may_come_in_removing_keeps_nobody_out(
    house: House, ann: Identity, bo: Identity
) -> None:
    """That is said to who removes; it takes a ban."""
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(bo, room)
    assert await house.inviting.remove(ann, room, bo.account.id) is True
    assert await refusal(house.membership.join(bo, room)) is None
