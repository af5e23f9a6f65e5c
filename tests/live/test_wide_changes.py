"""A change that concerns everyone in a room: decided in slices, and nothing falls between them."""

from __future__ import annotations

import asyncio

import pytest

from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.records import Role
from live.bus import RoomMoved
from live.feed import Feed
from live.listener import Subscription
from tests.live.devices import Connection, Device, LiveHouse, PlainFraming
from tests.live.judge import judge, judge_rest
from tests.live.stepping import on_a_stepped_loop, pass_time, quiet
from tests.live.world import ROOM, World, facts_of

PAUSE = 0.1


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.feed.DECIDED_AT_ONCE", 2)
    monkeypatch.setattr("live.pump.PAUSE", PAUSE)


class Room:
    """A feed of an open room with five listeners; Bo is invited as well, so may stay."""

    def __init__(self) -> None:
        self.world = World()
        for what, who in (("open", ""), ("invite", "bo"), ("join", "cy")):
            self.world.change(what, who)
        self.changes = 0
        self.feed = Feed(
            ROOM,
            self.world.head,
            self.world.tag,
            facts_of(self.world.log),
            self.world.may_hear,
            PlainFraming(),
            self._changed,
        )
        house = LiveHouse(self.world)
        self.devices = [house.device(who) for who in ("ann", "cy", "bo", "cy", "bo")]
        self.all = [self._listener(device) for device in self.devices]

    def _changed(self, feed: Feed) -> None:
        self.changes += 1

    def _listener(self, device: Device) -> Subscription:
        device.receive(["subscribed", 1, self.feed.pos, self.feed.tag, False])
        facts = PersonFacts(device.who, Role.MEMBER)
        subscription = Subscription(Connection(device), facts, ROOM, self.feed.pos)
        self.feed.enter(subscription)
        self.feed.join(subscription)
        return subscription

    def lost(self) -> list[bool]:
        return [subscription.lost for subscription in self.all]

    def handed(self) -> list[int]:
        return [len(device.hearings[0].handed) for device in self.devices]


@on_a_stepped_loop
async def test_in_slices_and_then_as_before() -> None:
    room = Room()
    feed, ann, bo, bo_too = room.feed, room.all[0], room.all[2], room.all[4]
    close = room.world.change("close", "")
    feed.step(close)
    assert (feed.is_deciding, feed.live, feed.pos) == (True, (), close.seq - 1)
    assert feed.last_access == close.seq
    assert room.handed() == [0, 0, 0, 1, 1]
    assert room.lost() == [False, False, False, True, False]
    feed.go_on()
    feed.go_on()
    assert (feed.is_deciding, feed.live, feed.pos) == (False, (ann, bo, bo_too), close.seq)
    assert room.handed() == [1] * 5
    assert [device.hearings[0].lost_at for device in room.devices] == [
        None, close.seq, None, close.seq, None,
    ]  # fmt: skip
    assert room.changes == 2
    feed.step(room.world.post())
    feed.flush()
    assert room.handed() == [2, 1, 2, 1, 2]


@on_a_stepped_loop
async def test_nothing_happens_in_the_middle_of_it() -> None:
    room = Room()
    room.feed.step(room.world.change("close", ""))
    with pytest.raises(AssertionError, match="does not follow"):
        room.feed.step(room.world.post())
    late = Subscription(room.all[0].listener, room.all[0].facts, ROOM, room.feed.pos)
    for act in (room.feed.enter, room.feed.join):
        with pytest.raises(AssertionError):
            act(late)


@pytest.mark.parametrize("gone", range(5))
@on_a_stepped_loop
async def test_who_leaves_in_the_middle_is_gone(gone: int) -> None:
    """Whether they were decided on already or not."""
    room = Room()
    room.feed.step(room.world.change("open", ""))
    room.feed.leave(room.all[gone])
    while room.feed.is_deciding:
        room.feed.go_on()
    assert list(room.feed.live) == [one for n, one in enumerate(room.all) if n != gone]


@on_a_stepped_loop
async def test_when_all_leave_in_the_middle_it_ends() -> None:
    room = Room()
    room.feed.step(room.world.change("close", ""))
    for subscription in room.all:
        room.feed.leave(subscription)
    assert room.feed.unused
    room.feed.go_on()
    assert not room.feed.is_deciding and room.feed.pos == room.world.head


@on_a_stepped_loop
async def test_given_up_in_the_middle() -> None:
    room = Room()
    room.feed.step(room.world.change("open", ""))
    waiting = room.feed.reached(room.world.head)
    room.feed.give_up()
    assert all(one.lost and one.listener.closed for one in room.all)
    assert waiting.done() and waiting.exception() is not None
    room.feed.go_on()
    assert room.feed.live == () and not room.feed.is_deciding


@on_a_stepped_loop
async def test_one_person_is_found_without_asking_about_the_others() -> None:
    room = Room()
    asked: list[str] = []
    may_hear = room.feed._may_hear

    def counted(facts: Facts) -> bool:
        asked.append(facts.person.id)
        return may_hear(facts)

    room.feed._may_hear = counted
    room.feed.step(room.world.change("mute", "cy"))
    assert asked == ["cy", "cy"]
    room.feed.flush()
    room.feed.step(room.world.change("ban", "cy"))
    assert asked == ["cy"] * 4
    assert len(room.feed.live) == 3 and room.changes == 1


# --- with hub and pump ---------------------------------------------------------------------------


async def open_house(*people: str) -> tuple[World, LiveHouse]:
    world = World()
    for what, who in (("open", ""), ("join", "bo"), ("join", "cy")):
        world.change(what, who)
    world.answer_from_now_on()
    house = LiveHouse(world)
    for who in people:
        house.device(who).subscribe()
    await quiet()
    assert all(device.current is not None for device in house.devices)
    return world, house


def tell(house: LiveHouse, world: World, *what: str) -> None:
    house.bus.publish(RoomMoved(ROOM, (world.change(*what),) if what else (world.post(),)))


@on_a_stepped_loop
async def test_what_follows_waits_until_all_are_decided() -> None:
    world, house = await open_house("ann", "bo", "cy", "bo", "cy")
    tell(house, world, "close", "")
    tell(house, world)
    await quiet()
    judge(house)
    assert house.hub.here(ROOM) == frozenset()
    await pass_time(3 * PAUSE)
    judge(house)
    assert house.hub.here(ROOM) == {"ann"}
    assert house.devices[0].hearings[0].pos == world.head
    assert {device.hearings[0].lost_at for device in house.devices[1:]} == {world.head - 1}


@pytest.mark.parametrize("stays", [True, False])
@on_a_stepped_loop
async def test_who_is_catching_up_is_decided_too_and_waits_to_join(stays: bool) -> None:
    """They get level with the feed in the middle of the change, and must not join there."""
    world, house = await open_house("ann", "cy", "cy")
    slow = house.device("bo")
    slow.set_slow(True)
    slow.place = (1, world.tag)
    slow.subscribe()
    await quiet()
    assert slow.current is not None
    if stays:
        tell(house, world, "invite", "bo")
    tell(house, world, "close", "")
    tell(house, world)
    slow.set_slow(False)
    await quiet()
    assert slow.hearings[0].pos < world.head - 1 or not stays
    await pass_time(3 * PAUSE)
    judge(house)
    assert (slow.current is not None) == stays
    assert house.hub.here(ROOM) == ({"ann", "bo"} if stays else {"ann"})
    assert slow.hearings[0].pos == (world.head if stays else world.head - 2)


@on_a_stepped_loop
async def test_who_comes_in_the_middle_is_let_in_after_it() -> None:
    world, house = await open_house("ann", "bo", "bo", "cy")
    tell(house, world, "close", "")
    late = [house.device(who) for who in ("ann", "cy")]
    for device in late:
        device.subscribe()
    await quiet()
    assert not late[0].hearings
    await pass_time(3 * PAUSE)
    judge(house)
    assert [device.current is not None for device in late] == [True, False]
    tell(house, world)
    await pass_time(PAUSE)
    judge(house)
    assert late[0].hearings[0].pos == world.head


@on_a_stepped_loop
async def test_an_error_in_the_middle_is_gone_on_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lease ran out between two slices: nothing is handed out until it holds again."""
    world, house = await open_house("ann", "bo", "bo", "cy", "cy")
    house.run()

    async def down() -> None:
        raise ChatError("storage_down")

    tell(house, world, "close", "")
    await quiet()
    monkeypatch.setattr(house.lease, "ensure", down)
    await pass_time(5)
    assert house.hub._feeds[ROOM].is_deciding
    monkeypatch.undo()
    await pass_time(3)
    assert house.hub.here(ROOM) == {"ann"}
    for device in house.devices[1:]:
        assert device.hearings[0].lost_at == world.head
    judge_rest(house)


@on_a_stepped_loop
async def test_others_run_between_the_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("live.pump.PAUSE", 0.0)
    world, house = await open_house("ann", *["bo", "cy"] * 5)
    turns = 0

    async def another() -> None:
        nonlocal turns
        while house.hub.here(ROOM) != {"ann"}:
            turns += 1
            await asyncio.sleep(0)

    tell(house, world, "close", "")
    await another()
    assert turns >= len(house.devices) // 2
