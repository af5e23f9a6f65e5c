"""Direct rooms: two people, and nobody and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from api.framing import entry_frame
from auth.throttle import Limiter, Rate
from core.access import Delta, Grant, Preset, Settings, person_subject
from core.errors import ChatError
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role, State
from live.bus import RoomMoved, RoomsChanged
from rooms.changes import Changes
from rooms.crowding import MOST_ROOMS
from rooms.direct import DirectRooms
from rooms.ledger import open_room
from rooms.own_rooms import Room
from storage import accounts, direct
from storage.engine import Tx
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def direct_room(house: House, one: Identity, other: Identity) -> str:
    return (await house.direct.open(one, other.account.id)).room


async def in_list(house: House, who: Identity, room: str) -> Room | None:
    return next((own for own in await house.listing.mine(who) if own.id == room), None)


# --- opening -------------------------------------------------------------------------------------


async def test_the_same_two_have_the_same_room(house: House, ann: Identity, bo: Identity) -> None:
    first = await house.direct.open(ann, bo.account.id)
    again = await house.direct.open_by_nickname(ann, "@Bo")
    theirs = await house.direct.open_by_nickname(bo, "ann")
    assert (first.made, again.made, theirs.made) == (True, False, False)
    assert first.room == again.room == theirs.room


async def test_two_openings_at_once_make_one(house: House, ann: Identity, bo: Identity) -> None:
    openings = await asyncio.gather(
        *(house.direct.open(ann, bo.account.id) for _ in range(5)),
        *(house.direct.open(bo, ann.account.id) for _ in range(5)),
    )
    assert len({opening.room for opening in openings}) == 1
    assert sum(opening.made for opening in openings) == 1


async def test_each_may_post_and_neither_may_more(
    house: House, ann: Identity, bo: Identity
) -> None:
    facts = await house.facts(await direct_room(house, ann, bo))
    given = {subject.id: grant.level for subject, grant in facts.grants.items()}
    assert given == {ann.account.id: Level.POST, bo.account.id: Level.POST}


async def test_each_sees_it_under_the_other_one(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "hello")
    for who, other in ((ann, bo), (bo, ann)):
        seen = await in_list(house, who, room)
        assert seen is not None
        assert seen.peer is not None
        assert (seen.name, seen.preset) == ("", "direct")
        assert seen.peer.nickname == other.account.nickname
        assert not seen.leaving_gives_up


async def test_the_other_one_gets_it_with_the_first_message(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await direct_room(house, ann, bo)
    assert await in_list(house, ann, room)
    assert not await in_list(house, bo, room)
    await house.say(ann, room, "hello")
    seen = await in_list(house, bo, room)
    assert seen is not None
    assert seen.unread == 1


async def test_until_then_the_other_one_is_told_nothing(
    house: House, ann: Identity, bo: Identity
) -> None:
    await direct_room(house, ann, bo)
    assert RoomsChanged(frozenset({ann.account.id})) in house.told
    told = [notice.people for notice in house.told if isinstance(notice, RoomsChanged)]
    assert not any(bo.account.id in people for people in told)


async def test_nobody_writes_to_themself(house: House, ann: Identity) -> None:
    assert await refusal(house.direct.open(ann, ann.account.id)) == "direct_self"


async def test_who_is_not_there_is_not_found(house: House, ann: Identity) -> None:
    assert await refusal(house.direct.open(ann, new_id())) == "person_not_found"
    assert await refusal(house.direct.open_by_nickname(ann, "nobody")) == "person_not_found"


async def test_openings_are_counted(house: House, ann: Identity, bo: Identity) -> None:
    strict = Limiter(Rate(2, 60), house.clock)
    rooms = DirectRooms(Changes(house.database, house.bus), strict, "members")
    answers = [await refusal(rooms.open(ann, bo.account.id)) for _ in range(3)]
    assert answers == [None, None, "too_many_requests"]


async def test_who_is_in_too_many_rooms_opens_none(
    house: House, ann: Identity, bo: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.room(ann)
    monkeypatch.setattr("rooms.crowding.MOST_ROOMS", 1)
    assert MOST_ROOMS > 1
    assert await refusal(house.direct.open(ann, bo.account.id)) == "too_many_rooms"
    assert (await house.direct.open(bo, ann.account.id)).made


async def test_a_token_that_only_reads_opens_none(
    house: House, ann: Identity, bo: Identity
) -> None:
    reader = await house.another_login(ann, Level.READ)
    assert await refusal(house.direct.open(reader, bo.account.id)) == "not_allowed"


# --- closed --------------------------------------------------------------------------------------

Act = Callable[[House, Identity, Identity, str], Awaitable[object]]
CLOSED: dict[str, Act] = {
    "invite": lambda house, ann, cy, room: house.inviting.invite(
        ann, room, cy.account.id, Level.READ
    ),
    "remove": lambda house, ann, cy, room: house.inviting.remove(ann, room, cy.account.id),
    "link": lambda house, ann, cy, room: house.invitations.make(ann, room, 7, 1),
    "links": lambda house, ann, cy, room: house.invitations.working(ann, room),
    "name": lambda house, ann, cy, room: house.making.describe(ann, room, "Ours", None),
    "topic": lambda house, ann, cy, room: house.making.describe(ann, room, None, "us"),
}


@pytest.mark.parametrize("name", CLOSED)
async def test_neither_changes_who_is_in_it(
    house: House, ann: Identity, bo: Identity, cy: Identity, name: str
) -> None:
    room = await direct_room(house, ann, bo)
    head = await house.head(room)
    for who in (ann, bo):
        assert await refusal(CLOSED[name](house, who, cy, room)) == "not_allowed"
    assert await refusal(CLOSED[name](house, cy, cy, room)) == "not_found"
    assert await house.head(room) == head


@pytest.mark.parametrize(
    "delta",
    [
        Delta(grants=(Grant(person_subject("x"), Level.READ, None, 0),)),
        Delta(settings=Settings(archived=True)),
        Delta(settings=Settings(name="Ours")),
        Delta(settings=Settings(deleted=True)),
    ],
)
async def test_no_other_hand_does_either(
    house: House, ann: Identity, bo: Identity, delta: Delta
) -> None:
    """Breaking the glass, defaults, commands in bulk: the log itself does not take it."""
    room = await direct_room(house, ann, bo)
    assert await refusal(house.change(room, delta)) == "access_closed"


async def test_third_persons_hear_nothing_of_it(
    house: House, ann: Identity, bo: Identity, cy: Identity, adam: Identity
) -> None:
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "hello")
    for who in (cy, adam):
        assert await refusal(house.pages.before(who, room, None, 10)) == "not_found"
        assert await refusal(house.occupancy.of(who, room)) == "not_found"
        assert not await in_list(house, who, room)
    for who in (ann, bo, cy, adam):
        assert await house.listing.directory(who) == []


async def test_default_grants_are_not_for_direct_rooms(
    house: House, ann: Identity, bo: Identity
) -> None:
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql("INSERT INTO default_grants VALUES ('everyone', '', 3)")
    )
    assert len((await house.facts(await direct_room(house, ann, bo))).grants) == 2


# --- hiding --------------------------------------------------------------------------------------


async def test_hiding_gives_nothing_up(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    await house.membership.leave(ann, room)
    assert not await in_list(house, ann, room)
    assert person_subject(ann.account.id) in (await house.facts(room)).grants


@pytest.mark.parametrize("writer", ["ann", "bo"])
async def test_it_comes_back_when_either_writes(
    house: House, ann: Identity, bo: Identity, writer: str
) -> None:
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "hello")
    await house.membership.leave(ann, room)
    house.told.clear()
    kept = await house.say({"ann": ann, "bo": bo}[writer], room, "are you there?")
    seen = await in_list(house, ann, room)
    assert seen is not None
    assert seen.unread == (1 if writer == "bo" else 0)
    back, post = (await house.entries(room))[-2:]
    assert (back.kind, back.people[0].id, post.seq) == (Kind.QUIET, ann.account.id, kept.seq)
    assert [entry.seq for told in house.told if isinstance(told, RoomMoved)
            for entry in told.entries] == [back.seq, post.seq]  # fmt: skip
    assert RoomsChanged(frozenset({ann.account.id})) in house.told


async def test_many_posts_at_once_bring_it_back_once(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await direct_room(house, ann, bo)
    await asyncio.gather(*(house.say(ann, room, str(number)) for number in range(20)))
    entries = await house.entries(room)
    assert [entry.kind for entry in entries[:3]] == [Kind.MADE, Kind.QUIET, Kind.POST]
    assert [entry.seq for entry in entries] == list(range(1, 23))
    seen = await in_list(house, bo, room)
    assert seen is not None
    assert seen.unread == 20


async def test_a_refused_post_does_not_bring_it_back(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await direct_room(house, ann, bo)
    await house.blocking.block(bo, ann.account.id)
    assert await refusal(house.say(ann, room, "hello")) == "post_not_allowed"
    assert not await in_list(house, bo, room)


@pytest.mark.parametrize("way", ["open", "join"])
async def test_one_takes_it_back_oneself(
    house: House, ann: Identity, bo: Identity, way: str
) -> None:
    room = await direct_room(house, ann, bo)
    await house.membership.leave(ann, room)
    if way == "open":
        await house.direct.open(ann, bo.account.id)
    else:
        await house.membership.join(ann, room)
    assert await in_list(house, ann, room)


async def test_the_other_one_is_not_told(house: House, ann: Identity, bo: Identity) -> None:
    """Neither of hiding, nor of a block: what stands in the log has no face."""
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "hello")
    await house.membership.leave(ann, room)
    people = {row.nickname: row.member for row in (await house.occupancy.of(bo, room)).people}
    await house.membership.join(ann, room)
    before = await house.occupancy.of(bo, room)
    await house.blocking.block(ann, bo.account.id)
    during = await house.occupancy.of(bo, room)
    await house.blocking.unblock(ann, bo.account.id)
    faces = [entry_frame(entry) for entry in (await house.entries(room))[3:]]
    assert people == {"ann": True, "bo": True}
    assert (during.changed_at, during.changed_by) == (before.changed_at, before.changed_by)
    assert [face.kind for face in faces] == ["withheld"] * 4
    assert not any(face.by or face.people for face in faces)


# --- blocks --------------------------------------------------------------------------------------


async def test_whom_one_blocks_can_only_read(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    await house.say(bo, room, "hello")
    await house.blocking.block(ann, bo.account.id)
    await house.blocking.block(ann, bo.account.id)
    assert await refusal(house.say(bo, room, "hello?")) == "post_not_allowed"
    assert len((await house.pages.before(bo, room, None, 10)).entries) == 4
    mine, theirs = await in_list(house, ann, room), await in_list(house, bo, room)
    assert mine is not None
    assert theirs is not None
    assert (mine.blocked, mine.may.post) == (True, True)
    assert (theirs.blocked, theirs.may.post) == (False, False)
    await house.blocking.unblock(ann, bo.account.id)
    await house.say(bo, room, "thank you")


async def test_a_block_tells_both_lists(house: House, ann: Identity, bo: Identity) -> None:
    await direct_room(house, ann, bo)
    house.told.clear()
    await house.blocking.block(ann, bo.account.id)
    assert RoomsChanged(frozenset({ann.account.id, bo.account.id})) in house.told


async def test_without_a_room_the_blocked_one_begins_none(
    house: House, ann: Identity, bo: Identity
) -> None:
    await house.blocking.block(ann, bo.account.id)
    assert await refusal(house.direct.open(bo, ann.account.id)) == "direct_refused"


async def test_who_blocks_may_begin_and_the_block_is_there(
    house: House, ann: Identity, bo: Identity
) -> None:
    await house.blocking.block(ann, bo.account.id)
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "one thing")
    assert await refusal(house.say(bo, room, "what?")) == "post_not_allowed"
    await house.blocking.unblock(ann, bo.account.id)
    await house.say(bo, room, "what?")


async def test_each_blocks_for_themself(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    await house.blocking.block(ann, bo.account.id)
    await house.blocking.block(bo, ann.account.id)
    await house.blocking.unblock(bo, ann.account.id)
    assert await refusal(house.say(bo, room, "hello")) == "post_not_allowed"
    await house.say(ann, room, "hello")


async def test_one_does_not_block_oneself_nor_nobody(house: House, ann: Identity) -> None:
    assert await refusal(house.blocking.block(ann, ann.account.id)) == "not_yourself"
    assert await refusal(house.blocking.block(ann, new_id())) == "person_not_found"


# --- guests --------------------------------------------------------------------------------------


async def test_guests_find_only_whom_they_share_a_room_with(
    house: House, ann: Identity, bo: Identity, gus: Identity
) -> None:
    house.direct._by = "everyone"
    await house.invite(ann, await house.room(ann), gus)
    for other, answer in ((ann, None), (bo, "person_not_found")):
        assert await refusal(house.direct.open(gus, other.account.id)) == answer
        assert await refusal(house.direct.open_by_nickname(gus, other.account.nickname)) == answer
        assert await refusal(house.blocking.block(gus, other.account.id)) == answer


async def test_a_guest_finds_whom_they_have_a_direct_room_with(
    house: House, ann: Identity, gus: Identity
) -> None:
    room = await direct_room(house, ann, gus)
    assert (await house.direct.open(gus, ann.account.id)) == (room, False)


# --- what goes on --------------------------------------------------------------------------------


async def test_suspended_and_back(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    await house.say(ann, room, "hello")

    def suspend(tx: Tx) -> None:
        accounts.set_state(tx, bo.account.id, State.SUSPENDED)

    await house.database.write(suspend)
    assert (await house.direct.open(ann, bo.account.id)).room == room
    await house.say(ann, room, "are you there?")


async def test_the_key_is_unique(house: House, ann: Identity, bo: Identity) -> None:
    room = await direct_room(house, ann, bo)
    other = await house.room(ann, preset=Preset.OPEN)
    with pytest.raises(ChatError):
        await house.database.write(
            lambda tx: tx.conn.exec_driver_sql(
                "UPDATE rooms SET direct = ? WHERE id = ?",
                (direct.key_of((ann.account.id, bo.account.id)), other),
            )
        )
    assert await house.read(lambda tx: direct.room_of(tx, (bo.account.id, ann.account.id))) == room


async def test_a_guest_role_is_no_bar_to_an_old_room(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await direct_room(house, bo, ann)
    await house.database.write(lambda tx: accounts.set_role(tx, bo.account.id, Role.GUEST))
    await house.say(bo, room, "hello")
    assert await house.database.write(lambda tx: open_room(tx, room).facts.direct)
