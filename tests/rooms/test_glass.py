"""Breaking the glass: an admin reads or repairs a room for a while, and the room is told."""

from __future__ import annotations

import pytest
from msgspec import UNSET

from api.framing import entry_frame
from core.access import Cap, Delta, Preset, Settings, glass_subject, person_subject
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role
from storage import accounts, journal
from tests.rooms.house import House
from tests.rooms.refusals import refusal

HOUR = 3_600_000
WHY = "The owner left"


async def shatter(
    house: House, who: Identity, room: str, level: Level = Level.OWN, hours: int = 2
) -> None:
    await house.glass.shatter(who, room, level, hours, WHY)


@pytest.mark.parametrize("level", [Level.READ, Level.OWN])
async def test_the_room_is_told_who_and_why(
    house: House, ann: Identity, adam: Identity, level: Level
) -> None:
    room = await house.room(ann)
    await shatter(house, adam, room, level)
    entry = (await house.entries(room))[-1]
    frame = entry_frame(entry)
    until = house.clock.now() + 2 * HOUR
    assert (frame.kind, frame.level, frame.until, frame.why) == ("glass", level.name, until, WHY)
    assert frame.by == entry.by
    assert entry.by is not None
    assert entry.by.id == adam.account.id
    assert await house.level(room, adam) is level
    noted = (await house.read(journal.lines))[-1]
    assert (noted.change.kind, noted.change.why, dict(noted.seqs)) == (
        "glass", WHY, {room: entry.seq},
    )  # fmt: skip


async def test_one_comes_in_and_is_seen(house: House, ann: Identity, adam: Identity) -> None:
    room = await house.room(ann)
    await house.say(ann, room, "hello")
    assert await refusal(house.membership.join(adam, room)) == "not_found"
    await shatter(house, adam, room, Level.READ)
    seen = await house.occupancy.of(ann, room)
    assert [(it.nickname, it.level) for it in seen.people] == [("ann", "OWN"), ("adam", "READ")]
    await house.membership.join(adam, room)
    assert [own.id for own in await house.listing.mine(adam)] == [room]
    assert await refusal(house.say(adam, room, "hm")) == "post_not_allowed"


async def test_it_ends_by_itself(house: House, ann: Identity, adam: Identity) -> None:
    room = await house.room(ann)
    await shatter(house, adam, room)
    assert (await house.head(room)).next_expiry == house.clock.now() + 2 * HOUR
    house.clock.ms += 2 * HOUR
    await house.sweeper.sweep()
    entry = (await house.entries(room))[-1]
    assert (entry.kind, [it.nickname for it in entry.people]) == (Kind.EXPIRED, ["adam"])
    assert await house.level(room, adam) is Level.HIDDEN


async def test_it_is_ended_by_hand(house: House, ann: Identity, adam: Identity) -> None:
    """By any admin; the room is told too."""
    eve = await house.person("eve", Role.ADMIN)
    room = await house.room(ann)
    for who in (adam, eve):
        await shatter(house, adam, room)
        await house.glass.mend(who, room, adam.account.id)
        entry = (await house.entries(room))[-1]
        assert (entry.kind, [it.nickname for it in entry.people]) == (Kind.GLASS, ["adam"])
        assert (entry_frame(entry).level, entry_frame(entry).why) == (UNSET, UNSET)
        assert await house.level(room, adam) is Level.HIDDEN
    assert await refusal(house.glass.mend(adam, room, adam.account.id)) == "not_found"


@pytest.mark.parametrize(
    ("level", "hours", "why", "error"),
    [
        (Level.READ, 1, "x" * 200, None),
        (Level.OWN, 24, "x", None),
        (Level.READ, 0, WHY, "glass_hours"),
        (Level.READ, 25, WHY, "glass_hours"),
        (Level.READ, -1, WHY, "glass_hours"),
        (Level.READ, 1, "", "why_missing"),
        (Level.READ, 1, " \n ", "why_missing"),
        (Level.READ, 1, "x" * 201, "why_missing"),
        (Level.POST, 1, WHY, "bad_request"),
        (Level.MODERATE, 1, WHY, "bad_request"),
        (Level.SEE, 1, WHY, "bad_request"),
    ],
)
async def test_how_it_may_be_broken(
    house: House, ann: Identity, adam: Identity, level: Level, hours: int, why: str, error: str
) -> None:
    room = await house.room(ann)
    assert await refusal(house.glass.shatter(adam, room, level, hours, why)) == error
    assert (len(await house.entries(room)) == 1) == (error is not None)


async def test_by_whom_and_where_not(house: House, ann: Identity, adam: Identity) -> None:
    """Of direct rooms admins know only how many there are; the deleted and the absent are alike."""
    room, direct, deleted = [await house.room(ann) for _ in range(3)]
    await house.change(direct, Delta(settings=Settings(preset=Preset.DIRECT)))
    await house.change(deleted, Delta(settings=Settings(deleted=True)))
    assert await refusal(shatter(house, ann, room)) == "not_found"
    assert await refusal(house.glass.mend(ann, room, adam.account.id)) == "not_found"
    for other in (direct, deleted, new_id()):
        assert await refusal(shatter(house, adam, other)) == "not_found"
        assert await refusal(house.overseeing.access(adam, direct)) == "not_found"


async def test_it_is_no_way_to_come_back(house: House, ann: Identity, adam: Identity) -> None:
    """Whoever leaves is told that they give up what lasts."""
    room = await house.room(ann)
    await house.invite(ann, room, adam)
    await shatter(house, adam, room)
    assert (await house.listing.mine(adam))[0].leaving_gives_up


class TestOwners:
    async def test_it_acts_on_them(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo, level=Level.OWN)
        await shatter(house, adam, room)
        await house.inviting.remove(adam, room, ann.account.id)
        assert await house.level(room, ann) is Level.HIDDEN

    async def test_reading_alone_does_not(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo, level=Level.OWN)
        await house.invite(ann, room, adam, level=Level.MODERATE)
        await shatter(house, adam, room, Level.READ)
        removing = house.inviting.remove(adam, room, bo.account.id)
        assert await refusal(removing) == "person_outranks"

    async def test_it_is_no_owner(self, house: House, ann: Identity, adam: Identity) -> None:
        """Neither may the last one go, nor may the admin send them away without another."""
        room = await house.room(ann)
        await shatter(house, adam, room)
        assert await refusal(house.membership.leave(ann, room)) == "last_owner"
        assert await refusal(house.inviting.remove(adam, room, ann.account.id)) == "last_owner"

    async def test_it_makes_others_owners_and_not_oneself(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        """What is taken for hours would last else."""
        room = await house.room(ann)
        await shatter(house, adam, room)
        for level in (Level.OWN, Level.READ):
            inviting = house.inviting.invite(adam, room, adam.account.id, level)
            assert await refusal(inviting) == "grant_too_high"
        await house.inviting.invite(adam, room, bo.account.id, Level.OWN)
        await house.inviting.remove(adam, room, ann.account.id)
        assert (await house.facts(room)).grants.keys() == {
            person_subject(bo.account.id), glass_subject(adam.account.id),
        }  # fmt: skip

    async def test_owners_do_not_act_on_it(
        self, house: House, ann: Identity, adam: Identity
    ) -> None:
        room = await house.room(ann)
        await shatter(house, adam, room)
        await house.membership.join(adam, room)
        removing = house.inviting.remove(ann, room, adam.account.id)
        assert await refusal(removing) == "person_outranks"

    async def test_no_ban_keeps_it_out(self, house: House, ann: Identity, adam: Identity) -> None:
        room = await house.room(ann)
        caps = (
            Cap(adam.account.id, Level.HIDDEN, None, 0),
            Cap(adam.account.id, Level.READ, None, 0),
        )
        await house.change(room, Delta(caps=caps))
        await shatter(house, adam, room)
        assert await house.level(room, adam) is Level.OWN


async def test_it_is_an_admins(house: House, ann: Identity, adam: Identity) -> None:
    """Who is no admin any more has nothing of it, however long it would last."""
    room = await house.room(ann)
    await shatter(house, adam, room)
    await house.database.write(lambda tx: accounts.set_role(tx, adam.account.id, Role.MEMBER))
    assert await house.level(room, adam) is Level.HIDDEN
    assert await refusal(house.membership.join(adam, room)) == "not_found"
