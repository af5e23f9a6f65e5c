"""Why can('t) I: told to oneself, without others' groups and reasons, naming whom to ask."""

from __future__ import annotations

import msgspec
import pytest

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    Preset,
    Settings,
    glass_subject,
    group_subject,
    person_subject,
)
from core.ids import new_id
from core.levels import Level
from core.records import Identity
from rooms.acting import shown
from rooms.standing import put_in_group
from rooms.why import OwnRights, Why
from storage import groups, people
from storage.engine import Tx
from storage.groups import Group
from tests.rooms.house import DAY, NOON, House
from tests.rooms.refusals import refusal


async def why(house: House, who: Identity, room: str, action: str = "post") -> Why:
    return await OwnRights(house.database).why(who, room, action)


def asked(told: Why) -> list[str]:
    return [person.nickname for person in told.ask]


async def in_groups(house: House, who: Identity, *names: str) -> None:
    def work(tx: Tx) -> None:
        for name in names:
            if groups.get(tx, name) is None:
                groups.add(tx, Group(name, f"The {name}", name, "", None, 0))
            person = people.facts_of(tx, who.account.id)
            assert person is not None
            put_in_group(tx, person, name, shown(who), None)

    await house.database.write(work)


async def test_by_a_grant_of_ones_own(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    grant = Grant(
        person_subject(bo.account.id), Level.POST, ann.account.id, 0, "secret", NOON + DAY
    )
    await house.change(room, Delta(grants=(grant,)), ann)
    told = await why(house, bo, room)
    assert (told.allowed, told.level, told.needs, told.until) == (True, "POST", "POST", NOON + DAY)
    (ground,) = told.because
    assert (ground.kind, ground.level, ground.by) == ("granted", "POST", "ann")
    assert (told.ask, told.hindered_by) == ([], None)


async def test_only_reading_one_is_told_whom_to_ask(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.change(room, Delta(grants=(Grant(EVERYONE, Level.READ, ann.account.id, 0),)), ann)
    await house.invite(ann, room, cy, level=Level.MODERATE)
    told = await why(house, bo, room)
    assert (told.allowed, told.level, told.hindered_by) == (False, "READ", "level")
    assert [ground.kind for ground in told.because] == ["everyone"]
    assert asked(told) == ["ann", "cy"], "owners first"
    assert asked(await why(house, bo, room, "settings")) == ["ann"], "a moderator cannot help"


async def test_groups_are_counted_never_named(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    grants = [
        Grant(group_subject(name), Level.READ, ann.account.id, 0, "secret")
        for name in ("crew", "band", "other")
    ]
    await in_groups(house, bo, "crew", "band")
    await in_groups(house, ann, "other")
    await house.change(room, Delta(grants=tuple(grants)), ann)
    told = await why(house, bo, room)
    (ground,) = told.because
    assert (ground.kind, ground.count, ground.by) == ("groups", 2, None)
    said = msgspec.json.encode(told)
    assert not any(word in said for word in (b"crew", b"band", b"other", b"secret"))


async def test_a_mute_says_by_whom_and_until_when_but_no_reason(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.invite(ann, room, cy, level=Level.MODERATE)
    muted = Cap(bo.account.id, Level.READ, cy.account.id, 0, "secret", NOON + DAY)
    await house.change(room, Delta(caps=(muted,)), cy)
    told = await why(house, bo, room)
    assert (told.allowed, told.hindered_by, told.until) == (False, "level", NOON + DAY)
    assert [(one.kind, one.by) for one in told.because] == [("granted", "ann"), ("capped", "cy")]
    assert b"secret" not in msgspec.json.encode(told)


async def test_a_muted_moderator_asks_owners(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, cy, level=Level.MODERATE)
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.READ, None, 0),)), ann)
    assert asked(await why(house, bo, room)) == ["ann"]


async def test_in_an_archived_room_owners_can_help(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.change(room, Delta(settings=Settings(archived=True)), ann)
    told = await why(house, bo, room)
    assert (told.allowed, told.hindered_by, asked(told)) == (False, "archived", ["ann"])
    assert (await why(house, bo, room, "read")).allowed


async def test_slow_mode_says_when(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.change(room, Delta(settings=Settings(slow=60)), ann)
    await house.say(bo, room, "hello")
    house.clock.ms += 20_000
    told = await why(house, bo, room)
    assert (told.allowed, told.hindered_by, told.retry_after) == (False, "slow", 40.0)
    assert told.ask == []
    assert (await why(house, ann, room)).retry_after is None


async def test_who_may_not_read_is_told_of_owners_only(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann, preset=Preset.LISTED)
    await house.invite(ann, room, cy, level=Level.MODERATE)
    told = await why(house, bo, room, "read")
    assert (told.level, asked(told)) == ("ASK", ["ann"])


async def test_guests_hear_only_of_people_they_share_a_room_with(
    house: House, ann: Identity, cy: Identity, gus: Identity
) -> None:
    room = await house.room(ann)
    grant = Grant(person_subject(gus.account.id), Level.READ, cy.account.id, 0)
    await house.change(room, Delta(grants=(grant,), joined=(gus.account.id,)), cy)
    told = await why(house, gus, room)
    assert [ground.by for ground in told.because] == [None]
    assert asked(told) == ["ann"]


async def test_a_token_can_do_less_than_oneself(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    reader = await house.another_login(ann, Level.READ)
    told = await why(house, reader, room)
    assert (told.level, [one.kind for one in told.because]) == ("READ", ["granted", "token"])
    lister = await house.another_login(ann, None, frozenset({"see", "read"}))
    assert (await why(house, lister, room)).hindered_by == "token"


async def test_broken_glass_is_named(house: House, ann: Identity, adam: Identity) -> None:
    room = await house.room(ann)
    glass = Grant(glass_subject(adam.account.id), Level.READ, adam.account.id, 0, "x", NOON + DAY)
    await house.change(room, Delta(grants=(glass,)), adam)
    assert [one.kind for one in (await why(house, adam, room)).because] == ["glass"]


@pytest.mark.parametrize("banned", [True, False])
async def test_hidden_and_absent_are_alike(
    house: House, ann: Identity, bo: Identity, banned: bool
) -> None:
    room = await house.room(ann)
    if banned:
        await house.invite(ann, room, bo)
        await house.change(room, Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),)), ann)
    for nowhere in (room, new_id()):
        assert await refusal(why(house, bo, nowhere)) == "not_found"


async def test_an_unknown_action_is_not_understood(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    assert await refusal(why(house, ann, room, "fly")) == "bad_request"
