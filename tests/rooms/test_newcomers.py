"""Everyone new finds the hall; its first admin owns it."""

from __future__ import annotations

import pytest

from auth.signup import Draft
from core.access import Delta, Preset, Settings, person_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Role
from live.bus import RoomMoved
from rooms.hall import ensure_hall
from storage import rooms
from tests.rooms.house import House


async def hall(house: House) -> str:
    await house.database.write(lambda tx: ensure_hall(tx, "Hall / 大厅"))
    (room,) = await house.read(rooms.awaiting_newcomers)
    return room


async def arrive(house: House, name: str, role: Role) -> Account:
    return await house.signups.sign_up(Draft(name, name, False, "no hash", ""), role)


async def test_the_hall_is_made_once(house: House) -> None:
    room = await hall(house)
    assert await hall(house) == room
    (made,) = await house.entries(room)
    assert (made.kind, made.by, made.people) == (Kind.MADE, None, ())


async def test_no_hall_is_made_where_rooms_are(house: House, ann: Identity) -> None:
    await house.room(ann)
    await house.database.write(lambda tx: ensure_hall(tx, "Hall"))
    assert await house.read(rooms.awaiting_newcomers) == []


async def test_the_first_admin_owns_it_and_the_second_does_not(house: House) -> None:
    room = await hall(house)
    first = await arrive(house, "ada", Role.ADMIN)
    second = await arrive(house, "eve", Role.ADMIN)
    facts = await house.facts(room)
    assert facts.members == {first.id, second.id}
    assert facts.grants[person_subject(first.id)].level is Level.OWN
    assert person_subject(second.id) not in facts.grants


async def test_a_member_who_comes_first_does_not_own_it(house: House) -> None:
    room = await hall(house)
    member = await arrive(house, "dee", Role.MEMBER)
    admin = await arrive(house, "ada", Role.ADMIN)
    facts = await house.facts(room)
    assert facts.members == {member.id, admin.id}
    assert [subject.id for subject in facts.grants if subject.id] == [admin.id]


async def test_guests_do_not_come_into_it(house: House) -> None:
    room = await hall(house)
    await arrive(house, "gil", Role.GUEST)
    assert (await house.facts(room)).members == set()


async def test_a_closed_hall_takes_nobody_in(house: House) -> None:
    room = await hall(house)
    await arrive(house, "ada", Role.ADMIN)
    everyone = next(subject for subject in (await house.facts(room)).grants if not subject.id)
    await house.change(room, Delta(revoked=(everyone,)))
    await arrive(house, "dee", Role.MEMBER)
    assert len((await house.facts(room)).members) == 1


async def test_an_archived_hall_still_takes_in(house: House) -> None:
    room = await hall(house)
    await house.change(room, Delta(settings=Settings(archived=True)))
    dee = await arrive(house, "dee", Role.MEMBER)
    assert (await house.facts(room)).members == {dee.id}


async def test_the_others_are_told(house: House) -> None:
    room = await hall(house)
    house.told.clear()
    await arrive(house, "dee", Role.MEMBER)
    assert house.told == [RoomMoved(room)]


async def test_a_failed_sign_up_leaves_the_hall_as_it_was(house: House) -> None:
    room = await hall(house)
    await arrive(house, "dee", Role.MEMBER)
    before, told = await house.head(room), len(house.told)
    with pytest.raises(ChatError, match="name_taken"):
        await arrive(house, "dee", Role.MEMBER)
    assert await house.head(room) == before
    assert len(house.told) == told


async def test_an_admins_link_leads_into_the_room_and_the_hall(
    house: House, adam: Identity
) -> None:
    waiting = await hall(house)
    room = await house.room(adam)
    made = await house.invitations.make(adam, room, 7, 1)
    account, led_to = await house.sign_up("dee", made.secret)
    assert led_to == room
    dee = await house.log_in(account)
    assert {seen.id for seen in await house.listing.mine(dee)} == {room, waiting}
    assert (await house.facts(room)).grants[person_subject(account.id)].level is Level.POST


async def test_a_guests_link_leads_into_the_room_only(house: House, ann: Identity) -> None:
    await hall(house)
    room = await house.room(ann, preset=Preset.PRIVATE)
    made = await house.invitations.make(ann, room, 7, 1)
    account, _ = await house.sign_up("gil", made.secret)
    gil = await house.log_in(account)
    assert [seen.id for seen in await house.listing.mine(gil)] == [room]
