"""Hidden is absent in the work, too: whoever measures the time learns nothing from it, because a
hidden room and one that never was cost the same statements."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from core.ids import new_id
from core.levels import Level
from core.records import Identity
from tests.rooms.house import House
from tests.rooms.refusals import refusal
from tests.rooms.test_hidden import ASKS, HIDINGS, SILENT, Ask
from tests.statements import statements

Hide = Callable[[House, Identity, Identity], Awaitable[tuple[str, Identity]]]
hidings = pytest.mark.parametrize("hide", HIDINGS, ids=lambda hide: hide.__name__)


async def work_of(house: House, ask: Ask, who: Identity, room: str) -> list[str]:
    with statements(house.database) as sent:
        await refusal(ask(house, who, room))
    assert sent
    return sent


@hidings
@pytest.mark.parametrize("name", [*ASKS, *SILENT])
async def test_a_hidden_room_costs_what_an_absent_one_costs(
    house: House, ann: Identity, cy: Identity, hide: Hide, name: str
) -> None:
    room, who = await hide(house, ann, cy)
    ask = (ASKS | SILENT)[name]
    assert await work_of(house, ask, who, room) == await work_of(house, ask, who, new_id())


@hidings
async def test_posting_where_others_have_just_posted(
    house: House, ann: Identity, cy: Identity, hide: Hide
) -> None:
    """What the server remembers of a room is not told by being quicker."""
    room, who = await hide(house, ann, cy)
    await house.say(ann, room, "among ourselves")
    assert room in {place[0] for place in house.posting._known}
    ask = ASKS["Posting.post"]
    assert await work_of(house, ask, who, room) == await work_of(house, ask, who, new_id())


async def test_remembering_saves_work_for_those_who_may_see(house: House, ann: Identity) -> None:
    """Else the test above would say nothing."""
    room = await house.room(ann)
    first, second = [await work_of(house, ASKS["Posting.post"], ann, room) for _ in range(2)]
    assert len(second) < len(first)


async def test_a_stranger_who_posts_does_not_make_the_server_remember(
    house: House, ann: Identity, cy: Identity
) -> None:
    room = await house.room(ann)
    await refusal(house.say(cy, room, "let me in"))
    assert house.posting._known == {}


async def test_someone_hidden_from_a_guest_costs_what_nobody_costs(
    house: House, ann: Identity, cy: Identity, gus: Identity
) -> None:
    """A guest who may invite looks for a nickname."""
    room = await house.room(ann)
    await house.invite(ann, room, gus, level=Level.MODERATE)

    def finding(nickname: str) -> Ask:
        return lambda house, who, room: house.inviting.invite_by_nickname(
            who, room, nickname, Level.READ
        )

    hidden = await work_of(house, finding("cy"), gus, room)
    absent = await work_of(house, finding("no"), gus, room)
    assert [sent.replace("!cy", "!no") for sent in hidden] == absent
