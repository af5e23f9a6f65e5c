"""Links: what they give, whom they make, and all the ways in which they stop working."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from core.access import Cap, Delta, Preset, person_subject
from core.errors import ChatError
from core.ids import new_secret
from core.levels import Level
from core.log import Kind
from core.records import Identity, Role
from storage import accounts
from storage.invitations import Invitation
from tests.rooms.house import DAY, House
from tests.rooms.refusals import refusal


async def link(
    house: House, who: Identity, room: str | None, *, days: int = 7, uses: int = 1
) -> str:
    return (await house.invitations.make(who, room, days, uses)).secret


async def test_an_admin_may_invite_guests_and_others_only_them(
    house: House, ann: Identity, adam: Identity
) -> None:
    room = await house.room(adam)
    made = await house.invitations.make(adam, room, 7, 1, Role.GUEST)
    account, _ = await house.sign_up("dee", made.secret)
    assert account.role is Role.GUEST
    own = await house.room(ann)
    assert await refusal(house.invitations.make(ann, own, 7, 1, Role.MEMBER)) == "not_allowed"


# --- what a link gives ---------------------------------------------------------------------------


async def test_a_link_brings_a_member_in(house: House, ann: Identity, cy: Identity) -> None:
    room = await house.room(ann)
    secret = await link(house, ann, room)
    assert await house.invitations.accept(cy, secret) == room
    facts, entry = await house.facts(room), (await house.entries(room))[-1]
    assert cy.account.id in facts.members
    assert facts.grants[person_subject(cy.account.id)].level is Level.POST
    assert (entry.kind, entry.by and entry.by.nickname) == (Kind.JOINED, "cy")


async def test_the_one_who_made_it_gave_the_grant(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invitations.accept(cy, await link(house, ann, room))
    grant = (await house.facts(room)).grants[person_subject(cy.account.id)]
    assert grant.by == ann.account.id


@pytest.mark.parametrize(("maker", "role"), [("ann", Role.GUEST), ("adam", Role.MEMBER)])
async def test_what_an_outsider_becomes(
    house: House, ann: Identity, adam: Identity, maker: str, role: Role
) -> None:
    """Only an admin's link makes a member; a room's makes a guest of that room."""
    who = {"ann": ann, "adam": adam}[maker]
    room = await house.room(who)
    account, led_to = await house.sign_up("dee", await link(house, who, room))
    assert (account.role, led_to) == (role, room)
    kept = await house.read(lambda tx: accounts.get(tx, account.id))
    assert kept is not None and kept.role is role
    dee = await house.log_in(account)
    assert [seen.id for seen in await house.listing.mine(dee)] == [room]


async def test_a_guest_by_link_stays_in_that_room(house: House, ann: Identity) -> None:
    open_room = await house.room(ann, preset=Preset.OPEN)
    room = await house.room(ann)
    account, _ = await house.sign_up("dee", await link(house, ann, room))
    dee = await house.log_in(account)
    assert [seen.id for seen in await house.listing.directory(dee)] == [room]
    assert await refusal(house.membership.join(dee, open_room)) == "not_found"


async def test_a_link_to_the_server_leads_to_no_room(house: House, adam: Identity) -> None:
    account, led_to = await house.sign_up("dee", await link(house, adam, None))
    assert (account.role, led_to) == (Role.MEMBER, None)


async def test_what_the_page_of_a_link_says(house: House, ann: Identity, adam: Identity) -> None:
    room = await house.room(ann)
    seen = await house.invitations.look(await link(house, ann, room))
    assert [(place.id, place.name) for place in seen.rooms] == [(room, "Kitchen")]
    assert (seen.maker, seen.role, seen.level) == ("ann", Role.GUEST, Level.POST)
    server = await house.invitations.look(await link(house, adam, None))
    assert (server.rooms, server.role) == ([], Role.MEMBER)


async def test_a_link_never_lowers(house: House, ann: Identity, bo: Identity) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    await house.invitations.accept(bo, await link(house, ann, room))
    assert (await house.facts(room)).grants[person_subject(bo.account.id)].level is Level.MODERATE


# --- who makes, sees and revokes them ------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "error"),
    [(Level.OWN, None), (Level.MODERATE, None), (Level.POST, "not_allowed")],
)
async def test_who_makes_links_to_a_room(
    house: House, ann: Identity, bo: Identity, level: Level, error: str | None
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=level)
    assert await refusal(house.invitations.make(bo, room, 7, 1)) == error
    assert await refusal(house.invitations.working(bo, room)) == error


async def test_only_admins_make_links_to_the_server(
    house: House, ann: Identity, gus: Identity, adam: Identity
) -> None:
    for who in (ann, gus):
        assert await refusal(house.invitations.make(who, None, 7, 1)) == "not_found"
        assert await refusal(house.invitations.working(who, None)) == "not_found"
    assert await refusal(house.invitations.make(adam, None, 7, 1)) is None


@pytest.mark.parametrize(
    ("days", "uses", "error"),
    [
        (1, 1, None),
        (365, 1000, None),
        (0, 1, "invitation_bad"),
        (366, 1, "invitation_bad"),
        (1, 0, "invitation_bad"),
        (1, 1001, "invitation_bad"),
        (-1, -1, "invitation_bad"),
    ],
)
async def test_how_long_and_for_how_many(
    house: House, ann: Identity, days: int, uses: int, error: str | None
) -> None:
    room = await house.room(ann)
    assert await refusal(house.invitations.make(ann, room, days, uses)) == error


async def listed(house: House, who: Identity, room: str | None) -> list[Invitation]:
    return [found.invitation for found in await house.invitations.working(who, room)]


async def test_working_links_are_listed_by_room(
    house: House, ann: Identity, adam: Identity
) -> None:
    kitchen, pantry = await house.room(ann), await house.room(ann)
    first = await house.invitations.make(ann, kitchen, 1, 1)
    house.clock.ms += 1
    second = await house.invitations.make(ann, kitchen, 2, 5)
    await house.invitations.make(ann, pantry, 7, 1)
    await house.invitations.make(adam, None, 7, 1)
    assert await listed(house, ann, kitchen) == [second.invitation, first.invitation]
    house.clock.ms += DAY
    assert await listed(house, ann, kitchen) == [second.invitation]


async def test_a_link_is_revoked_by_its_own_room_only(house: House, ann: Identity) -> None:
    kitchen, pantry = await house.room(ann), await house.room(ann)
    made = await house.invitations.make(ann, kitchen, 7, 1)
    other = house.invitations.revoke(ann, pantry, made.invitation.id)
    assert await refusal(other) == "invitation_void"
    assert await refusal(house.invitations.look(made.secret)) is None
    await house.invitations.revoke(ann, kitchen, made.invitation.id)
    again = house.invitations.revoke(ann, kitchen, made.invitation.id)
    assert await refusal(again) == "invitation_void"


# --- used up -------------------------------------------------------------------------------------


async def test_one_use_is_one_use_when_two_come_at_once(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    secret = await link(house, ann, room)
    outcomes = await asyncio.gather(
        *(refusal(house.invitations.accept(who, secret)) for who in (bo, cy))
    )
    assert sorted(map(str, outcomes)) == ["None", "invitation_void"]
    assert len((await house.facts(room)).members) == 2


async def test_one_use_makes_one_account(house: House, ann: Identity) -> None:
    secret = await link(house, ann, await house.room(ann))
    names = [f"dee{number}" for number in range(5)]
    outcomes = await asyncio.gather(*(refusal(house.sign_up(name, secret)) for name in names))
    assert outcomes.count(None) == 1
    made = [await house.read(lambda tx, name=name: accounts.by_name(tx, name)) for name in names]  # type: ignore[misc]
    assert sum(account is not None for account in made) == 1


async def test_who_is_in_already_uses_nothing_up(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    secret = await link(house, ann, room)
    before = await house.head(room)
    assert await house.invitations.accept(bo, secret) == room
    assert await house.invitations.accept(ann, secret) == room
    assert await house.head(room) == before
    assert await house.invitations.accept(cy, secret) == room


async def test_a_link_to_the_server_is_not_used_up_by_who_is_there_already(
    house: House, adam: Identity, cy: Identity
) -> None:
    secret = await link(house, adam, None)
    assert await house.invitations.accept(cy, secret) is None
    account, _ = await house.sign_up("dee", secret)
    assert account.role is Role.MEMBER


async def test_a_failed_sign_up_uses_nothing_up(house: House, ann: Identity) -> None:
    secret = await link(house, ann, await house.room(ann))
    await house.sign_up("dee", await link(house, ann, await house.room(ann)))
    assert await refusal(house.sign_up("dee", secret)) == "name_taken"
    assert await refusal(house.sign_up("eve", secret)) is None


# --- void ----------------------------------------------------------------------------------------

Voiding = Callable[[House, Identity, str, str], Awaitable[None]]


async def expired(house: House, bo: Identity, room: str, id: str) -> None:
    house.clock.ms += 7 * DAY


async def revoked(house: House, bo: Identity, room: str, id: str) -> None:
    await house.invitations.revoke(bo, room, id)


async def its_maker_was_removed(house: House, bo: Identity, room: str, id: str) -> None:
    await house.membership.leave(bo, room)


async def its_maker_was_muted(house: House, bo: Identity, room: str, id: str) -> None:
    await house.change(room, Delta(caps=(Cap(bo.account.id, Level.POST, None, 0),)))


async def its_maker_was_suspended(house: House, bo: Identity, room: str, id: str) -> None:
    await set_account(house, bo, "state", "suspended")


async def set_account(house: House, who: Identity, column: str, value: str) -> None:
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql(
            f"UPDATE accounts SET {column} = ? WHERE id = ?",  # noqa: S608
            (value, who.account.id),
        )
    )


VOIDINGS = [
    expired, revoked, its_maker_was_removed, its_maker_was_muted, its_maker_was_suspended,
]  # fmt: skip


@pytest.mark.parametrize("voiding", VOIDINGS, ids=lambda voiding: voiding.__name__)
async def test_void(
    house: House, ann: Identity, bo: Identity, cy: Identity, voiding: Voiding
) -> None:
    """Looked at, used by someone or by an outsider: it does not work, and nothing is made."""
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    made = await house.invitations.make(bo, room, 7, 10)
    assert await refusal(house.invitations.look(made.secret)) is None
    await voiding(house, bo, room, made.invitation.id)
    house_of_cards = (
        house.invitations.look(made.secret),
        house.invitations.accept(await house.another_login(cy), made.secret),
        house.sign_up("dee", made.secret),
    )
    assert [await refusal(use) for use in house_of_cards] == ["invitation_void"] * 3
    assert await house.read(lambda tx: accounts.by_name(tx, "dee")) is None
    assert cy.account.id not in (await house.facts(room)).members


async def test_a_right_that_comes_back_brings_the_link_back(
    house: House, ann: Identity, bo: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=Level.MODERATE)
    secret = await link(house, bo, room)
    await its_maker_was_muted(house, bo, room, "")
    assert await refusal(house.invitations.accept(cy, secret)) == "invitation_void"
    await house.change(room, Delta(uncapped=((bo.account.id, Level.POST),)))
    assert await house.invitations.accept(cy, secret) == room


@pytest.mark.parametrize("to_a_room", [True, False])
async def test_a_former_admins_links_make_no_members(
    house: House, adam: Identity, to_a_room: bool
) -> None:
    room = await house.room(adam) if to_a_room else None
    secret = await link(house, adam, room)
    await set_account(house, adam, "role", "member")
    assert await refusal(house.sign_up("dee", secret)) == "invitation_void"


async def test_what_was_never_made_is_void_too(house: House, cy: Identity) -> None:
    for secret in (new_secret(), "", "x"):
        assert await refusal(house.invitations.look(secret)) == "invitation_void"
        assert await refusal(house.invitations.accept(cy, secret)) == "invitation_void"


async def test_the_secret_is_not_kept(house: House, ann: Identity) -> None:
    secret = await link(house, ann, await house.room(ann))
    rows = await house.read(lambda tx: tx.conn.exec_driver_sql("SELECT * FROM invitations").all())
    assert rows and secret not in str(rows)


async def test_accepting_needs_a_live_log_in(house: House, ann: Identity, cy: Identity) -> None:
    secret = await link(house, ann, await house.room(ann))
    await house.log_out(cy)
    with pytest.raises(ChatError, match="not_signed_in"):
        await house.invitations.accept(cy, secret)


async def test_only_so_many_links_work_at_a_time(
    house: House, ann: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rooms.invitations.MOST_LINKS", 2)
    room, other = await house.room(ann), await house.room(ann)
    first = await house.invitations.make(ann, room, 7, 1)
    await house.invitations.make(ann, room, 7, 1)
    assert await refusal(house.invitations.make(ann, room, 7, 1)) == "too_many_links"
    await house.invitations.make(ann, other, 7, 1)
    await house.invitations.revoke(ann, room, first.invitation.id)
    await house.invitations.make(ann, room, 7, 1)
