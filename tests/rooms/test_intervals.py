"""Where history counts from joining: one may read the intervals of one's membership, no more."""

from __future__ import annotations

import pytest

from core.access import EVERYONE, Cap, Delta, Grant, History, Preset, Settings
from core.levels import Level
from core.log import Kind, Span
from core.records import Identity
from tests.rooms.house import House


@pytest.fixture
async def room(house: House, ann: Identity) -> str:
    """Open to everyone, history since joining; ann's first message is 2."""
    room = await house.room(ann, preset=Preset.OPEN, history=History.JOINED)
    await house.say(ann, room, "before")
    return room


async def texts(house: House, who: Identity, room: str) -> list[str]:
    page = await house.pages.before(who, room, None, 200)
    return [entry.text for entry in page.entries if entry.text is not None]


async def test_one_reads_from_ones_joining_on(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.membership.join(bo, room)
    await house.say(ann, room, "since")
    assert await texts(house, bo, room) == ["since"]
    assert await texts(house, ann, room) == ["before", "since"]


async def test_who_may_read_but_did_not_join_reads_nothing(
    house: House, bo: Identity, room: str
) -> None:
    page = await house.pages.before(bo, room, None, 50)
    assert (page.entries, page.start, page.end) == ((), True, True)


async def test_out_and_back_in_does_not_open_the_time_between(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.membership.join(bo, room)
    await house.say(ann, room, "one")
    await house.membership.leave(bo, room)
    await house.say(ann, room, "behind their back")
    await house.membership.join(bo, room)
    await house.say(ann, room, "two")
    assert await texts(house, bo, room) == ["one", "two"]
    assert await house.spans(room, bo) == [Span(3, 5), Span(7, None)]


async def test_the_last_thing_seen_is_ones_own_leaving(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.membership.join(bo, room)
    await house.inviting.remove(ann, room, bo.account.id)
    await house.say(ann, room, "gone")
    page = await house.pages.before(bo, room, None, 50)
    assert [entry.kind for entry in page.entries] == [Kind.JOINED, Kind.REMOVED]


async def test_a_ban_ends_the_interval_and_its_lifting_begins_another(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.membership.join(bo, room)
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),)))
    await house.say(ann, room, "about them")
    await house.change(room, Delta(uncapped=((bo.account.id, Level.HIDDEN),)))
    await house.say(ann, room, "to them")
    assert await house.spans(room, bo) == [Span(3, 4), Span(6, None)]
    assert await texts(house, bo, room) == ["to them"]


async def test_a_mute_does_not_end_it(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.membership.join(bo, room)
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.READ, None, 0),)))
    await house.say(ann, room, "quiet")
    assert await house.spans(room, bo) == [Span(3, None)]


async def test_closing_the_room_to_everyone_ends_everyones(
    house: House, ann: Identity, bo: Identity, cy: Identity, room: str
) -> None:
    for who in (bo, cy):
        await house.membership.join(who, room)
    await house.change(room, Delta(revoked=(EVERYONE,)))
    await house.say(ann, room, "alone")
    await house.change(room, Delta(grants=(Grant(EVERYONE, Level.READ, None, 0),)))
    for who, joined in ((bo, 3), (cy, 4)):
        assert await house.spans(room, who) == [Span(joined, 5), Span(7, None)]
    assert await house.spans(room, ann) == [Span(1, None)]


async def test_counts_are_of_what_one_may_read(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    """What was said while someone was banned is not counted for them either."""
    await house.membership.join(bo, room)
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),)))
    for _ in range(5):
        await house.say(ann, room, "about them")
    await house.change(room, Delta(uncapped=((bo.account.id, Level.HIDDEN),)))
    await house.say(ann, room, "to them")
    (seen,) = await house.listing.mine(bo)
    assert seen.unread == 1


async def test_pages_around_a_hole_step_over_it(
    house: House, ann: Identity, bo: Identity, room: str
) -> None:
    await house.membership.join(bo, room)
    await house.membership.leave(bo, room)
    for number in range(10):
        await house.say(ann, room, f"unseen {number}")
    await house.membership.join(bo, room)
    await house.say(ann, room, "seen")
    assert [e.seq for e in (await house.pages.before(bo, room, 15, 2)).entries] == [4, 3][::-1]
    assert [e.seq for e in (await house.pages.after(bo, room, 3, 2)).entries] == [4, 15]
    around = await house.pages.around(bo, room, 9, 4)
    assert [e.seq for e in around.entries] == [3, 4, 15, 16]


async def test_the_hub_gets_the_same_intervals(house: House, bo: Identity, room: str) -> None:
    await house.membership.join(bo, room)
    await house.membership.leave(bo, room)
    await house.membership.join(bo, room)
    snapshot = await house.hearing.snapshot(room, bo.session.id, whole=False)
    assert snapshot is not None
    assert snapshot.spans == (Span(3, 4), Span(5, None))


async def test_there_are_no_intervals_where_all_may_be_read(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.say(ann, room, "before")
    await house.membership.join(bo, room)
    assert await house.spans(room, bo) == []
    assert await texts(house, bo, room) == ["before"]


async def test_counting_from_joining_can_be_begun_later(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(bo, room)
    await house.say(ann, room, "open")
    await house.change(room, Delta(settings=Settings(history=History.JOINED)))
    await house.say(ann, room, "then")
    assert await house.spans(room, bo) == [Span(1, None)], "what they could read, they can"
    assert await texts(house, bo, room) == ["open", "then"]
    await house.membership.join(cy, room)
    assert await texts(house, cy, room) == []


async def test_counting_from_joining_can_be_ended_without_opening_what_was(
    house: House, ann: Identity, bo: Identity, cy: Identity, room: str
) -> None:
    await house.say(ann, room, "closed")
    await house.membership.join(bo, room)
    await house.say(ann, room, "heard")
    head = (await house.head(room)).seq + 1
    await house.change(room, Delta(settings=Settings(history=History.ALL, open_from=head)))
    await house.membership.leave(bo, room)
    await house.say(ann, room, "open")
    assert await texts(house, cy, room) == ["open"], "they need not join any more"
    assert await texts(house, bo, room) == ["heard", "open"]
    (seen,) = await house.listing.mine(ann)
    assert seen.unread == 0
    await house.membership.join(cy, room)
    await house.change(room, Delta(settings=Settings(open_from=0)))
    assert (await texts(house, cy, room))[-3:] == ["closed", "heard", "open"]
