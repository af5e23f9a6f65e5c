"""One person can be in so many rooms and no more, whoever puts them there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from core.access import Preset
from core.levels import Level
from core.records import Identity
from rooms import crowding
from tests.rooms.house import House
from tests.rooms.refusals import refusal

MOST = 3


@pytest.fixture(autouse=True)
def few_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowding, "MOST_ROOMS", MOST)


@pytest.fixture
async def room(house: House, ann: Identity) -> str:
    return await house.room(ann, preset=Preset.OPEN)


@pytest.fixture
async def others(house: House, bo: Identity, cy: Identity) -> list[str]:
    """Bo is in as many rooms as he can be."""
    made = [await house.room(cy, preset=Preset.OPEN) for _ in range(MOST)]
    for room in made:
        await house.membership.join(bo, room)
    return made


async def _make(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.room(bo)


async def _join(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.membership.join(bo, room)


async def _invite(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.invite(ann, room, bo)


async def _invite_by_nickname(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.inviting.invite_by_nickname(ann, room, "bo", Level.POST)


async def _link(house: House, ann: Identity, bo: Identity, room: str) -> None:
    await house.invitations.accept(bo, (await house.invitations.make(ann, room, 7, 1)).secret)


@pytest.mark.parametrize("enter", [_make, _join, _invite, _invite_by_nickname, _link])
async def test_no_way_leads_into_one_too_many(
    house: House,
    ann: Identity,
    bo: Identity,
    room: str,
    others: list[str],
    enter: Callable[[House, Identity, Identity, str], Awaitable[None]],
) -> None:
    before = await house.head(room)
    assert await refusal(enter(house, ann, bo, room)) == "too_many_rooms"
    assert sorted(seen.id for seen in await house.listing.mine(bo)) == sorted(others)
    assert await house.head(room) == before, "no entry tells of who did not come in"
    await house.membership.leave(bo, others[0])
    assert await refusal(enter(house, ann, bo, room)) is None
    assert len(await house.listing.mine(bo)) == MOST


async def test_a_refused_link_is_not_used_up(
    house: House, ann: Identity, bo: Identity, gus: Identity, room: str, others: list[str]
) -> None:
    secret = (await house.invitations.make(ann, room, 7, 1)).secret
    assert await refusal(house.invitations.accept(bo, secret)) == "too_many_rooms"
    assert await house.invitations.accept(gus, secret) == room


async def test_who_is_in_the_room_already_is_not_one_more(
    house: House, bo: Identity, cy: Identity, others: list[str]
) -> None:
    await house.invite(cy, others[0], bo, level=Level.MODERATE)
    await house.membership.join(bo, others[0])
    (seen,) = [row for row in await house.listing.mine(bo) if row.id == others[0]]
    assert seen.level == "MODERATE"
