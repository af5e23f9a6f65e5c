"""Bringing people in by name, and removing them: who acts on whom."""

import pytest

from core.access import Cap, Delta, Preset, person_subject
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity
from tests.rooms.house import House
from tests.rooms.refusals import refusal


async def level(house: House, room: str, who: Identity) -> Level | None:
    grant = (await house.facts(room)).grants.get(person_subject(who.account.id))
    return grant.level if grant else None


async def test_an_invitation_grants_and_brings_in(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.inviting.invite(ann, room, bo.account.id, Level.POST)
    entry = (await house.entries(room))[-1]
    assert (entry.kind, [person.nickname for person in entry.people]) == (Kind.INVITED, ["bo"])
    assert await level(house, room, bo) is Level.POST
    assert bo.account.id in (await house.facts(room)).members


async def test_to_raise_a_member_is_no_second_entering(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    assert (await house.entries(room))[-1].kind is Kind.ACCESS
    assert await level(house, room, bo) is Level.MODERATE


@pytest.mark.parametrize("again", [Level.READ, Level.POST])
async def test_an_invitation_never_lowers(
    house: House, ann: Identity, bo: Identity, again: Level
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    before = await house.head(room)
    await house.invite(ann, room, bo, level=again)
    assert await house.head(room) == before
    assert await level(house, room, bo) is Level.POST


async def test_nobody_who_is_not_there_is_invited(house: House, ann: Identity) -> None:
    room = await house.room(ann)
    unknown = house.inviting.invite(ann, room, new_id(), Level.POST)
    assert await refusal(unknown) == "person_not_found"


@pytest.mark.parametrize(
    ("inviter", "gives", "error"),
    [
        (Level.OWN, Level.OWN, None),
        (Level.OWN, Level.MODERATE, None),
        (Level.MODERATE, Level.POST, None),
        (Level.MODERATE, Level.READ, None),
        (Level.MODERATE, Level.MODERATE, "grant_too_high"),
        (Level.MODERATE, Level.OWN, "grant_too_high"),
        (Level.POST, Level.READ, "not_allowed"),
        (Level.READ, Level.READ, "not_allowed"),
    ],
)
async def test_what_one_may_give(
    house: House,
    ann: Identity,
    bo: Identity,
    cy: Identity,
    inviter: Level,
    gives: Level,
    error: str | None,
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=inviter)
    assert await refusal(house.inviting.invite(bo, room, cy.account.id, gives)) == error
    assert (await level(house, room, cy) is gives) == (error is None)


async def test_a_muted_owner_gives_nothing(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.change(room, Delta(caps=(Cap(ann.account.id, Level.READ, None, 0),)))
    assert await refusal(house.inviting.invite(ann, room, cy.account.id, Level.READ)) == (
        "not_allowed"
    )


class TestRemoving:
    async def test_takes_grant_and_membership(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo)
        still_reads = await house.inviting.remove(ann, room, bo.account.id)
        assert still_reads is False
        assert await level(house, room, bo) is None
        assert bo.account.id not in (await house.facts(room)).members
        assert (await house.entries(room))[-1].kind is Kind.REMOVED

    async def test_says_so_when_reading_remains(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann, preset=Preset.OPEN)
        await house.membership.join(bo, room)
        assert await house.inviting.remove(ann, room, bo.account.id) is True
        await house.membership.join(bo, room)

    async def test_needs_someone_to_remove(self, house: House, ann: Identity, cy: Identity) -> None:
        room = await house.room(ann)
        for nobody in (cy.account.id, new_id()):
            assert await refusal(house.inviting.remove(ann, room, nobody)) == "person_not_found"

    @pytest.mark.parametrize(
        ("actor", "target", "error"),
        [
            (Level.OWN, Level.MODERATE, None),
            (Level.OWN, Level.OWN, "person_outranks"),
            (Level.MODERATE, Level.POST, None),
            (Level.MODERATE, Level.MODERATE, "person_outranks"),
            (Level.MODERATE, Level.OWN, "person_outranks"),
            (Level.POST, Level.READ, "not_allowed"),
        ],
    )
    async def test_only_those_below_oneself(
        self,
        house: House,
        ann: Identity,
        bo: Identity,
        cy: Identity,
        actor: Level,
        target: Level,
        error: str | None,
    ) -> None:
        room = await house.room(ann)
        await house.invite(ann, room, bo, level=actor)
        await house.invite(ann, room, cy, level=target)
        assert await refusal(house.inviting.remove(bo, room, cy.account.id)) == error
        assert (await level(house, room, cy) is None) == (error is None)

    async def test_a_muted_owner_is_still_out_of_reach(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        """The target's rank counts without caps, the actor's with them."""
        room = await house.room(ann)
        await house.invite(ann, room, bo, level=Level.MODERATE)
        await house.change(room, Delta(caps=(Cap(ann.account.id, Level.READ, None, 0),)))
        assert await refusal(house.inviting.remove(bo, room, ann.account.id)) == "person_outranks"

    async def test_oneself_is_within_reach_but_not_as_the_last_owner(
        self, house: House, ann: Identity, bo: Identity
    ) -> None:
        room = await house.room(ann)
        assert await refusal(house.inviting.remove(ann, room, ann.account.id)) == "last_owner"
        await house.invite(ann, room, bo, level=Level.OWN)
        assert await house.inviting.remove(ann, room, ann.account.id) is False


async def test_what_came_of_it_is_told(house: House, ann: Identity, bo: Identity) -> None:
    """An invitation never lowers, so its answer says what someone can do, not what was asked."""
    news = await house.room(ann, preset=Preset.ANNOUNCEMENTS)
    told = await house.inviting.invite(ann, news, bo.account.id, Level.POST)
    assert (told.nickname, told.level, told.may_post, told.joined) == ("bo", "POST", False, True)
    told = await house.inviting.invite(ann, news, bo.account.id, Level.MODERATE)
    assert (told.level, told.may_post, told.joined) == ("MODERATE", True, False)
    told = await house.inviting.invite(ann, news, bo.account.id, Level.READ)
    assert (told.level, told.may_post, told.joined) == ("MODERATE", True, False)
