"""Reading marks: forward only, never past the head, only for members."""

from __future__ import annotations

import asyncio

import pytest

from core.access import EVERYONE, Delta, Preset
from core.ids import new_id
from core.records import Identity
from live.bus import ReadMoved
from messages.reading import CROWD
from tests.rooms.house import House


async def mark(house: House, who: Identity, room: str) -> int:
    return (await house.listing.one(who, room)).read_seq


async def spoken(house: House, ann: Identity, bo: Identity) -> str:
    """Entries 1 to 7; bo came with 2."""
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    for number in range(5):
        await house.say(ann, room, str(number))
    house.told.clear()
    return room


async def test_whoever_comes_has_read_what_was_before(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await spoken(house, ann, bo)
    assert await mark(house, bo, room) == 2


async def test_marks_move_forward_only(house: House, ann: Identity, bo: Identity) -> None:
    room = await spoken(house, ann, bo)
    for seq, expected in ((5, 5), (3, 5), (5, 5), (7, 7), (0, 7)):
        await house.reading.read_up_to(bo, room, seq)
        assert await mark(house, bo, room) == expected


async def test_marks_do_not_pass_the_head(house: House, ann: Identity, bo: Identity) -> None:
    room = await spoken(house, ann, bo)
    await house.reading.read_up_to(bo, room, 8)
    assert await mark(house, bo, room) == 2


async def test_only_members_have_one(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.reading.read_up_to(cy, room, 1)
    await house.reading.read_up_to(cy, new_id(), 1)
    assert not [notice for notice in house.told if isinstance(notice, ReadMoved)]


async def test_marks_are_each_persons_own(house: House, ann: Identity, bo: Identity) -> None:
    room = await spoken(house, ann, bo)
    await house.reading.read_up_to(bo, room, 7)
    assert await mark(house, ann, room) == 1


async def test_ones_other_windows_are_told_of_what_moved(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await spoken(house, ann, bo)
    for seq in (5, 3, 99):
        await house.reading.read_up_to(bo, room, seq)
    assert house.told == [ReadMoved(bo.account.id, room, 5)]


async def test_many_at_once(house: House, ann: Identity, bo: Identity) -> None:
    room = await spoken(house, ann, bo)
    marks = [house.reading.read_up_to(who, room, seq) for seq in (3, 7, 5) for who in (ann, bo)]
    await asyncio.gather(*marks)
    await house.reading.drain()
    assert [await mark(house, who, room) for who in (ann, bo)] == [7, 7]


async def test_leaving_and_coming_back_begins_anew(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    await house.membership.leave(cy, room)
    await house.say(ann, room, "unheard")
    await house.membership.join(cy, room)
    assert await mark(house, cy, room) == 5


@pytest.mark.parametrize("crowd", [0, CROWD])
async def test_who_may_not_read_any_more_is_not_told_how_long_the_log_is(
    house: House, ann: Identity, bo: Identity, cy: Identity, crowd: int
) -> None:
    """Whoever came in with everyone stays a member when everyone's grant is gone."""
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(bo, room)
    await house.change(room, Delta(revoked=(EVERYONE,)))
    await house.say(ann, room, "hidden")
    head = await house.head(room)
    house.told.clear()
    marks = [house.reading.read_up_to(bo, room, head.seq)]
    marks += [house.reading.read_up_to(await house.person(f"p{n}"), room, 1) for n in range(crowd)]
    await asyncio.gather(*marks)
    assert [notice for notice in house.told if isinstance(notice, ReadMoved)] == []
    await house.reading.read_up_to(ann, room, head.seq)
    assert ReadMoved(ann.account.id, room, head.seq) in house.told
