"""Ends that come by themselves, rooms left without an owner, and what admins see of accounts."""

from __future__ import annotations

import pytest

from core.access import Delta, Grant, Preset, person_subject
from core.clock import DAY
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role, State
from live.bus import SessionsEnded
from storage import accounts, labels
from tests.rooms.house import House
from tests.rooms.refusals import refusal
from tests.rooms.test_accounts import ACTS, lines, state

# --- rooms without an owner ----------------------------------------------------------------------


@pytest.mark.parametrize("act", ["suspend", "delete"])
async def test_it_succeeds_and_names_the_rooms_that_it_leaves_ownerless(
    house: House, adam: Identity, ann: Identity, bo: Identity, cy: Identity, act: str
) -> None:
    alone, shared, with_suspended, cys = [await house.room(bo) for _ in range(4)]
    await house.invite(bo, shared, cy, level=Level.OWN)
    eve = await house.person("eve")
    await house.invite(bo, with_suspended, eve, level=Level.OWN)
    await house.keeping.suspend(adam, eve.account.id)
    await house.invite(bo, cys, cy, level=Level.OWN)
    await house.membership.leave(bo, cys)
    ends = Grant(person_subject(ann.account.id), Level.OWN, None, 0, until=house.clock.ms + DAY)
    await house.change(alone, Delta(grants=(ends,)))
    left = await ACTS[act](house, adam, bo.account.id)
    assert isinstance(left, list)
    assert {room.id for room in left} == {alone, with_suspended}
    assert {room.name for room in left} == {"Kitchen"}
    assert await house.keeping.ownerless(adam) == left
    await house.keeping.restore(adam, eve.account.id)
    assert {room.id for room in await house.keeping.ownerless(adam)} == {alone}
    assert await refusal(house.keeping.ownerless(cy)) == "not_found"


async def test_nobody_is_told_to_ask_an_owner_who_cannot_log_in(
    house: House, adam: Identity, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.LISTED)
    await house.invite(ann, room, bo, level=Level.OWN)
    await house.keeping.suspend(adam, ann.account.id)
    (seen,) = await house.listing.directory(cy)
    assert [owner.nickname for owner in seen.owners] == ["bo"]


# --- what comes to its end by itself -------------------------------------------------------------


async def guest_until_tomorrow(house: House, adam: Identity, ann: Identity, gus: Identity) -> str:
    room = await house.room(ann)
    await house.invite(ann, room, gus)
    await house.keeping.set_end(adam, gus.account.id, 1)
    return room


async def test_a_guests_end_is_an_entry_before_whatever_follows(
    house: House, adam: Identity, ann: Identity, gus: Identity
) -> None:
    room = await guest_until_tomorrow(house, adam, ann, gus)
    assert (await house.head(room)).next_expiry == house.clock.ms + DAY
    house.clock.ms += DAY - 1
    await house.say(gus, room, "the last second")
    house.clock.ms += 1
    assert await refusal(house.say(gus, room, "too late")) == "not_signed_in"
    await house.say(ann, room, "without Gus")
    said, over, after = (await house.entries(room))[-3:]
    assert (said.text, over.kind, after.text) == ("the last second", Kind.EXPIRED, "without Gus")
    assert over.by is None
    line = (await lines(house, gus))[-1]
    assert (line.change.kind, line.change.by, line.seqs) == ("ended", None, {room: over.seq})
    assert await state(house, gus) is State.SUSPENDED


async def test_restored_after_its_end_it_has_none(
    house: House, adam: Identity, ann: Identity, gus: Identity
) -> None:
    """Also with the clock set back: the room's own time counts, or the next entry would end it."""
    room = await guest_until_tomorrow(house, adam, ann, gus)
    house.clock.ms += 2 * DAY
    await house.say(ann, room, "the day after")
    house.clock.ms -= 2 * DAY
    await house.keeping.restore(adam, gus.account.id)
    back = await house.log_in(gus.account)
    await house.say(back, room, "here again")
    assert (await house.keeping.look(adam, gus.account.id)).account.until is None
    assert (await house.head(room)).next_expiry is None


async def test_a_new_end_counts_from_the_rooms_time_if_the_clock_was_set_back(
    house: House, adam: Identity, ann: Identity, gus: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, gus)
    house.clock.ms += 5 * DAY
    await house.say(ann, room, "five days on")
    house.clock.ms -= 5 * DAY
    await house.keeping.set_end(adam, gus.account.id, 1)
    await house.say(gus, room, "still a day to go")
    assert (await house.head(room)).next_expiry == house.clock.ms + 6 * DAY


async def test_an_end_yet_to_come_outlasts_a_suspension(
    house: House, adam: Identity, ann: Identity, gus: Identity
) -> None:
    room = await guest_until_tomorrow(house, adam, ann, gus)
    ends = (await house.head(room)).next_expiry
    await house.keeping.suspend(adam, gus.account.id)
    assert (await house.head(room)).next_expiry is None, "it cannot end twice"
    await house.keeping.restore(adam, gus.account.id)
    assert (await house.head(room)).next_expiry == ends
    await house.keeping.set_end(adam, gus.account.id, None)
    assert (await house.head(room)).next_expiry is None


async def test_a_guest_who_becomes_a_member_stays(
    house: House, adam: Identity, ann: Identity, gus: Identity
) -> None:
    room = await guest_until_tomorrow(house, adam, ann, gus)
    await house.keeping.change_role(adam, gus.account.id, Role.MEMBER)
    house.clock.ms += 2 * DAY
    await house.say(gus, room, "for good")


async def test_a_member_who_becomes_a_guest_loses_what_all_members_have(
    house: House, adam: Identity, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(bo, room)
    await house.keeping.change_role(adam, bo.account.id, Role.GUEST, "left the team")
    assert await refusal(house.say(bo, room, "still here?")) == "not_found"
    assert (await lines(house, bo))[-1].change.why == "left the team"


# --- log-ins and looking -------------------------------------------------------------------------


async def test_admins_end_log_ins_of_others_and_not_the_one_they_use(
    house: House, adam: Identity, bo: Identity
) -> None:
    ended: list[str] = []
    house.bus.on(SessionsEnded, lambda notice: ended.extend(notice.sessions))
    another, more = await house.another_login(bo), await house.another_login(bo)
    await house.keeping.end_session(adam, bo.account.id, adam.session.id)
    assert ended == [], "it is not Bo's"
    await house.keeping.end_session(adam, bo.account.id, another.session.id)
    assert ended == [another.session.id]
    await house.keeping.end_sessions(adam, bo.account.id)
    assert set(ended) == {another.session.id, bo.session.id, more.session.id}
    elsewhere = await house.another_login(adam)
    await house.keeping.end_sessions(adam, adam.account.id)
    assert ended[-1] == elsewhere.session.id
    assert (await house.keeping.look(adam, adam.account.id)).sessions == [adam.session]


async def test_an_admin_sees_how_many_rooms_and_not_which(
    house: House, adam: Identity, ann: Identity, bo: Identity
) -> None:
    for _ in range(2):
        await house.invite(ann, await house.room(ann), bo)
    await house.keeping.suspend(adam, bo.account.id, "noise")
    seen = await house.keeping.look(adam, bo.account.id)
    assert (seen.numbers.rooms, seen.numbers.direct) == (2, 0)
    assert (seen.by, seen.why, seen.since) == ("adam", "noise", house.clock.ms)
    assert seen.ownerless == []
    await house.keeping.change_role(adam, bo.account.id, Role.GUEST, "later")
    assert (await house.keeping.look(adam, bo.account.id)).why == "noise"


async def test_labels_in_use_are_those_of_people_who_are_here(
    house: House, ann: Identity, adam: Identity
) -> None:
    """Who waits to be let in is found by nobody, and so not invited."""
    await house.database.write(lambda tx: accounts.set_state(tx, ann.account.id, State.PENDING))
    room = await house.room(adam)
    told = await refusal(house.inviting.invite_by_nickname(adam, room, "ann", Level.READ))
    assert told == "person_not_found"
    assert not await house.read(lambda tx: labels.is_free(tx, "nickname", ["!ann"]))
