"""Changing who may do what: who may change what about whom, what is saved, what a preview says."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from core.access import EVERYONE, Facts, History, Preset, group_subject, person_subject
from core.levels import Level
from core.log import Kind
from core.records import Identity, Person, Role
from rooms.granting import BAN, MUTE
from rooms.permissions import level_of
from rooms.standing import put_in_group
from rooms.wishes import CapWish, GrantWish, SettingsWish, Wish
from storage import groups, people
from storage.engine import Tx
from storage.groups import Group
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal


@dataclass
class Kitchen:
    """A private room of owners olga and otto, a moderator, a member and a reader."""

    house: House
    room: str
    people: dict[str, Identity]

    async def save(self, by: str, *wishes: GrantWish | CapWish | SettingsWish) -> str | None:
        """The error it ends with, if any."""
        return await refusal(self.house.changing.save(self.people[by], self.room, wish(*wishes)))

    def id(self, name: str) -> str:
        return self.people[name].account.id

    async def level(self, name: str) -> Level:
        facts = await self.house.facts(self.room)
        person = await self.house.read(lambda tx: people.facts_of(tx, self.id(name)))
        assert person is not None
        return level_of(Facts(person, facts))


def wish(*wishes: GrantWish | CapWish | SettingsWish) -> Wish:
    return Wish(
        grants=tuple(it for it in wishes if isinstance(it, GrantWish)),
        caps=tuple(it for it in wishes if isinstance(it, CapWish)),
        settings=next((it for it in wishes if isinstance(it, SettingsWish)), None),
    )


@pytest.fixture
async def kitchen(house: House) -> Kitchen:
    names = ("olga", "otto", "mo", "mel", "rex", "stranger")
    people = {name: await house.person(name) for name in names}
    room = await house.room(people["olga"])
    for name, level in (("otto", "OWN"), ("mo", "MODERATE"), ("mel", "POST"), ("rex", "READ")):
        await house.invite(people["olga"], room, people[name], level=Level[level])
    return Kitchen(house, room, people)


def give(kitchen: Kitchen, name: str, level: str | None, **terms: object) -> GrantWish:
    subject = person_subject(kitchen.id(name))
    return GrantWish(subject, Level[level] if level else None, **terms)  # type: ignore[arg-type]


GIVING = [
    # who, whom, level, what comes of it
    ("mo", "rex", "POST", None),
    ("mo", "mel", "READ", None),
    ("mo", "stranger", "POST", None),
    ("mo", "mel", None, None),
    ("mo", "mel", "MODERATE", "not_allowed"),
    ("mo", "mo", "OWN", "not_allowed"),
    ("mo", "mo", "POST", None),
    ("mo", "otto", "POST", "not_allowed"),
    ("mo", "otto", None, "not_allowed"),
    ("mel", "rex", "POST", "not_allowed"),
    ("mel", "mel", "READ", None),
    ("olga", "mel", "OWN", None),
    ("olga", "mo", "POST", None),
    ("olga", "mo", None, None),
    ("olga", "otto", "POST", "person_outranks"),
    ("olga", "otto", None, "person_outranks"),
    ("olga", "olga", "POST", None),
    ("olga", "olga", None, None),
    ("stranger", "stranger", "POST", "not_found"),
]


@pytest.mark.parametrize(("by", "whom", "level", "error"), GIVING)
async def test_who_gives_what_to_whom(
    kitchen: Kitchen, by: str, whom: str, level: str | None, error: str | None
) -> None:
    before = await kitchen.level(whom)
    assert await kitchen.save(by, give(kitchen, whom, level)) == error
    expected = before if error else Level[level or "HIDDEN"]
    assert await kitchen.level(whom) is expected


CAPPING = [
    ("mo", "mel", MUTE, None),
    ("mo", "mel", BAN, None),
    ("mo", "stranger", BAN, None),
    ("mo", "otto", MUTE, "person_outranks"),
    ("mo", "mo", MUTE, "not_allowed"),
    ("mo", "mel", Level.POST, "not_allowed"),
    ("mel", "rex", MUTE, "not_allowed"),
    ("olga", "mo", BAN, None),
    ("olga", "otto", BAN, "person_outranks"),
]


@pytest.mark.parametrize(("by", "whom", "level", "error"), CAPPING)
async def test_who_mutes_and_bans_whom(
    kitchen: Kitchen, by: str, whom: str, level: Level, error: str | None
) -> None:
    before = await kitchen.level(whom)
    assert await kitchen.save(by, CapWish(kitchen.id(whom), level)) == error
    assert await kitchen.level(whom) is (before if error else min(before, level))


async def test_a_muted_moderator_outranks_nobody_but_is_outranked_as_ever(kitchen: Kitchen) -> None:
    """The actor's level counts with caps, the target's rank without."""
    assert await kitchen.save("olga", CapWish(kitchen.id("mo"), MUTE)) is None
    assert await kitchen.save("mo", CapWish(kitchen.id("mel"), MUTE)) == "not_allowed"
    assert await kitchen.save("olga", give(kitchen, "mel", "MODERATE")) is None
    assert await kitchen.save("mel", CapWish(kitchen.id("mo"), BAN)) == "person_outranks"


async def test_a_ban_ends_membership_outlives_it_and_gives_back_what_was(kitchen: Kitchen) -> None:
    house, room, mel = kitchen.house, kitchen.room, kitchen.people["mel"]
    assert await kitchen.save("mo", CapWish(kitchen.id("mel"), BAN, why="flooding")) is None
    assert kitchen.id("mel") not in (await house.facts(room)).members
    assert await refusal(house.membership.join(mel, room)) == "not_found"
    invited = house.inviting.invite(kitchen.people["mo"], room, kitchen.id("mel"), Level.POST)
    assert await refusal(invited) == "person_banned"
    lifted = await house.changing.save(
        kitchen.people["mo"], room, wish(CapWish(kitchen.id("mel"), BAN, lift=True))
    )
    assert lifted.levels == {kitchen.id("mel"): "POST"}
    await house.membership.join(mel, room)
    kinds = [entry.kind for entry in await house.entries(room)][-3:]
    assert kinds == [Kind.BANNED, Kind.UNBANNED, Kind.JOINED]


async def test_the_last_owner_stays_one(kitchen: Kitchen) -> None:
    assert await kitchen.save("otto", give(kitchen, "otto", "POST")) is None
    assert await kitchen.save("olga", give(kitchen, "olga", "POST")) == "last_owner"
    swap = (give(kitchen, "olga", "POST"), give(kitchen, "mel", "OWN"))
    assert await kitchen.save("olga", *swap) is None, "two at once are one change"
    assert await kitchen.level("mel") is Level.OWN


async def test_an_owner_is_made_for_good(kitchen: Kitchen) -> None:
    tomorrow = kitchen.house.clock.ms + DAY
    assert await kitchen.save("olga", give(kitchen, "mel", "OWN", until=tomorrow)) == (
        "owner_for_good"
    )
    assert await kitchen.save("olga", give(kitchen, "mel", "POST", until=1)) == "until_past"
    assert await kitchen.save("olga", give(kitchen, "mel", "POST", why="x" * 201)) == "why_long"
    assert await kitchen.save("olga", give(kitchen, "mel", "POST", until=tomorrow)) is None


async def test_only_owners_let_groups_and_everyone_in(kitchen: Kitchen) -> None:
    crew = await make_group(kitchen.house, "Crew")
    for subject in (EVERYONE, group_subject(crew)):
        assert await kitchen.save("mo", GrantWish(subject, Level.READ)) == "not_allowed"
        assert await kitchen.save("olga", GrantWish(subject, Level.READ)) is None
    unknown = GrantWish(group_subject("nothing"), Level.READ)
    assert await kitchen.save("olga", unknown) == "group_not_found"
    assert await kitchen.level("stranger") is Level.READ


@pytest.mark.parametrize(
    ("by", "change", "error"),
    [
        ("olga", SettingsWish(slow=30), None),
        ("olga", SettingsWish(slow=-1), "slow_bad"),
        ("olga", SettingsWish(slow=100_000), "slow_bad"),
        ("mo", SettingsWish(slow=30), "not_allowed"),
        ("olga", SettingsWish(raised={"post": Level.MODERATE}), None),
        ("olga", SettingsWish(raised={"post": Level.READ}), "bad_request"),
        ("olga", SettingsWish(raised={"read": Level.POST}), "bad_request"),
        ("olga", SettingsWish(raised={"delete": Level.OWN}), "bad_request"),
        ("mo", SettingsWish(archived=True), "not_allowed"),
        ("olga", SettingsWish(archived=True), None),
        ("olga", SettingsWish(history=History.JOINED), None),
    ],
)
async def test_settings(kitchen: Kitchen, by: str, change: SettingsWish, error: str | None) -> None:
    assert await kitchen.save(by, change) == error


async def test_an_archived_room_changes_nothing_but_access_and_that(kitchen: Kitchen) -> None:
    assert await kitchen.save("olga", SettingsWish(archived=True)) is None
    posted = kitchen.house.say(kitchen.people["mel"], kitchen.room, "x")
    assert await refusal(posted) == "post_not_allowed"
    assert await kitchen.save("olga", SettingsWish(slow=5)) == "not_allowed"
    assert await kitchen.save("mo", CapWish(kitchen.id("mel"), BAN)) is None
    assert await kitchen.save("olga", SettingsWish(archived=False)) is None
    await kitchen.house.say(kitchen.people["mo"], kitchen.room, "open again")


async def test_history_opened_again_opens_only_what_follows(kitchen: Kitchen) -> None:
    house, room = kitchen.house, kitchen.room
    assert await kitchen.save("olga", SettingsWish(history=History.JOINED)) is None
    assert await kitchen.save("olga", SettingsWish(history=History.ALL)) is None
    seq = (await house.head(room)).seq
    assert (await house.facts(room)).open_from == seq
    assert await kitchen.save("olga", SettingsWish(history=History.ALL, reveal=True)) is None
    assert (await house.facts(room)).open_from == 0


async def test_what_changes_nothing_makes_no_entry(kitchen: Kitchen) -> None:
    before = await kitchen.house.head(kitchen.room)
    same = give(kitchen, "mel", "POST"), SettingsWish(slow=0, archived=False)
    for one in same:
        assert await kitchen.save("olga", one) is None
    assert await kitchen.save("olga", CapWish(kitchen.id("mel"), MUTE, lift=True)) is None
    assert await kitchen.house.head(kitchen.room) == before


async def test_a_change_of_an_older_version_is_refused(kitchen: Kitchen) -> None:
    house, olga = kitchen.house, kitchen.people["olga"]
    change = wish(give(kitchen, "mel", "READ"))
    seen = await house.changing.preview(olga, kitchen.room, change)
    await house.changing.save(olga, kitchen.room, wish(SettingsWish(slow=5)))
    late = house.changing.save(olga, kitchen.room, change, seen.version)
    assert await refusal(late) == "access_changed"
    assert await kitchen.level("mel") is Level.POST
    again = await house.changing.preview(olga, kitchen.room, change)
    await house.changing.save(olga, kitchen.room, change, again.version)


async def test_a_preview_says_who_gains_and_loses_what_and_saves_nothing(kitchen: Kitchen) -> None:
    house, olga = kitchen.house, kitchen.people["olga"]
    before = await house.head(kitchen.room)
    change = wish(give(kitchen, "mel", "READ"), give(kitchen, "stranger", "READ"))
    seen = await house.changing.preview(olga, kitchen.room, change)
    assert await house.head(kitchen.room) == before
    (loses,), (gains,) = seen.loses, seen.gains
    assert (loses.actions, [it.nickname for it in loses.people]) == (["post"], ["mel"])
    assert gains.actions == ["see", "ask", "join", "read"]
    assert [it.nickname for it in gains.people] == ["stranger"]


async def test_a_preview_of_everyone_counts_everyone(kitchen: Kitchen) -> None:
    house, olga = kitchen.house, kitchen.people["olga"]
    guest = await house.person("gus", Role.GUEST)
    seen = await house.changing.preview(olga, kitchen.room, wish(GrantWish(EVERYONE, Level.POST)))
    by_actions = {tuple(effect.actions): effect for effect in seen.gains}
    assert by_actions["post",].count == 1, "rex, who only read"
    whole = by_actions["see", "ask", "join", "read", "post"]
    assert [it.nickname for it in whole.people] == ["stranger"]
    assert guest.account.nickname not in str(seen)


async def test_a_deleted_room_is_as_if_it_never_was(kitchen: Kitchen) -> None:
    house, room = kitchen.house, kitchen.room
    await house.say(kitchen.people["mel"], room, "secret soup")
    assert await refusal(house.changing.delete(kitchen.people["mo"], room)) == "not_allowed"
    await house.changing.delete(kitchen.people["olga"], room)
    for who in kitchen.people.values():
        assert await refusal(house.pages.before(who, room, None, 50)) == "not_found"
        assert await refusal(house.say(who, room, "anyone?")) == "not_found"
        assert await house.listing.mine(who) == []
        assert await house.listing.directory(who) == []
    assert all(entry.text is None for entry in await house.entries(room))
    assert (await house.entries(room))[-1].kind is Kind.DELETED


# --- the table -----------------------------------------------------------------------------------


async def test_the_table_agrees_with_decide_and_gives_reasons(kitchen: Kitchen) -> None:
    house = kitchen.house
    await kitchen.save("olga", CapWish(kitchen.id("mel"), MUTE, why="too loud"))
    table = await house.rights.page(kitchen.people["mo"], kitchen.room)
    rows = {row.person.nickname: row for row in table.rows}
    assert {name: row.level for name, row in rows.items()} == {
        "olga": "OWN", "otto": "OWN", "mo": "MODERATE", "mel": "READ", "rex": "READ",
    }  # fmt: skip
    assert [(why.kind, why.level, why.why) for why in rows["mel"].because] == [
        ("person", "POST", ""),
        ("cap", "READ", "too loud"),
    ]
    assert table.needs["post"] == "POST"
    for who in ("mel", "rex"):
        looked = house.rights.page(kitchen.people[who], kitchen.room)
        assert await refusal(looked) == "not_allowed"
    looked = house.rights.page(kitchen.people["stranger"], kitchen.room)
    assert await refusal(looked) == "not_found"


async def test_the_table_is_filtered_and_paged(kitchen: Kitchen) -> None:
    house, mo = kitchen.house, kitchen.people["mo"]
    can = await house.rights.page(mo, kitchen.room, action="post")
    assert [row.person.nickname for row in can.rows] == ["mel", "mo", "olga", "otto"]
    named = await house.rights.page(mo, kitchen.room, name="O")
    assert [row.person.nickname for row in named.rows] == ["mo", "olga", "otto"]
    rest = await house.rights.page(mo, kitchen.room, offset=3)
    assert (rest.total, [row.person.nickname for row in rest.rows]) == (5, ["otto", "rex"])
    unknown = house.rights.page(mo, kitchen.room, action="fly")
    assert await refusal(unknown) == "bad_request"


async def test_who_is_let_in_by_a_group_is_in_the_table(kitchen: Kitchen) -> None:
    house = kitchen.house
    crew = await make_group(house, "Crew", kitchen.people["stranger"])
    await kitchen.save("olga", GrantWish(group_subject(crew), Level.READ))
    table = await house.rights.page(kitchen.people["mo"], kitchen.room, name="stranger")
    assert [reason.group for reason in table.rows[0].because] == ["Crew"]
    found = await house.rights.access(kitchen.people["mo"], kitchen.room)
    assert [grant.group for grant in found.grants if grant.kind == "group"] == ["Crew"]
    assert found.groups == [], "only owners choose groups"
    owned = await house.rights.access(kitchen.people["olga"], kitchen.room)
    assert [group.name for group in owned.groups] == ["Crew"]


async def test_a_room_of_everyone_lists_everyone_to_its_moderators(house: House) -> None:
    ann, bo = await house.person("ann"), await house.person("bo")
    room = await house.room(ann, preset=Preset.OPEN)
    table = await house.rights.page(ann, room)
    assert [row.person.nickname for row in table.rows] == ["ann", "bo"]
    assert [reason.kind for reason in table.rows[1].because] == ["everyone"]
    assert bo.account.id not in (await house.facts(room)).members


async def make_group(house: House, name: str, *inside: Identity) -> str:
    """A group with these people in it."""

    def work(tx: Tx) -> str:
        group = Group(name.lower(), name, name.lower(), "", None, tx.now())
        groups.add(tx, group)
        for who in inside:
            person = people.facts_of(tx, who.account.id)
            assert person is not None
            put_in_group(tx, person, group.id, Person(who.account.id, "x"), None)
        return group.id

    return await house.database.write(work)
