"""Steps of which each is allowed, and that together would give or keep more than one may have."""

from __future__ import annotations

import pytest

from auth.signup import Draft
from core.access import EVERYONE, group_subject, person_subject
from core.levels import Level
from core.records import Identity, Role
from rooms.granting import BAN
from rooms.wishes import CapWish, GrantWish, SettingsWish, Wish
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal

HOUR = 3_600_000


def give(who: Identity, level: Level | None, until: int | None = None) -> Wish:
    return Wish(grants=(GrantWish(person_subject(who.account.id), level, until),))


async def save(house: House, by: Identity, room: str, wish: Wish) -> str | None:
    return await refusal(house.changing.save(by, room, wish))


# --- stepping down -------------------------------------------------------------------------------


@pytest.mark.parametrize("until", [None, 2 * DAY])
@pytest.mark.parametrize("level", [Level.POST, Level.READ, Level.SEE])
async def test_stepping_down_lasts_no_longer(
    house: House, ann: Identity, bo: Identity, level: Level, until: int | None
) -> None:
    """Who has something until Friday would have less of it for good."""
    room, friday = await house.room(ann), house.clock.now() + DAY
    later = until and house.clock.now() + until
    await save(house, ann, room, give(bo, Level.POST, friday))
    assert await save(house, bo, room, give(bo, level, later)) == "not_allowed"
    assert await save(house, bo, room, give(bo, Level.READ, friday)) is None
    house.clock.ms = friday
    await house.sweeper.sweep()
    assert await house.level(room, bo) is Level.HIDDEN


# --- taking away ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("level", "until"), [(Level.SEE, None), (Level.POST, 1), (None, None)])
async def test_who_may_not_remove_takes_nothing_away(
    house: House, ann: Identity, bo: Identity, cy: Identity, level: Level | None, until: int | None
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    await house.invite(ann, room, cy, level=Level.POST)
    await house.changing.save(ann, room, Wish(settings=SettingsWish(raised={"remove": Level.OWN})))
    end = until and house.clock.now() + until
    assert await save(house, bo, room, give(cy, level, end)) == "not_allowed"


@pytest.mark.parametrize("level", [Level.READ, None])
async def test_an_older_link_does_not_give_back_what_was_taken(
    house: House, ann: Identity, bo: Identity, level: Level | None
) -> None:
    room = await house.room(ann)
    link = await house.invitations.make(ann, room, 7, 10)
    await house.invitations.accept(bo, link.secret)
    assert await house.level(room, bo) is Level.POST
    await save(house, ann, room, give(bo, level))
    before = await house.level(room, bo)
    assert await refusal(house.invitations.accept(bo, link.secret)) == "invitation_void"
    assert await house.level(room, bo) is before
    await house.invite(ann, room, bo)
    assert await house.level(room, bo) is Level.POST


# --- through broken glass ------------------------------------------------------------------------


async def glass(house: House, admin: Identity, room: str, level: Level = Level.OWN) -> None:
    await house.glass.shatter(admin, room, level, 1, "It is stuck")


async def test_a_link_made_through_the_glass_is_not_for_oneself(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await glass(house, adam, room)
    link = await house.invitations.make(adam, room, 7, 10)
    assert await refusal(house.invitations.accept(adam, link.secret)) == "grant_too_high"
    await house.invitations.accept(bo, link.secret)
    await house.glass.mend(adam, room, adam.account.id)
    assert await house.level(room, adam) is Level.HIDDEN


@pytest.mark.parametrize("level", [Level.READ, Level.POST])
async def test_nobody_lets_all_in_through_the_glass_and_oneself_with_them(
    house: House, ann: Identity, adam: Identity, level: Level
) -> None:
    room, crew = await house.room(ann), await house.crew(adam, adam)
    others = await house.groups.make(adam, "Others")
    await glass(house, adam, room)
    for subject in (EVERYONE, group_subject(crew)):
        wish = Wish(grants=(GrantWish(subject, level),))
        assert await save(house, adam, room, wish) == "grant_too_high"
    wish = Wish(grants=(GrantWish(group_subject(others), level),))
    assert await save(house, adam, room, wish) is None
    assert await save(house, ann, room, Wish(grants=(GrantWish(EVERYONE, Level.POST),))) is None
    for lower in (Level.READ, None):
        wish = Wish(grants=(GrantWish(EVERYONE, lower),))
        assert await save(house, adam, room, wish) is None


@pytest.mark.parametrize("level", [Level.READ, Level.OWN])
async def test_nobody_joins_a_group_through_the_glass(
    house: House, ann: Identity, adam: Identity, level: Level
) -> None:
    """That one reads by the glass is no right that lasts."""
    room, crew = await house.room(ann), await house.crew(adam)
    await house.give_group(room, crew)
    await glass(house, adam, room, level)
    joining = house.groups.add(adam, crew, adam.account.nickname)
    assert await refusal(joining) == "group_gives_room"


async def test_glass_of_who_is_no_admin_any_more_cuts_no_owner(
    house: House, ann: Identity, adam: Identity, bo: Identity
) -> None:
    eve = await house.person("eve", Role.ADMIN)
    room = await house.room(ann)
    await house.invite(ann, room, adam, bo, level=Level.OWN)
    await glass(house, adam, room)
    await house.keeping.change_role(eve, adam.account.id, Role.MEMBER)
    assert await refusal(house.inviting.remove(adam, room, bo.account.id)) == "person_outranks"
    ban = Wish(caps=(CapWish(bo.account.id, BAN),))
    assert await save(house, adam, room, ban) == "person_outranks"


# --- the last owner ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["suspend", "delete"])
async def test_nobody_leaves_a_room_to_an_owner_who_cannot_log_in(
    house: House, ann: Identity, bo: Identity, adam: Identity, what: str
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.OWN)
    await getattr(house.keeping, what)(adam, bo.account.id)
    await refusal(house.changing.save(ann, room, give(bo, Level.OWN)))
    assert await refusal(house.membership.leave(ann, room)) == "last_owner"
    assert await save(house, ann, room, give(ann, Level.POST)) == "last_owner"
    assert await refusal(house.inviting.remove(ann, room, ann.account.id)) == "last_owner"


async def test_nobody_leaves_a_room_to_an_owner_who_is_banned(
    house: House, ann: Identity, bo: Identity, adam: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.OWN)
    await glass(house, adam, room)
    await save(house, adam, room, Wish(caps=(CapWish(bo.account.id, BAN),)))
    assert await refusal(house.membership.leave(ann, room)) == "last_owner"


# --- who waits for an admin ----------------------------------------------------------------------


async def test_who_waits_for_an_admin_is_nobody_yet(
    house: House, ann: Identity, adam: Identity
) -> None:
    await house.signups.ask(Draft("pia", "pia", True, "no hash", ""))
    pia = (await house.approvals.waiting(adam))[0]
    room = await house.room(ann)
    inviting = house.inviting.invite_by_nickname(ann, room, "pia", Level.POST)
    assert await refusal(inviting) == "person_not_found"
    wish = Wish(grants=(GrantWish(person_subject(pia.id), Level.OWN),))
    assert await save(house, ann, room, wish) == "person_not_found"
    await house.approvals.decline(adam, pia.id)
    assert await house.approvals.count(adam) == 0


# --- ends ----------------------------------------------------------------------------------------


async def test_a_new_account_comes_in_by_no_link_of_someone_whose_time_is_over(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    end = house.clock.now() + HOUR
    await save(house, ann, room, give(bo, Level.MODERATE, end))
    link = await house.invitations.make(bo, room, 7, 10)
    house.clock.ms = end
    assert await refusal(house.sign_up("dee", link.secret)) == "invitation_void"


# --- what reasons hold ---------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["a\x1b[2Jb", "a\u202eb", "a\u200fb"])
async def test_reasons_hide_nothing(house: House, ann: Identity, bo: Identity, why: str) -> None:
    room = await house.room(ann)
    subject = person_subject(bo.account.id)
    wish = Wish(grants=(GrantWish(subject, Level.READ, why=why),))
    assert await save(house, ann, room, wish) == "why_long"
    cap = Wish(caps=(CapWish(bo.account.id, BAN, why=why),))
    assert await save(house, ann, room, cap) == "why_long"


async def test_reasons_are_one_line(house: House, ann: Identity, bo: Identity) -> None:
    room, subject = await house.room(ann), person_subject(bo.account.id)
    await house.changing.save(
        ann, room, Wish(grants=(GrantWish(subject, Level.READ, why=" for\nnow "),))
    )
    assert (await house.facts(room)).grants[subject].why == "for now"
