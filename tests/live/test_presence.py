"""Who is here: told soon, told once for what came together, and only by fresh knowledge."""

from __future__ import annotations

from tests.live.devices import LiveHouse
from tests.live.stepping import on_a_stepped_loop, pass_time, quiet
from tests.live.test_hub import house_with, listening, told
from tests.live.world import World


async def soon() -> None:
    await pass_time(0.3)


@on_a_stepped_loop
async def test_comings_and_goings_are_told_to_who_is_here() -> None:
    house, _ = await house_with("bo")
    ann = await listening(house, "ann")
    await soon()
    assert ann.presence == ["ann"]
    bo = await listening(house, "bo")
    await soon()
    assert ann.presence == bo.presence == ["ann", "bo"]
    bo.close()
    await soon()
    assert ann.presence == ["ann"]


@on_a_stepped_loop
async def test_someone_with_two_windows_is_here_once() -> None:
    house, _ = await house_with()
    first, second = await listening(house, "ann"), await listening(house, "ann")
    await soon()
    assert second.presence == ["ann"]
    first.close()
    await soon()
    assert second.presence == ["ann"]


@on_a_stepped_loop
async def test_many_changes_at_once_are_one_frame() -> None:
    house, _ = await house_with("bo")
    ann = await listening(house, "ann")
    for _ in range(5):
        (await listening(house, "bo")).close()
    await soon()
    assert (ann.presence, ann.presences) == (["ann"], 1)


@on_a_stepped_loop
async def test_a_page_that_is_loaded_again_sees_who_is_here() -> None:
    """The only listener goes and comes back before the going was told."""
    house, _ = await house_with()
    ann = await listening(house, "ann")
    ann.close()
    again = await listening(house, "ann")
    await soon()
    assert again.presence == ["ann"]


@on_a_stepped_loop
async def test_who_is_removed_is_told_of_no_one_and_is_here_no_more() -> None:
    house, world = await house_with("bo", "cy")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    await soon()
    world.change("remove", "bo")
    told(house, world)
    await listening(house, "cy")
    await soon()
    assert ann.presence == ["ann", "cy"]
    assert bo.presence == ["ann", "bo"]


async def stale(house: LiveHouse, world: World) -> None:
    """The database does not answer for longer than a lease lasts."""
    world.answers_at_once = False
    world.suspended_for += 5
    await quiet()
    assert not house.lease.is_fresh


@on_a_stepped_loop
async def test_nothing_is_told_without_a_lease_but_all_when_it_is_back() -> None:
    house, world = await house_with("bo")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    await soon()
    await stale(house, world)
    bo.close()
    await pass_time(1)
    assert ann.presence == ["ann", "bo"]
    world.answer_from_now_on()
    await pass_time(4)
    assert ann.presence == ["ann"]


@on_a_stepped_loop
async def test_a_new_nickname_is_told_where_its_bearer_is() -> None:
    house, _ = await house_with("bo")
    ann = await listening(house, "ann")
    await soon()
    before = ann.presences
    house.hub.renamed("bo")
    await soon()
    assert ann.presences == before
    house.hub.renamed("ann")
    await soon()
    assert ann.presences == before + 1
