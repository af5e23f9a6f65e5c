"""A feed that is given up while its pump is in the middle of something."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.live.stepping import on_a_stepped_loop, pass_time, quiet
from tests.live.test_pump import open_house, tell
from tests.live.world import ROOM


@pytest.mark.parametrize("wide", [True, False])
@on_a_stepped_loop
async def test_its_pump_ends_quietly(wide: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.feed.DECIDED_AT_ONCE", 1)
        patch.setattr("live.feed.HANDED_AT_ONCE", 1)
        patch.setattr("live.pump.PAUSE", 0.3)
        failed: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: failed.append(told))
        world, house = await open_house("ann", "bo", "cy")
        feed, pump = house.hub._feeds[ROOM], house.hub._pumps[ROOM]
        first = world.change("open", "cy") if wide else world.post()
        tell(house, first, world.change("invite", "dee"), world.post())
        await quiet()
        task = pump._task
        assert feed.is_under_way and task is not None
        house.hub._give_up(feed)
        await pass_time(3)
        assert task.done() and task.exception() is None and not failed
