"""Joining and leaving: one's list and one's rights are two things."""

import pytest

from core.access import EVERYONE, Cap, Delta, Grant, Preset, person_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity
from live.bus import RoomMoved, RoomsChanged
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def test_a_stranger_joins_an_open_room(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    last = (await house.entries(room))[-1]
    assert (last.kind, last.by and last.by.nickname) == (Kind.JOINED, "cy")
    assert cy.account.id in (await house.facts(room)).members
    assert person_subject(cy.account.id) not in (await house.facts(room)).grants


async def test_joining_twice_is_joining_once(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    before = await house.head(room)
    house.told.clear()
    await house.membership.join(cy, room)
    assert await house.head(room) == before
    assert house.told == []


@pytest.mark.parametrize("preset", [Preset.LISTED])
async def test_a_room_that_one_may_only_see_is_not_joined(
    house: House, ann: Identity, cy: Identity, preset: Preset
) -> None:
    room = await house.room(ann, preset=preset)
    assert await refusal(house.membership.join(cy, room)) == "not_allowed"


async def test_everyone_does_not_bring_guests_in(
    house: House, ann: Identity, gus: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    assert await refusal(house.membership.join(gus, room)) == "not_found"
    await house.invite(ann, room, gus)
    assert gus.account.id in (await house.facts(room)).members


async def test_leaving_gives_the_personal_grant_up(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    assert person_subject(bo.account.id) in (await house.facts(room)).grants
    await house.membership.leave(bo, room)
    facts = await house.facts(room)
    assert bo.account.id not in facts.members
    assert person_subject(bo.account.id) not in facts.grants
    assert await refusal(house.membership.join(bo, room)) == "not_found"


async def test_one_can_come_back_to_where_everyone_may_go(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    for _ in range(3):
        await house.membership.join(cy, room)
        await house.membership.leave(cy, room)
    kinds = [entry.kind for entry in await house.entries(room)]
    assert kinds == [Kind.MADE, *[Kind.JOINED, Kind.LEFT] * 3]


async def test_only_members_leave(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    assert await refusal(house.membership.leave(cy, room)) == "not_member"


async def test_the_last_owner_cannot_leave(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    assert await refusal(house.membership.leave(ann, room)) == "last_owner"
    assert ann.account.id in (await house.facts(room)).members
    await house.invite(ann, room, bo, level=Level.OWN)
    await house.membership.leave(ann, room)
    assert await refusal(house.membership.leave(bo, room)) == "last_owner"


async def test_an_owner_for_a_while_does_not_count(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    brief = Grant(person_subject(bo.account.id), Level.OWN, None, 0, until=house.clock.ms + 1)
    await house.change(room, Delta(grants=(brief,), joined=(bo.account.id,)))
    assert await refusal(house.membership.leave(ann, room)) == "last_owner"


async def test_a_ban_survives_leaving(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    await house.membership.leave(cy, room)
    await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)), ann)
    assert await refusal(house.membership.join(cy, room)) == "not_found"
    await house.change(room, Delta(uncapped=((cy.account.id, Level.HIDDEN),)), ann)
    await house.membership.join(cy, room)


async def test_others_are_told_after_the_commit(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    house.told.clear()
    await house.membership.join(cy, room)
    moved, changed = house.told
    assert isinstance(moved, RoomMoved) and isinstance(changed, RoomsChanged)
    assert list(moved.entries) == (await house.entries(room))[-1:]
    assert changed.people == {cy.account.id}


async def test_nobody_is_told_of_what_was_not_committed(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await house.room(ann)
    house.told.clear()
    with pytest.raises(ChatError):
        await house.membership.leave(ann, room)
    assert house.told == []


async def test_everyones_grant_is_nobodys_to_give_up(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    await house.membership.leave(cy, room)
    assert EVERYONE in (await house.facts(room)).grants
