"""Listing many rooms is the work of listing one; and what is counted unread may be read."""

from __future__ import annotations

import asyncio

import pytest

from core.access import Cap, Delta, History, Preset
from core.levels import Level
from core.records import Identity
from tests.rooms.house import House
from tests.statements import statements


async def rooms(house: House, ann: Identity, bo: Identity, number: int) -> None:
    """Of all kinds, with unread posts in them."""
    kinds = [(Preset.PRIVATE, History.ALL), (Preset.PRIVATE, History.JOINED)]
    kinds += [(Preset.OPEN, History.JOINED)]
    for place in range(number):
        preset, history = kinds[place % len(kinds)]
        room = await house.room(ann, preset=preset, history=history)
        await house.invite(ann, room, bo)
        await house.say(ann, room, "hello")


@pytest.mark.parametrize("listing", ["mine", "directory"])
async def test_a_longer_list_takes_no_more_statements(
    house: House, ann: Identity, bo: Identity, listing: str
) -> None:
    counts = []
    for number in (3, 9):
        await rooms(house, ann, bo, number)
        with statements(house.database) as sent:
            seen = await getattr(house.listing, listing)(bo)
        counts.append(len(sent))
    assert len(seen) == 3 + 9
    assert counts[0] == counts[1] <= 13


async def test_lists_that_are_asked_for_together_take_the_statements_of_one(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    """And each is what its person gets alone, whatever the others may."""
    await rooms(house, ann, bo, 3)
    everyone = (ann, bo, cy)
    (shared,) = [room.id for room in await house.listing.mine(bo) if not room.restricted]
    await house.membership.join(cy, shared)
    await house.change(shared, Delta(caps=(Cap(bo.account.id, Level.READ, None, 0),)))
    lists = [await house.listing.mine(who) for who in everyone]
    with statements(house.database) as alone:
        await house.listing.mine(ann)
    with statements(house.database) as together:
        again = await asyncio.gather(*(house.listing.mine(who) for who in everyone))
    assert again == lists
    assert [len(own) for own in lists] == [3, 3, 1]
    levels = [{room.id: room.level for room in own}[shared] for own in lists]
    assert levels == ["OWN", "READ", "POST"]
    assert len(together) == len(alone)


class TestUnread:
    """Where history counts from joining."""

    @pytest.fixture
    async def room(self, house: House, ann: Identity, bo: Identity) -> str:
        room = await house.room(ann, history=History.JOINED)
        await house.invite(ann, room, bo)
        return room

    async def of(self, house: House, who: Identity) -> list[int]:
        return [room.unread for room in await house.listing.mine(who)]

    async def test_leaves_out_what_was_said_while_one_could_not_read(
        self, house: House, ann: Identity, bo: Identity, room: str
    ) -> None:
        banned = Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),))
        await house.say(ann, room, "before")
        await house.change(room, banned)
        for text in ("behind", "their", "back"):
            await house.say(ann, room, text)
        assert await self.of(house, bo) == []
        await house.change(room, Delta(uncapped=((bo.account.id, Level.HIDDEN),)))
        await house.say(ann, room, "after")
        assert await self.of(house, bo) == [2]
        assert await self.of(house, ann) == [0]

    async def test_begins_anew_with_coming_back(
        self, house: House, ann: Identity, bo: Identity, room: str
    ) -> None:
        await house.say(ann, room, "before")
        await house.inviting.remove(ann, room, bo.account.id)
        await house.say(ann, room, "meanwhile")
        await house.invite(ann, room, bo)
        assert await self.of(house, bo) == [0]
        await house.say(ann, room, "after")
        assert await self.of(house, bo) == [1]

    async def test_of_one_room_is_not_that_of_another(
        self, house: House, ann: Identity, bo: Identity, room: str
    ) -> None:
        other = await house.room(ann)
        await house.invite(ann, other, bo)
        for number in range(3):
            await house.say(ann, (room, other)[number > 0], str(number))
        await house.reading.read_up_to(bo, other, 3)
        assert {row.id: row.unread for row in await house.listing.mine(bo)} == {room: 1, other: 1}
