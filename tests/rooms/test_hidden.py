"""Hidden is absent: whatever one asks of a room that one may not see, the answer is the same as
for a room that was never made."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from core.access import Cap, Delta, Preset
from core.ids import new_id
from core.levels import Level
from core.records import Identity
from messages.posting import Kept
from storage.engine import heard
from tests.rooms.house import House
from tests.rooms.refusals import refusal

Ask = Callable[[House, Identity, str], Awaitable[object]]

ASKS: dict[str, Ask] = {
    "History.before": lambda house, who, room: house.pages.before(who, room, None, 50),
    "History.after": lambda house, who, room: house.pages.after(who, room, 0, 50),
    "History.around": lambda house, who, room: house.pages.around(who, room, 1, 50),
    "Invitations.make": lambda house, who, room: house.invitations.make(who, room, 7, 1),
    "Invitations.revoke": lambda house, who, room: house.invitations.revoke(who, room, new_id()),
    "Invitations.working": lambda house, who, room: house.invitations.working(who, room),
    "Inviting.invite": lambda house, who, room: house.inviting.invite(
        who, room, who.account.id, Level.READ
    ),
    "Inviting.invite_by_nickname": lambda house, who, room: house.inviting.invite_by_nickname(
        who, room, who.account.nickname, Level.READ
    ),
    "Inviting.remove": lambda house, who, room: house.inviting.remove(who, room, who.account.id),
    "Occupancy.of": lambda house, who, room: house.occupancy.of(who, room),
    "Listing.one": lambda house, who, room: house.listing.one(who, room),
    "Making.describe": lambda house, who, room: house.making.describe(who, room, "Mine", None),
    "Membership.join": lambda house, who, room: house.membership.join(who, room),
    "Membership.leave": lambda house, who, room: house.membership.leave(who, room),
    "Posting.post": lambda house, who, room: house.posting.post(who, room, new_id(), "hello"),
    "Posting.submit": lambda house, who, room: _submitted(house, who, room),
}
SILENT: dict[str, Ask] = {
    "Hearing.snapshot": lambda house, who, room: house.hearing.snapshot(
        room, who.session.id, whole=True
    ),
    "Reading.read_up_to": lambda house, who, room: house.reading.read_up_to(who, room, 1),
}
"""Those that answer None instead of an error."""


def _submitted(house: House, who: Identity, room: str) -> Awaitable[Kept]:
    return heard(partial(house.posting.submit, who, room, new_id(), "hello"))


UNASKED = {"Hearing.entries_after", "Hearing.heads", "Hearing.may_hear", "Hearing.may_post"}
"""For the hub, which decides itself."""


async def stranger(house: House, ann: Identity, cy: Identity) -> tuple[str, Identity]:
    return await house.room(ann), cy


async def removed(house: House, ann: Identity, cy: Identity) -> tuple[str, Identity]:
    room = await house.room(ann)
    await house.invite(ann, room, cy, level=Level.MODERATE)
    await house.inviting.remove(ann, room, cy.account.id)
    return room, cy


async def banned(house: House, ann: Identity, cy: Identity) -> tuple[str, Identity]:
    room = await house.room(ann, preset=Preset.OPEN)
    await house.membership.join(cy, room)
    await house.change(room, Delta(caps=(Cap(cy.account.id, Level.HIDDEN, None, 0),)))
    return room, cy


async def a_guest_before_an_open_door(
    house: House, ann: Identity, cy: Identity
) -> tuple[str, Identity]:
    """Everyone may read the room, but everyone does not mean guests."""
    room = await house.room(ann, preset=Preset.OPEN)
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql(
            "UPDATE accounts SET role = 'guest' WHERE id = ?", (cy.account.id,)
        )
    )
    return room, cy


HIDINGS = [stranger, removed, banned, a_guest_before_an_open_door]


@pytest.mark.parametrize("hide", HIDINGS, ids=lambda hide: hide.__name__)
async def test_a_hidden_room_answers_like_one_that_never_was(
    house: House,
    ann: Identity,
    cy: Identity,
    hide: Callable[[House, Identity, Identity], Awaitable[tuple[str, Identity]]],
) -> None:
    room, who = await hide(house, ann, cy)
    answers = {name: [await refusal(ask(house, who, at)) for at in (room, new_id())]
               for name, ask in ASKS.items()}  # fmt: skip
    assert answers == {name: ["not_found", "not_found"] for name in ASKS}
    for name, ask in SILENT.items():
        assert [await ask(house, who, at) for at in (room, new_id())] == [None, None], name


@pytest.mark.parametrize("hide", HIDINGS, ids=lambda hide: hide.__name__)
async def test_a_hidden_room_is_in_no_list(
    house: House,
    ann: Identity,
    cy: Identity,
    hide: Callable[[House, Identity, Identity], Awaitable[tuple[str, Identity]]],
) -> None:
    room, who = await hide(house, ann, cy)
    assert room not in [seen.id for seen in await house.listing.directory(who)]
    assert room not in [seen.id for seen in await house.listing.mine(who)]
    assert room in [seen.id for seen in await house.listing.mine(ann)]


async def test_nothing_that_was_asked_left_a_trace(
    house: House, ann: Identity, cy: Identity
) -> None:
    room, who = await stranger(house, ann, cy)
    before = await house.head(room)
    for ask in (*ASKS.values(), *SILENT.values()):
        await refusal(ask(house, who, room))
    assert await house.head(room) == before


async def test_who_may_only_see_learns_no_more(house: House, ann: Identity, cy: Identity) -> None:
    """SEE and ASK are told that it is there, and nothing of what is in it."""
    room = await house.room(ann, preset=Preset.LISTED)
    answers = {name: await refusal(ask(house, cy, room)) for name, ask in ASKS.items()}
    expected = dict.fromkeys(ASKS, "not_allowed")
    expected |= {"Listing.one": "not_member", "Membership.leave": "not_member"}
    expected |= {"Posting.post": "post_not_allowed", "Posting.submit": "post_not_allowed"}
    assert answers == expected


def test_every_service_is_asked(house: House) -> None:
    """Whatever takes a room is in one of the lists above."""
    services = (
        *(house.pages, house.invitations, house.inviting, house.listing, house.occupancy),
        *(house.making, house.membership, house.posting, house.reading, house.hearing),
    )
    found = {
        f"{type(service).__name__}.{name}"
        for service in services
        for name, function in inspect.getmembers(type(service), inspect.isfunction)
        if not name.startswith("_")
        and ("room" in inspect.signature(function).parameters or "Hearing" in str(type(service)))
    }
    assert found == ASKS.keys() | SILENT.keys() | UNASKED
