"""Random histories of the whole product: every invariant of the log, by another model."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.histories.story import MovedClock, Story
from tests.house import House, open_house
from tests.people import Person


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def house(tmp_path: Path, clock: MovedClock) -> AsyncIterator[House]:
    limits = {"LIMITS__SOCKETS_PER_PERSON": "500"}
    async with open_house(tmp_path, limits, clock) as house:
        yield house


async def people_of(house: House) -> list[Person]:
    ann = await house.person("ann", admin=True)
    people = [ann, *[await house.person(name) for name in ("bo", "cy", "di")]]
    room = await people[1].make_room("Garden")
    return [*people, await house.person("gus", link=await people[1].link(room))]


async def tell(house: House, clock: MovedClock, seed: int, turns: int) -> Story:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.feed.DECIDED_AT_ONCE", 2)
        patch.setattr("live.feed.HANDED_AT_ONCE", 2)
        patch.setattr("live.feed.RING", 8)
        patch.setattr("live.hub.CATCH_UP_BATCH", 3)
        story = Story(house, clock, await people_of(house), seed)
        await story.begin(patch)
        await story.play(turns)
        await story.end()
        await story.leave()
        return story


@pytest.mark.parametrize("seed", range(3))
async def test_everyone_gets_what_they_may_and_no_more(
    house: House, clock: MovedClock, seed: int
) -> None:
    story = await tell(house, clock, seed, turns=40)
    assert story.observer.pages
    assert any(hearing.handed for hearing in story.observer.hearings)
    assert any(hearing.lost_at is not None for hearing in story.observer.hearings)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 160))
async def test_many_long_histories(house: House, clock: MovedClock, seed: int) -> None:
    await tell(house, clock, seed, turns=400)
