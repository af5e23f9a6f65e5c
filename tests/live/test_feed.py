"""The one place where a position moves."""

from __future__ import annotations

from collections import deque

import pytest
from msgspec.structs import replace

from core.access import PersonFacts
from core.records import Role
from live.feed import Feed, GivenUp
from live.listener import Subscription
from tests.live.devices import Connection, LiveHouse, PlainFraming
from tests.live.stepping import on_a_stepped_loop, quiet
from tests.live.world import ROOM, World, facts_of


def feed_of(world: World) -> Feed:
    return Feed(
        ROOM,
        world.head,
        world.tag,
        facts_of(world.log),
        world.may_hear,
        PlainFraming(),
        lambda feed: None,
    )


def listener(world: World, feed: Feed) -> Subscription:
    device = LiveHouse(world).device("ann")
    device.receive(["subscribed", 1, feed.pos, feed.tag, False])
    subscription = Subscription(Connection(device), PersonFacts("ann", Role.MEMBER), ROOM, feed.pos)
    feed.join(subscription)
    return subscription


@on_a_stepped_loop
async def test_a_step_is_the_next_entry_and_no_other() -> None:
    world = World()
    feed = feed_of(world)
    first, second = world.post(), world.post()
    for wrong in (second, replace(first, seq=1), replace(first, tag="another")):
        with pytest.raises(AssertionError, match="does not follow"):
            feed.step(wrong)
    feed.step(first)
    with pytest.raises(AssertionError, match="does not follow"):
        feed.step(first)
    feed.step(second)
    assert feed.pos == 3


@on_a_stepped_loop
async def test_nobody_joins_but_where_the_feed_stands() -> None:
    world = World()
    feed = feed_of(world)
    subscription = listener(world, feed)
    behind = Subscription(subscription.listener, subscription.facts, ROOM, feed.pos - 1)
    with pytest.raises(AssertionError):
        feed.join(behind)
    lost = Subscription(subscription.listener, subscription.facts, ROOM, feed.pos)
    lost.lost = True
    with pytest.raises(AssertionError):
        feed.join(lost)


@on_a_stepped_loop
async def test_changes_that_give_or_take_nothing_still_count_as_access() -> None:
    """`last_access` may only be too high: then someone is asked about once more."""
    world = World()
    feed = feed_of(world)
    assert feed.last_access == feed.pos
    feed.step(world.post())
    assert feed.last_access == 1
    feed.flush()
    feed.step(world.change("rename", "ann"))
    feed.flush()
    feed.step(world.change("ban", "bo"))
    assert feed.last_access == feed.pos == 4


@pytest.mark.parametrize("after", range(1, 12))
@on_a_stepped_loop
async def test_what_is_remembered_is_whole_or_nothing(after: int) -> None:
    world = World()
    feed = feed_of(world)
    feed._ring = deque(maxlen=5)
    for _ in range(10):
        feed.step(world.post())
    found = feed.recent(after, 3)
    if after < 6:
        assert found is None
    else:
        assert [entry.seq for entry, _ in found or []] == list(range(after + 1, 12))[:3]


@on_a_stepped_loop
async def test_waiting_for_a_position() -> None:
    world = World()
    feed = feed_of(world)
    now, soon, later = feed.reached(1), feed.reached(2), feed.reached(4)
    gone = feed.reached(2)
    gone.cancel()
    feed.step(world.post())
    assert (now.done(), soon.done(), later.done()) == (True, True, False)
    feed.give_up()
    with pytest.raises(GivenUp):
        await later
    await quiet()


@on_a_stepped_loop
async def test_giving_up_sends_everyone_away() -> None:
    world = World()
    feed = feed_of(world)
    subscription = listener(world, feed)
    feed.give_up()
    assert subscription.lost and subscription.listener.closed
    assert feed.unused


@on_a_stepped_loop
async def test_a_listener_that_leaves_in_the_middle_of_a_step_disturbs_no_other() -> None:
    """A connection that falls behind is let go by its handler, while others are served."""
    world = World()
    feed = feed_of(world)
    first, second = listener(world, feed), listener(world, feed)
    write = first.listener.write

    def write_and_leave(frame: bytes) -> int:
        feed.leave(first)
        return write(frame)

    first.listener.write = write_and_leave  # type: ignore[misc]
    feed.step(world.post())
    feed.flush()
    assert feed.live == (second,)
