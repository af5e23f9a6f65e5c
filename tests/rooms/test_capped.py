"""What a token's level and actions take away from its owner, verb by verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest

from core.access import Preset, person_subject
from core.levels import Level
from core.records import Identity, Role
from rooms.wishes import GrantWish, Wish
from tests.rooms.house import House
from tests.rooms.refusals import refusal

READ, POST, MODERATE, OWN = Level.READ, Level.POST, Level.MODERATE, Level.OWN


class Place(NamedTuple):
    """``room`` is ann's, and bo is in it; so is the one who acts, unless they are to join."""

    house: House
    bot: Identity
    room: str
    bo: Identity


Verb = Callable[[Place], Awaitable[object]]

VERBS: dict[str, Verb] = {
    "make": lambda it: it.house.making.make(it.bot, "Garden"),
    "describe": lambda it: it.house.making.describe(it.bot, it.room, "Pantry", None),
    "list": lambda it: it.house.listing.one(it.bot, it.room),
    "people": lambda it: it.house.occupancy.of(it.bot, it.room),
    "history": lambda it: it.house.pages.before(it.bot, it.room, None, 10),
    "post": lambda it: it.house.say(it.bot, it.room, "hello"),
    "invite": lambda it: it.house.inviting.invite(it.bot, it.room, it.bo.account.id, POST),
    "appoint": lambda it: it.house.inviting.invite(it.bot, it.room, it.bo.account.id, OWN),
    "remove": lambda it: it.house.inviting.remove(it.bot, it.room, it.bo.account.id),
    "remove itself": lambda it: it.house.inviting.remove(it.bot, it.room, it.bot.account.id),
    "link": lambda it: it.house.invitations.make(it.bot, it.room, 1, 1),
    "leave": lambda it: it.house.membership.leave(it.bot, it.room),
}
"""What the owner of a room that has another owner may do."""

LOOKING = ["people", "history"]
ACTING = ["post", "invite", "remove", "link"]
ALL = [*LOOKING, *ACTING, "make", "describe", "list", "appoint", "leave"]

CAPS: list[tuple[Level, str, list[str]]] = [
    (OWN, "", ALL),
    (MODERATE, "", [*LOOKING, *ACTING, "list"]),
    (POST, "", [*LOOKING, "list", "post"]),
    (READ, "", [*LOOKING, "list"]),
    (OWN, "read", LOOKING),
    (OWN, "read see", [*LOOKING, "list"]),
    (OWN, "post", ["post"]),
    (READ, "post", []),
    (OWN, "invite", ["invite", "link"]),
    (OWN, "invite appoint", ["invite", "link", "appoint"]),
    (OWN, "remove", ["remove"]),
    (MODERATE, "settings", []),
    (OWN, "settings", ["describe"]),
    (OWN, "join", ["leave"]),
    (MODERATE, "join", []),
]


@pytest.mark.parametrize(("level", "actions", "may"), CAPS)
async def test_a_token_of_an_owner(
    house: House, ann: Identity, bo: Identity, level: Level, actions: str, may: list[str]
) -> None:
    done = set()
    for name, verb in VERBS.items():
        if await refusal(verb(await place(house, ann, bo, level, actions))) is None:
            done.add(name)
    assert done == set(may)


async def place(
    house: House, ann: Identity, bo: Identity, level: Level | None, actions: str
) -> Place:
    """A new room, with two owners."""
    room = await house.room(ann)
    other = await house.person(f"owner of {room}")
    await house.invite(ann, room, other, level=OWN)
    await house.invite(ann, room, bo)
    only = frozenset(actions.split()) or None
    return Place(house, await house.another_login(ann, level, only), room, bo)


async def test_without_a_token_the_owner_may_all_that(
    house: House, ann: Identity, bo: Identity
) -> None:
    for verb in VERBS.values():
        await verb(await place(house, ann, bo, None, ""))


@pytest.mark.parametrize(
    ("level", "actions", "error"),
    [
        (READ, "", None),
        (POST, "join", None),
        (OWN, "see read post", "not_allowed"),
        (READ, "join read", None),
    ],
)
async def test_joining_takes_reading_and_the_action(
    house: House, ann: Identity, cy: Identity, level: Level, actions: str, error: str | None
) -> None:
    """And leaving takes no more."""
    room = await house.room(ann, preset=Preset.OPEN)
    bot = await house.another_login(cy, level, frozenset(actions.split()) or None)
    assert await refusal(house.membership.join(bot, room)) == error
    if error is None:
        await house.membership.leave(bot, room)
    else:
        await house.membership.join(cy, room)
        assert await refusal(house.membership.leave(bot, room)) == error


async def test_leaving_gives_up_no_more_than_the_token_has(
    house: House, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    assert await refusal(house.membership.leave(await house.another_login(bo, READ), room))
    assert person_subject(bo.account.id) in (await house.facts(room)).grants
    await house.membership.leave(await house.another_login(bo, POST), room)
    assert person_subject(bo.account.id) not in (await house.facts(room)).grants


async def test_a_moderator_does_not_remove_its_own_owner(
    house: House, ann: Identity, bo: Identity
) -> None:
    """Nor raise them."""
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=MODERATE)
    bot, me = await house.another_login(bo, MODERATE), bo.account.id
    assert await refusal(house.inviting.remove(bot, room, me)) == "person_outranks"
    assert await refusal(house.inviting.invite(bot, room, me, OWN)) == "grant_too_high"


@pytest.mark.parametrize("level", [MODERATE, OWN])
async def test_links_of_tokens_make_guests(house: House, adam: Identity, level: Level) -> None:
    room = await house.room(adam)
    own = await house.invitations.make(adam, room, 1, 1)
    assert own.invitation.role is Role.MEMBER
    bot = await house.another_login(adam, level)
    assert (await house.invitations.make(bot, room, 1, 1)).invitation.role is Role.GUEST
    members = house.invitations.make(bot, room, 1, 1, Role.MEMBER)
    assert await refusal(members) == "not_allowed"


async def test_a_cap_that_hides_nothing_is_told_as_to_a_person(
    house: House, ann: Identity, cy: Identity
) -> None:
    """Whoever sees the room is told that they may not; others, that there is none."""
    room = await house.room(ann)
    describe = house.making.describe
    assert await refusal(describe(await house.another_login(ann, READ), room, "x", None)) == (
        "not_allowed"
    )
    assert await refusal(describe(await house.another_login(cy, OWN), room, "x", None)) == (
        "not_found"
    )


@pytest.mark.parametrize(("actions", "seq"), [("read", 3), ("post", 2)])
async def test_only_who_may_read_moves_the_mark(
    house: House, ann: Identity, bo: Identity, actions: str, seq: int
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.say(ann, room, "hello")
    bot = await house.another_login(bo, POST, frozenset({actions}))
    await house.reading.read_up_to(bot, room, 3)
    assert (await house.listing.one(bo, room)).read_seq == seq


async def test_a_token_does_not_step_down_for_its_owner(
    house: House, ann: Identity, bo: Identity
) -> None:
    """Which a person may do with their own right, and at once."""
    room = await house.room(ann)
    await house.invite(ann, room, bo, level=OWN)
    me = person_subject(bo.account.id)
    down = Wish(grants=(GrantWish(me, POST),))
    for level in (READ, MODERATE, OWN):
        bot = await house.another_login(bo, level)
        assert await refusal(house.changing.save(bot, room, down)) == "person_outranks"
    await house.changing.save(bo, room, down)
    assert (await house.facts(room)).grants[me].level is POST
