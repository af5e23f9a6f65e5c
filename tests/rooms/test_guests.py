"""What guests learn of people: those of the rooms they are in, and nobody else."""

from __future__ import annotations

import pytest

from core.access import Preset
from core.levels import Level
from core.records import Identity
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def test_a_guest_is_told_how_many_are_in_the_room_not_on_the_server(
    house: House, ann: Identity, bo: Identity, cy: Identity, gus: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(bo, room)
    await house.invite(ann, room, gus)
    told = await house.occupancy.of(gus, room)
    assert [person.nickname for person in told.people] == ["ann", "bo", "gus"]
    assert (told.read, told.post) == (3, 3)
    for number in range(3):
        await house.person(f"new{number}")
    assert await house.occupancy.of(gus, room) == told
    assert (await house.occupancy.of(ann, room)).read == 3 + 1 + 3, "cy could, and the new"


async def test_where_only_the_named_may_read_all_are_told_the_same(
    house: House, ann: Identity, cy: Identity, gus: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, gus)
    guests, owners = await house.occupancy.of(gus, room), await house.occupancy.of(ann, room)
    assert (guests.read, guests.post) == (owners.read, owners.post) == (2, 2)


class TestAGuestWhoMayInvite:
    @pytest.fixture
    async def room(self, house: House, ann: Identity, gus: Identity) -> str:
        room = await house.room(ann)
        await house.invite(ann, room, gus, level=Level.MODERATE)
        return room

    async def find(self, house: House, gus: Identity, room: str, nickname: str) -> str | None:
        return await refusal(house.inviting.invite_by_nickname(gus, room, nickname, Level.READ))

    @pytest.mark.parametrize("nickname", ["cy", "CY", "@cy", "nobody"])
    async def test_finds_nobody_that_they_share_no_room_with(
        self, house: House, cy: Identity, gus: Identity, room: str, nickname: str
    ) -> None:
        """Whether or not there is someone of that name."""
        assert await self.find(house, gus, room, nickname) == "person_not_found"
        assert await house.listing.mine(cy) == []

    async def test_finds_those_of_another_room_they_are_in(
        self, house: House, bo: Identity, cy: Identity, gus: Identity, room: str
    ) -> None:
        other = await house.room(bo)
        await house.invite(bo, other, gus, cy)
        assert await self.find(house, gus, room, "cy") is None
        assert {seen.id for seen in await house.listing.mine(cy)} == {other, room}

    async def test_not_those_of_a_room_that_they_left(
        self, house: House, bo: Identity, gus: Identity, room: str
    ) -> None:
        other = await house.room(bo)
        await house.invite(bo, other, gus)
        await house.membership.leave(gus, other)
        assert await self.find(house, gus, room, "bo") == "person_not_found"

    async def test_a_member_finds_everyone(
        self, house: House, ann: Identity, bo: Identity, cy: Identity, room: str
    ) -> None:
        await house.invite(ann, room, bo, level=Level.MODERATE)
        assert await self.find(house, bo, room, "cy") is None
