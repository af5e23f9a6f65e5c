"""What has an end, ends by an entry: in its own time, before anything that comes later."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.access import Cap, Delta, group_subject, person_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Entry, Kind
from core.records import Identity, Person, Role, State
from live.bus import RoomMoved, SessionsEnded
from rooms.granting import BAN, MUTE
from rooms.standing import put_in_group
from rooms.wishes import CapWish, GrantWish, SettingsWish, Wish
from storage import accounts, groups, log, people
from storage.engine import Tx
from storage.groups import Group
from tests.rooms.house import House
from tests.rooms.refusals import refusal

HOUR = 3_600_000


async def lend(house: House, ann: Identity, room: str, who: Identity, level: Level) -> None:
    """A grant for an hour."""
    grant = GrantWish(person_subject(who.account.id), level, house.clock.ms + HOUR)
    await house.changing.save(ann, room, Wish(grants=(grant,)))


async def kinds(house: House, room: str) -> list[Kind]:
    return [entry.kind for entry in await house.entries(room)]


async def test_a_grant_ends_before_the_post_that_comes_too_late(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await lend(house, ann, room, bo, Level.POST)
    house.clock.ms += HOUR - 1
    await house.say(bo, room, "in time")
    house.clock.ms += 1
    assert await refusal(house.say(bo, room, "too late")) == "not_found"
    assert (await kinds(house, room))[-2:] == [Kind.POST, Kind.EXPIRED]
    last = (await house.entries(room))[-1]
    assert (last.by, [person.nickname for person in last.people]) == (None, ["bo"])
    assert person_subject(bo.account.id) not in (await house.facts(room)).grants
    assert (await house.head(room)).next_expiry is None


async def test_nothing_that_is_as_late_comes_before_it(
    house: House, ann: Identity, bo: Identity
) -> None:
    """Also what others write: no entry at or after the end precedes the entry that says so."""
    room = await house.room(ann)
    await lend(house, ann, room, bo, Level.POST)
    house.clock.ms += HOUR
    until = house.clock.ms
    await house.say(ann, room, "hello")
    entries = await house.entries(room)
    expired = next(entry.seq for entry in entries if entry.kind is Kind.EXPIRED)
    assert all(entry.seq >= expired for entry in entries if entry.at >= until)


@pytest.mark.parametrize(("level", "kind"), [(MUTE, Kind.MUTED), (BAN, Kind.BANNED)])
async def test_a_mute_and_a_ban_end_too(
    house: House, ann: Identity, bo: Identity, level: Level, kind: Kind
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    cap = CapWish(bo.account.id, level, until=house.clock.ms + HOUR)
    await house.changing.save(ann, room, Wish(caps=(cap,)))
    assert await refusal(house.say(bo, room, "x")) in ("post_not_allowed", "not_found")
    house.clock.ms += HOUR
    await house.say(bo, room, "back")
    assert (await kinds(house, room))[-3:] == [kind, Kind.EXPIRED, Kind.POST]


async def test_quiet_rooms_are_swept(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await lend(house, ann, room, bo, Level.READ)
    await house.sweeper.sweep()
    assert Kind.EXPIRED not in await kinds(house, room)
    house.clock.ms += HOUR
    house.told.clear()
    await house.sweeper.sweep()
    assert (await kinds(house, room))[-1] is Kind.EXPIRED
    moved = [notice for notice in house.told if isinstance(notice, RoomMoved)]
    assert [entry.kind for notice in moved for entry in notice.entries] == [Kind.EXPIRED]
    before = await house.head(room)
    await house.sweeper.sweep()
    assert await house.head(room) == before, "once"


async def test_an_end_behind_the_room_s_newest_entry_is_over_already(
    house: House, ann: Identity, bo: Identity
) -> None:
    """The clock was an hour ahead for a moment: what ended by then does not come back."""
    room = await house.room(ann)
    await lend(house, ann, room, bo, Level.POST)
    await house.database.write(lambda tx: move_last(tx, room, house.clock.ms + 2 * HOUR))
    assert await refusal(house.say(bo, room, "late")) == "not_found"
    assert (await kinds(house, room))[-1] is Kind.EXPIRED
    posted = await house.say(ann, room, "after")
    assert posted.at == (await house.head(room)).last_at >= house.clock.ms + 2 * HOUR


def move_last(tx: Tx, room: str, at: int) -> None:
    """As if an entry had been written at ``at``."""
    head = log.lock_heads(tx, [room])[room]
    log.move_heads(tx, [replace(head, last_at=at)])


async def test_a_place_in_a_group_ends_in_every_room_that_names_it(
    house: House, ann: Identity, bo: Identity
) -> None:
    rooms = [await house.room(ann) for _ in range(3)]
    crew = await house.database.write(make_crew)
    for room in rooms[:2]:
        given = GrantWish(group_subject(crew), Level.POST)
        await house.changing.save(ann, room, Wish(grants=(given,)))
    await house.database.write(lambda tx: join(tx, crew, bo, house.clock.ms + HOUR))
    await house.say(bo, rooms[0], "for an hour")
    house.clock.ms += HOUR
    assert await refusal(house.say(bo, rooms[0], "late")) == "not_found"
    assert [(await kinds(house, room))[-1] for room in rooms] == [
        Kind.EXPIRED,
        Kind.EXPIRED,
        Kind.MADE,
    ]
    assert (await house.read(lambda tx: groups.people_in(tx, crew))) == []


async def test_a_guest_s_account_ends_and_its_log_ins_with_it(house: House, ann: Identity) -> None:
    gus = await house.person("gus", Role.GUEST)
    room = await house.room(ann)
    end = house.clock.ms + HOUR
    await house.database.write(lambda tx: accounts.set_until(tx, gus.account.id, end))
    await house.invite(ann, room, gus)
    await house.say(gus, room, "hello")
    heard: list[SessionsEnded] = []
    house.bus.on(SessionsEnded, heard.append)
    house.clock.ms += HOUR
    await house.sweeper.sweep()
    assert heard == [SessionsEnded((gus.session.id,))]
    last = (await house.entries(room))[-1]
    assert last.kind is Kind.EXPIRED and last.delta is not None
    assert [account.state for account in last.delta.accounts] == [State.SUSPENDED]
    assert await refusal(house.say(gus, room, "still?")) == "not_signed_in"


async def test_an_end_that_is_moved_counts_anew(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await lend(house, ann, room, bo, Level.POST)
    house.clock.ms += HOUR // 2
    await lend(house, ann, room, bo, Level.POST)
    house.clock.ms += HOUR - 1
    await house.say(bo, room, "still here")
    forever = GrantWish(person_subject(bo.account.id), Level.POST)
    await house.changing.save(ann, room, Wish(grants=(forever,)))
    assert (await house.head(room)).next_expiry is None
    house.clock.ms += 10 * HOUR
    await house.say(bo, room, "for good")


async def test_ends_of_one_moment_are_one_entry(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    people = [await house.person(f"p{number}") for number in range(5)]
    for who in people:
        await lend(house, ann, room, who, Level.READ)
    house.clock.ms += HOUR
    await house.sweeper.sweep()
    expired = [entry for entry in await house.entries(room) if entry.kind is Kind.EXPIRED]
    assert [len(revoked(entry)) for entry in expired] == [5]


def revoked(entry: Entry) -> tuple[object, ...]:
    return entry.delta.revoked if entry.delta else ()


def make_crew(tx: Tx) -> str:
    groups.add(tx, Group("crew", "Crew", "crew", "", None, tx.now()))
    return "crew"


def join(tx: Tx, group: str, who: Identity, until: int) -> None:
    person = people.facts_of(tx, who.account.id)
    assert person is not None
    put_in_group(tx, person, group, Person(who.account.id, "x"), until)


async def test_slow_mode_makes_people_wait_but_not_moderators(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, cy)
    await house.changing.save(ann, room, Wish(settings=SettingsWish(slow=30)))
    await house.say(bo, room, "one")
    house.clock.ms += 10_000
    with pytest.raises(ChatError) as refused:
        await house.say(bo, room, "two", "the-same-id")
    assert (refused.value.code, refused.value.retry_after) == ("slow_mode", 20.0)
    await house.say(cy, room, "others do not wait for bo")
    await house.say(ann, room, "first")
    await house.say(ann, room, "second")
    house.clock.ms += 20_000
    kept = await house.say(bo, room, "two", "the-same-id")
    assert (await house.say(bo, room, "two", "the-same-id")).seq == kept.seq, "a retry is the same"


async def test_with_the_clock_set_back_changes_too_come_after_what_they_outlast(
    house: House, ann: Identity, bo: Identity
) -> None:
    """A mute that ends before the log's own time has ended when the next entry is written."""
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    house.clock.ms += 5_000
    await house.say(ann, room, "at five")
    house.clock.ms -= 4_000
    mute = Cap(bo.account.id, Level.READ, None, 0, until=house.clock.ms + 500)
    await house.change(room, Delta(caps=(mute,)))
    await house.making.describe(ann, room, "Pantry", None)
    kinds = [entry.kind for entry in await house.entries(room)]
    assert kinds[-3:] == [Kind.ACCESS, Kind.EXPIRED, Kind.RENAMED]
