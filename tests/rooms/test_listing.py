"""What someone sees of rooms agrees with `decide`, and counts agree with what they count."""

from __future__ import annotations

import asyncio

import pytest

from core.access import Cap, Delta, Facts, Preset
from core.levels import Level
from core.records import Identity
from rooms.permissions import decide
from rooms.presets import SHAPES
from storage import people
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def test_ones_list_is_in_the_order_of_joining(
    house: House, ann: Identity, bo: Identity
) -> None:
    made = []
    for _ in range(3):
        made.append(await house.room(ann, preset=Preset.OPEN))
        house.clock.ms += 1
    for room in reversed(made):
        await house.membership.join(bo, room)
        house.clock.ms += 1
    assert [room.id for room in await house.listing.mine(bo)] == made[::-1]
    assert [room.id for room in await house.listing.mine(ann)] == made


async def test_one_row_is_the_same_alone_and_in_the_list(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    assert [await house.listing.one(bo, room)] == await house.listing.mine(bo)


@pytest.mark.parametrize("level", [Level.READ, Level.POST, Level.MODERATE, Level.OWN])
async def test_what_one_may_do_is_what_decide_says(
    house: House, ann: Identity, bo: Identity, level: Level
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=level)
    (seen,) = await house.listing.mine(bo)
    about = await house.read(lambda tx: people.facts(tx, [bo.account.id]))
    facts = Facts(about[bo.account.id], await house.facts(room))
    assert seen.level == level.name
    for name in seen.may.__struct_fields__:
        assert getattr(seen.may, name) == decide(name, facts).allowed


@pytest.mark.parametrize(
    ("preset", "restricted", "gives_up"),
    [
        (Preset.OPEN, False, False),
        (Preset.ANNOUNCEMENTS, False, False),
        (Preset.LISTED, True, True),
        (Preset.PRIVATE, True, True),
    ],
)
async def test_what_is_said_before_leaving(
    house: House, ann: Identity, bo: Identity, preset: Preset, restricted: bool, gives_up: bool
) -> None:
    room = await house.room(ann, preset=preset)
    await house.invite(ann, room, bo)
    (seen,) = await house.listing.mine(bo)
    assert (seen.restricted, seen.leaving_gives_up) == (restricted, gives_up)
    await house.membership.leave(bo, room)
    can_come_back = await refusal(house.membership.join(bo, room)) is None
    assert can_come_back != seen.leaving_gives_up


async def test_a_guest_always_gives_up_the_only_right(
    house: House, ann: Identity, gus: Identity
) -> None:
    """What everyone may is not for guests: an open room is closed to one who left it."""
    room = await house.room(ann, preset=Preset.OPEN)
    await house.invite(ann, room, gus)
    (seen,) = await house.listing.mine(gus)
    assert seen.leaving_gives_up
    await house.membership.leave(gus, room)
    assert await refusal(house.membership.join(gus, room)) == "not_found"


async def test_guests_are_pointed_out(
    house: House, ann: Identity, bo: Identity, gus: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    assert [row.guests for row in await house.listing.mine(bo)] == [False]
    await house.invite(ann, room, gus)
    assert [row.guests for row in await house.listing.mine(bo)] == [True]
    await house.inviting.remove(ann, room, gus.account.id)
    assert [row.guests for row in await house.listing.mine(bo)] == [False]


class TestUnread:
    async def test_counts_others_posts_since_the_mark(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.say(ann, room, "before bo came")
        await house.invite(ann, room, bo)
        for text in ("one", "two"):
            await house.say(ann, room, text)
            await house.say(bo, room, f"re: {text}")
        assert await self.of(house, bo) == 2
        assert await self.of(house, ann) == 2
        await house.reading.read_up_to(bo, room, 4)
        assert await self.of(house, bo) == 1

    async def test_does_not_count_comings_and_goings(
        self, house: House, ann: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo, cy)
        await house.membership.leave(cy, room)
        await house.making.describe(ann, room, "Pantry", "tins")
        assert await self.of(house, bo) == 0

    async def test_stops_at_a_hundred(self, house: House, ann: Identity, bo: Identity) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo)
        await asyncio.gather(*(house.say(ann, room, str(number)) for number in range(105)))
        assert await self.of(house, bo) == 100

    async def of(self, house: House, who: Identity) -> int:
        (room,) = await house.listing.mine(who)
        return room.unread


class TestDirectory:
    async def test_has_what_one_may_see(self, house: House, ann: Identity, cy: Identity) -> None:
        rooms = {preset: await house.room(ann, preset=preset) for preset in SHAPES}
        seen = {row.id: row for row in await house.listing.directory(cy)}
        assert seen.keys() == {rooms[preset] for preset in SHAPES if preset is not Preset.PRIVATE}
        joinable = {id for id, row in seen.items() if row.may_join}
        assert joinable == {rooms[Preset.OPEN], rooms[Preset.ANNOUNCEMENTS]}
        assert not any(row.member for row in seen.values())

    async def test_names_whom_to_ask(
        self, house: House, ann: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann, preset=Preset.LISTED)
        await house.invite(ann, room, bo, level=Level.OWN)
        (row,) = await house.listing.directory(cy)
        assert [owner.nickname for owner in row.owners] == ["ann", "bo"]
        assert (row.level, row.people) == ("ASK", 2)

    async def test_counts_only_rooms_that_are_seen(
        self, house: House, ann: Identity, gus: Identity
    ) -> None:
        await house.room(ann, preset=Preset.OPEN)
        assert await house.listing.directory(gus) == []


class TestOccupants:
    async def test_names_those_inside_by_rank(
        self, house: House, ann: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, cy)
        await house.invite(ann, room, bo, level=Level.MODERATE)
        found = await house.occupancy.of(cy, room)
        assert [(p.nickname, p.level, p.may_remove) for p in found.people] == [
            ("ann", "OWN", False), ("bo", "MODERATE", False), ("cy", "POST", False),
        ]  # fmt: skip
        assert (found.read, found.post) == (3, 3)

    async def test_may_remove_is_what_removing_says(
        self, house: House, ann: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo, level=Level.MODERATE)
        await house.invite(ann, room, cy)
        for person in (await house.occupancy.of(bo, room)).people:
            if person.id != bo.account.id:
                refused = await refusal(house.inviting.remove(bo, room, person.id))
                assert person.may_remove == (refused is None)

    async def test_everyone_counts_where_everyone_may(
        self, house: House, ann: Identity, bo: Identity, cy: Identity, gus: Identity
    ) -> None:
        room = await house.room(ann, preset=Preset.ANNOUNCEMENTS)
        await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)))
        found = await house.occupancy.of(bo, room)
        assert (found.read, found.post) == (2, 1)
        assert [person.nickname for person in found.people] == ["ann"]

    async def test_the_muted_read_and_do_not_post(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo)
        await house.change(room, Delta(caps=(Cap(bo.account.id, Level.READ, None, 0),)))
        found = await house.occupancy.of(ann, room)
        assert (found.read, found.post) == (2, 1)

    async def test_the_banned_are_not_inside(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo)
        await house.change(room, Delta(caps=(Cap(bo.account.id, Level.HIDDEN, None, 0),)))
        found = await house.occupancy.of(ann, room)
        assert [person.nickname for person in found.people] == ["ann"]
