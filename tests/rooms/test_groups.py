"""Groups: who is in one has what rooms give to it, by entries of those rooms."""

from __future__ import annotations

import pytest

from core.access import Cap, Delta, History, Preset, group_subject
from core.ids import new_id
from core.levels import Level
from core.log import Kind, Span
from core.records import Identity
from live.bus import RoomsChanged
from rooms.groups import name_key
from rooms.verifying import verify, verify_accounts
from storage import groups, journal
from storage.journal import Line
from tests.rooms.house import House
from tests.rooms.refusals import refusal

HOUR = 3_600_000


async def lines(house: House) -> list[Line]:
    return await house.read(journal.lines)


class TestWhatGroupsThereAre:
    @pytest.mark.parametrize(
        ("first", "second", "taken"),
        [
            ("Crew", "crew", True),
            ("Crew", "ＣＲＥＷ", True),
            ("Straße", "STRASSE", True),
            ("值班", " 值班 ", True),
            ("A  B", "a b", True),
            ("Crew", "Crews", False),
            ("Crew", "Cre w", False),
        ],
    )
    async def test_names_are_told_apart_by_more_than_case_and_width(
        self, house: House, adam: Identity, first: str, second: str, taken: bool
    ) -> None:
        await house.groups.make(adam, first)
        again = await refusal(house.groups.make(adam, second))
        assert again == ("group_name_taken" if taken else None)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\u200blines", "ﷺ" * 20])
    async def test_names_that_cannot_be(self, house: House, adam: Identity, name: str) -> None:
        assert await refusal(house.groups.make(adam, name)) == "group_name_bad"

    async def test_a_group_may_keep_its_name_and_not_take_anothers(
        self, house: House, adam: Identity
    ) -> None:
        group = await house.groups.make(adam, "Crew")
        await house.groups.make(adam, "Band")
        await house.groups.change(adam, group, "CREW", "They sail")
        assert await refusal(house.groups.change(adam, group, "band", "")) == "group_name_taken"
        assert await refusal(house.groups.change(adam, group, "x", "y" * 251)) == "group_about_bad"
        found = (await house.groups.one(adam, group)).group
        assert (found.name, found.about, found.key) == ("CREW", "They sail", name_key("crew"))

    async def test_only_admins_have_to_do_with_them(
        self, house: House, adam: Identity, bo: Identity, gus: Identity
    ) -> None:
        group = await house.crew(adam, bo)
        for who in (bo, gus):
            for call in (
                house.groups.every(who),
                house.groups.one(who, group),
                house.groups.make(who, "Mine"),
                house.groups.change(who, group, "Mine", ""),
                house.groups.add(who, group, "gus"),
                house.groups.take_out(who, group, bo.account.id),
                house.groups.delete(who, group),
            ):
                assert await refusal(call) == "not_found"
        assert len((await house.groups.one(adam, group)).members) == 1

    async def test_what_is_not_there(self, house: House, adam: Identity, bo: Identity) -> None:
        group = await house.crew(adam)
        taking_out = house.groups.take_out(adam, group, bo.account.id)
        assert await refusal(taking_out) == "person_not_found"
        assert await refusal(house.groups.add(adam, group, "nobody")) == "person_not_found"
        for call in (
            house.groups.one(adam, new_id()),
            house.groups.add(adam, new_id(), "bo"),
            house.groups.change(adam, new_id(), "Crew 2", ""),
            house.groups.delete(adam, new_id()),
        ):
            assert await refusal(call) == "group_not_found"

    async def test_all_of_it_is_noted(self, house: House, adam: Identity, bo: Identity) -> None:
        group = await house.crew(adam, bo)
        await house.groups.change(adam, group, "Band", "")
        await house.groups.take_out(adam, group, bo.account.id)
        await house.groups.add(adam, group, "bo")
        await house.groups.delete(adam, group)
        noted = [line for line in await lines(house) if line.change.kind != "made"]
        assert [line.change.kind for line in noted] == [
            "group_made", "joined", "group_changed", "left", "joined", "group_deleted", "left",
        ]  # fmt: skip
        assert {line.change.by for line in noted} == {adam.account.id}
        assert {line.change.group for line in noted} == {group}
        after = noted[-1].change.facts
        assert after is not None
        assert after.groups == frozenset()


class TestWhoIsInThem:
    async def test_coming_in_is_an_entry_of_every_room_that_names_the_group(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        rooms = [await house.room(ann) for _ in range(2)]
        other = await house.room(ann)
        group = await house.crew(adam)
        for room in rooms:
            await house.give_group(room, group, Level.POST)
        before = [await house.head(room) for room in rooms]
        await house.groups.add(adam, group, "bo")
        for room, head in zip(rooms, before, strict=True):
            entry = (await house.entries(room))[-1]
            assert (entry.kind, entry.by and entry.by.id) == (Kind.ACCOUNT, adam.account.id)
            assert (await house.head(room)).access_version == head.access_version + 1
            assert await house.level(room, bo) is Level.POST
        assert len(await house.entries(other)) == 1
        noted = (await lines(house))[-1]
        assert dict(noted.seqs) == {head.room: head.seq + 1 for head in before}

    async def test_leaving_takes_it_at_once(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        group = await house.crew(adam, bo)
        await house.give_group(room, group, Level.POST)
        await house.membership.join(bo, room)
        await house.say(bo, room, "hello")
        await house.groups.take_out(adam, group, bo.account.id)
        assert await refusal(house.say(bo, room, "still here?")) == "not_found"
        assert await house.listing.mine(bo) == []
        assert await house.listing.directory(bo) == []

    async def test_guests_can_be_in_groups(
        self, house: House, ann: Identity, adam: Identity, gus: Identity
    ) -> None:
        room = await house.room(ann, preset=Preset.OPEN)
        assert await house.level(room, gus) is Level.HIDDEN
        await house.give_group(room, await house.crew(adam, gus))
        assert await house.level(room, gus) is Level.READ

    async def test_the_lists_of_those_concerned_are_refreshed(
        self, house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann)
        group = await house.crew(adam, cy)
        await house.give_group(room, group)
        for act in (
            house.groups.add(adam, group, "bo"),
            house.groups.take_out(adam, group, bo.account.id),
        ):
            house.told.clear()
            await act
            changed = [notice for notice in house.told if isinstance(notice, RoomsChanged)]
            assert [notice.people for notice in changed] == [frozenset({bo.account.id})]

    async def test_history_since_joining_follows_the_group(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann, history=History.JOINED)
        group = await house.crew(adam, bo)
        await house.give_group(room, group)
        await house.membership.join(bo, room)
        await house.groups.take_out(adam, group, bo.account.id)
        await house.say(ann, room, "between")
        await house.groups.add(adam, group, "bo")
        assert await house.spans(room, bo) == [Span(3, 4), Span(6, None)]


class TestDeleting:
    async def test_takes_back_what_rooms_gave(
        self, house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
    ) -> None:
        room = await house.room(ann)
        group = await house.crew(adam, bo, cy)
        await house.give_group(room, group, Level.POST)
        await house.invite(ann, room, cy, level=Level.READ)
        await house.groups.delete(adam, group)
        entry = (await house.entries(room))[-1]
        assert entry.kind is Kind.ACCESS
        assert entry.delta is not None
        assert entry.delta.revoked == (group_subject(group),)
        assert [await house.level(room, who) for who in (bo, cy)] == [Level.HIDDEN, Level.READ]
        assert await house.groups.every(adam) == []
        assert (await lines(house))[-3].seqs == {room: entry.seq}

    async def test_never_asks_for_an_owner(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        """A group that owns a room is nobody: it goes, and the room is left to the admins."""
        room = await house.room(ann)
        group = await house.crew(adam, bo)
        await house.give_group(room, group, Level.OWN)
        assert await refusal(house.membership.leave(ann, room)) == "last_owner"
        assert await refusal(house.groups.delete(adam, group)) is None


class TestNobodyLetsThemselfIn:
    @pytest.mark.parametrize(
        ("gives", "own", "error"),
        [
            (Level.READ, None, "group_gives_room"),
            (Level.POST, Level.ASK, "group_gives_room"),
            (Level.OWN, Level.SEE, "group_gives_room"),
            (Level.ASK, None, None),
            (Level.POST, Level.READ, None),
            (Level.READ, Level.POST, None),
        ],
    )
    async def test_into_a_room_that_they_cannot_read(
        self,
        house: House,
        ann: Identity,
        adam: Identity,
        gives: Level,
        own: Level | None,
        error: str | None,
    ) -> None:
        room = await house.room(ann)
        if own is not None:
            await house.invite(ann, room, adam, level=own)
        group = await house.crew(adam)
        await house.give_group(room, group, gives)
        assert await refusal(house.groups.add(adam, group, "adam")) == error
        assert len((await house.groups.one(adam, group)).members) == (0 if error else 1)

    async def test_nor_for_longer(self, house: House, ann: Identity, adam: Identity) -> None:
        """Another admin let them in for an hour; they do not make it for ever."""
        eve = await house.person("eve", adam.account.role)
        room = await house.room(ann)
        group = await house.crew(adam)
        await house.give_group(room, group)
        await house.groups.add(eve, group, "adam", house.clock.now() + HOUR)
        assert await house.level(room, adam) is Level.READ
        assert await refusal(house.groups.add(adam, group, "adam")) == "group_gives_room"

    async def test_a_ban_stays_a_ban(self, house: House, ann: Identity, adam: Identity) -> None:
        """The group gives them nothing there, so nothing is in the way."""
        room = await house.room(ann)
        group = await house.crew(adam)
        await house.give_group(room, group)
        await house.change(room, Delta(caps=(Cap(adam.account.id, Level.HIDDEN, None, 0),)))
        assert await refusal(house.groups.add(adam, group, "adam")) is None
        assert await house.level(room, adam) is Level.HIDDEN

    async def test_others_they_may(
        self, house: House, ann: Identity, adam: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.give_group(room, await house.crew(adam, bo))
        assert await house.level(room, bo) is Level.READ


async def test_who_is_in_a_group_is_said_when_it_is_first_named(
    house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
) -> None:
    """Before, no entry of the room said so: not of who came, and not of who went."""
    room = await house.room(ann)
    await house.invite(ann, room, bo, cy)
    group = await house.crew(adam, bo, cy, ann)
    await house.groups.take_out(adam, group, cy.account.id)
    entry = await house.give_group(room, group, Level.MODERATE)
    assert entry.delta is not None
    said = {account.id: account.groups for account in entry.delta.accounts}
    inside = frozenset({group})
    assert said == {bo.account.id: inside, ann.account.id: inside, cy.account.id: frozenset()}
    assert entry.people == (), "its readers are not told who is in a group"
    assert (await house.entries(room))[-1].people == ()
    assert await house.read(lambda tx: groups.rooms_naming(tx, group)) == [room]
    again = await house.give_group(room, group, Level.POST)
    assert again.delta is not None
    assert again.delta.accounts == ()


async def test_the_log_accounts_for_all_of_it(
    house: House, ann: Identity, adam: Identity, bo: Identity, cy: Identity
) -> None:
    """Replayed, log and journal add up to what the tables say, step after step."""
    room = await house.room(ann, history=History.JOINED)
    await house.invite(ann, room, cy)
    group = await house.crew(adam, bo, cy, until=house.clock.now() + HOUR)
    await house.default_grants.give(adam, group, Level.READ)
    made = await house.room(ann)

    async def check() -> None:
        for it in (room, made):
            found = await house.read(lambda tx, it=it: verify(tx, it))  # type: ignore[misc]
            assert found.faults == []
        assert await house.read(verify_accounts) == []

    await house.groups.take_out(adam, group, cy.account.id)
    await house.bulk.give("Crew", Level.POST, [room])
    await check()
    await house.membership.join(bo, room)
    await house.glass.shatter(adam, room, Level.OWN, 1, "Looking")
    await check()
    house.clock.ms += HOUR
    await house.sweeper.sweep()
    await house.groups.add(adam, group, "cy")
    await check()
    await house.groups.delete(adam, group)
    await check()
