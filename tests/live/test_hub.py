"""Coming in, listening, losing the right, coming back: each story by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from live import hub
from live.bus import RoomMoved
from tests.live.devices import Device, Hearing, LiveHouse
from tests.live.judge import judge, judge_rest
from tests.live.stepping import on_a_stepped_loop, pass_time, quiet
from tests.live.world import ROOM, World


async def house_with(*people: str, answers: bool = True) -> tuple[LiveHouse, World]:
    """A house whose room these people may hear; nobody listens yet. The log's head is 4."""
    house = LiveHouse(world := World())
    for who in ("bo", "cy"):
        world.change("invite" if who in people else "rename", who)
    world.post()
    world.answers_at_once = True
    house.run()
    await quiet()
    world.answers_at_once = answers
    return house, world


async def listening(house: LiveHouse, who: str) -> Device:
    device = house.device(who)
    device.subscribe()
    await quiet()
    assert device.current is not None
    return device


def told(house: LiveHouse, world: World) -> None:
    """The newest entry's hint is delivered."""
    house.bus.publish(RoomMoved(ROOM, (world.log[-1],)))


def current(device: Device) -> Hearing:
    assert device.current is not None
    return device.current


def seqs(device: Device) -> list[int]:
    return [seq for seq, _, _ in current(device).handed]


def look_up(world: World) -> None:
    """The last question is looked up; its answer has not arrived yet."""
    world.questions[-1].advance()


# --- listening -----------------------------------------------------------------------------------


@on_a_stepped_loop
async def test_a_listener_hears_what_is_said_from_then_on() -> None:
    house, world = await house_with("bo")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    for _ in range(3):
        world.post()
        told(house, world)
    await quiet()
    assert (seqs(ann), seqs(bo)) == ([5, 6, 7], [5, 6, 7])
    judge_rest(house)


@on_a_stepped_loop
async def test_an_entry_is_made_into_a_frame_once() -> None:
    house, world = await house_with()
    devices = [await listening(house, "ann") for _ in range(5)]
    world.post()
    told(house, world)
    await quiet()
    assert [seqs(device) for device in devices] == [[5]] * 5
    assert house.framing.made == 1


@on_a_stepped_loop
async def test_a_room_that_one_may_not_hear_is_refused_like_none() -> None:
    house, _ = await house_with()
    stranger = house.device("cy")
    stranger.subscribe()
    await quiet()
    assert (stranger.refusals, stranger.hearings) == (1, [])
    assert house.hub.here(ROOM) == set()


@on_a_stepped_loop
async def test_an_ended_log_in_is_refused() -> None:
    house, world = await house_with()
    ann = house.device("ann")
    world.ended[ann.session] = world.boot()
    ann.subscribe()
    await quiet()
    assert (ann.refusals, ann.hearings) == (1, [])


# --- resuming ------------------------------------------------------------------------------------


@on_a_stepped_loop
async def test_after_a_break_one_gets_exactly_what_was_missed() -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    ann.close()
    for _ in range(50):
        world.post()
    ann.subscribe()
    await quiet()
    assert current(ann).start == 4
    assert seqs(ann) == list(range(5, 55))
    judge_rest(house)


@on_a_stepped_loop
async def test_too_much_is_not_sent_but_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "REPLAY_MOST", 5)
    house, world = await house_with()
    ann = await listening(house, "ann")
    for missed, start in ((5, 4), (6, 15)):
        ann.close()
        for _ in range(missed):
            world.post()
        ann.subscribe()
        await quiet()
        assert current(ann).start == start
    assert seqs(ann) == []


@on_a_stepped_loop
async def test_another_history_is_begun_anew() -> None:
    house, world = await house_with()
    ann = house.device("ann")
    for place in ((3, "another tag"), (99, world.tag)):
        ann.place = place
        ann.subscribe()
        await quiet()
        assert (current(ann).start, current(ann).tag) == (world.head, world.tag)
        ann.close()


@on_a_stepped_loop
async def test_entries_that_come_while_one_catches_up_are_in_their_place() -> None:
    house, world = await house_with()
    ann, other = await listening(house, "ann"), await listening(house, "ann")
    ann.close()
    for _ in range(30):
        world.post()
        told(house, world)
    ann.subscribe()
    ann.set_slow(True)
    await quiet()
    assert 4 < current(ann).pos < world.head
    for _ in range(10):
        world.post()
        told(house, world)
    await quiet()
    assert current(other).pos == world.head, "one who is slow holds nobody up"
    ann.set_slow(False)
    await quiet()
    assert seqs(ann) == list(range(5, 45))
    judge_rest(house)


@on_a_stepped_loop
async def test_one_who_catches_up_does_not_get_ahead_of_the_feed() -> None:
    """The past is read when the log has grown already; what is new comes by the feed alone."""
    house, world = await house_with()
    ann = house.device("ann")
    ann.place = (1, world.tag)
    world.answers_at_once = False
    ann.subscribe()
    await quiet()
    look_up(world)
    world.questions[-1].advance()
    await quiet()
    world.post()
    look_up(world)
    world.questions[-1].advance()
    await quiet()
    assert seqs(ann) == [2, 3, 4]
    world.answer_from_now_on()
    await pass_time(1.3)
    assert seqs(ann) == [2, 3, 4, 5]
    judge_rest(house)


@on_a_stepped_loop
async def test_nothing_is_handed_to_one_who_catches_up_without_a_lease() -> None:
    """The entries are in memory; the log-in may have ended while the machine slept."""
    house, world = await house_with()
    await listening(house, "ann")
    for _ in range(40):
        world.post()
        told(house, world)
    ann = house.device("ann")
    ann.place = (4, world.tag)
    ann.subscribe()
    ann.set_slow(True)
    await quiet()
    before = seqs(ann)
    assert 0 < len(before) < 40
    world.answers_at_once = False
    world.suspended_for += 5
    ann.set_slow(False)
    await quiet()
    assert seqs(ann) == before
    world.answer_from_now_on()
    await quiet()
    assert seqs(ann) == list(range(5, 45))
    judge_rest(house)


@on_a_stepped_loop
async def test_one_who_goes_while_catching_up_is_gone() -> None:
    house, world = await house_with("bo")
    await listening(house, "ann")
    bo = house.device("bo")
    bo.place = (1, world.tag)
    bo.set_slow(True)
    bo.subscribe()
    await quiet()
    assert bo.current is not None
    bo.unsubscribe()
    await quiet()
    world.change("ban", "bo")
    told(house, world)
    await quiet()
    judge_rest(house)


# --- losing the right ----------------------------------------------------------------------------


@on_a_stepped_loop
async def test_who_loses_the_right_hears_of_that_and_nothing_after() -> None:
    house, world = await house_with("bo")
    await listening(house, "ann")
    bo = await listening(house, "bo")
    hearing = current(bo)
    world.change("remove", "bo")
    world.post()
    house.bus.publish(RoomMoved(ROOM, tuple(world.log[-2:])))
    await quiet()
    assert (hearing.handed[-1][0], hearing.lost_at) == (5, 5)
    judge_rest(house)


@on_a_stepped_loop
async def test_a_change_for_all_is_decided_for_all() -> None:
    house, world = await house_with()
    for what, who in (("open", ""), ("join", "bo"), ("join", "cy")):
        world.change(what, who)
    ann, bo, cy = [await listening(house, who) for who in ("ann", "bo", "cy")]
    world.change("close", "")
    told(house, world)
    world.post()
    told(house, world)
    await quiet()
    assert seqs(ann) == [8, 9]
    assert [device.hearings[0].lost_at for device in (bo, cy)] == [8, 8]
    judge_rest(house)


@on_a_stepped_loop
async def test_a_suspended_account_loses_all() -> None:
    house, world = await house_with("bo")
    bo = await listening(house, "bo")
    world.change("suspend", "bo")
    told(house, world)
    await quiet()
    assert bo.hearings[0].lost_at == 5
    judge_rest(house)


@on_a_stepped_loop
async def test_lost_while_catching_up() -> None:
    house, world = await house_with("bo")
    await listening(house, "ann")
    bo = await listening(house, "bo")
    bo.close()
    for _ in range(30):
        world.post()
        told(house, world)
    bo.subscribe()
    bo.set_slow(True)
    await quiet()
    before = len(current(bo).handed)
    world.change("ban", "bo")
    told(house, world)
    await quiet()
    bo.set_slow(False)
    await quiet()
    assert bo.hearings[-1].lost_at == world.head
    assert len(bo.hearings[-1].handed) == before < 30
    judge_rest(house)


@on_a_stepped_loop
async def test_lost_while_the_past_is_being_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer was looked up while one might read, and arrives when one may not any more."""
    house, world = await house_with("bo")
    await listening(house, "ann")
    bo = house.device("bo")
    bo.place = (1, world.tag)
    bo.subscribe()
    world.answers_at_once = False
    await quiet()
    while bo.current is None:
        look_up(world)
        world.questions[-1].advance()
        await quiet()
    look_up(world)
    world.change("ban", "bo")
    told(house, world)
    await quiet()
    assert bo.hearings[-1].lost_at == 5
    world.answer_from_now_on()
    await quiet()
    assert bo.hearings[-1].handed == []
    judge_rest(house)


@on_a_stepped_loop
async def test_lost_between_question_and_answer() -> None:
    """Let in as of entry 4; the feed is past the entry that took it away: asked anew, refused."""
    house, world = await house_with("bo")
    await listening(house, "ann")
    world.answers_at_once = False
    bo = house.device("bo")
    bo.subscribe()
    await quiet()
    look_up(world)
    world.change("remove", "bo")
    told(house, world)
    await quiet()
    world.answer_from_now_on()
    await quiet()
    assert (bo.refusals, bo.hearings) == (1, [])
    judge_rest(house)


@on_a_stepped_loop
async def test_lost_before_the_feed_began() -> None:
    """Both ask at once; bo's answer is older than the feed that ann's began."""
    house, world = await house_with("bo")
    world.answers_at_once = False
    bo, ann = house.device("bo"), house.device("ann")
    bo.subscribe()
    await quiet()
    look_up(world)
    world.change("remove", "bo")
    world.post()
    ann.subscribe()
    await quiet()
    look_up(world)
    world.questions[-1].advance()
    await quiet()
    assert ann.current is not None
    world.answer_from_now_on()
    await quiet()
    assert (bo.refusals, bo.hearings) == (1, [])
    world.post()
    told(house, world)
    await quiet()
    judge_rest(house)


@on_a_stepped_loop
async def test_a_right_that_comes_back_is_a_new_subscription() -> None:
    house, world = await house_with("bo")
    await listening(house, "ann")
    bo = await listening(house, "bo")
    for what in ("ban", "unban"):
        world.change(what, "bo")
        told(house, world)
    world.post()
    told(house, world)
    await quiet()
    assert bo.current is None
    bo.subscribe()
    await quiet()
    assert (current(bo).start, seqs(bo)) == (5, [6, 7])
    judge_rest(house)


# --- keeping up ----------------------------------------------------------------------------------


@on_a_stepped_loop
async def test_without_a_single_hint_all_arrives_soon() -> None:
    house, world = await house_with("bo")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    for _ in range(450):
        world.post()
    world.change("remove", "bo")
    world.post()
    await pass_time(1.3)
    assert seqs(ann)[-1] == world.head
    assert bo.hearings[0].lost_at == world.head - 1
    judge_rest(house)


@pytest.mark.parametrize(
    "mangle",
    [
        lambda hints: hints[::-1],
        lambda hints: hints * 3,
        lambda hints: hints[1::2],
        lambda hints: [*hints[5:], *hints[:5], *hints[-1:]],
    ],
    ids=["reordered", "repeated", "half of them lost", "late"],
)
@on_a_stepped_loop
async def test_hints_are_only_hints(
    mangle: Callable[[list[RoomMoved]], list[RoomMoved]],
) -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    for hint in mangle([RoomMoved(ROOM, (world.post(),)) for _ in range(10)]):
        house.bus.publish(hint)
        await quiet()
        judge(house)
    assert seqs(ann) == list(range(5, 15))


@on_a_stepped_loop
async def test_a_database_that_fails_stops_delivery_where_it_is() -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    world.answers_at_once = False
    world.post()
    world.post()
    told(house, world)
    await quiet()
    world.questions[-1].fail()
    await quiet()
    assert seqs(ann) == []
    world.answer_from_now_on()
    await pass_time(1.3)
    assert seqs(ann) == [5, 6]


@on_a_stepped_loop
async def test_one_whose_past_cannot_be_read_is_cut_off_to_come_back() -> None:
    house, world = await house_with()
    await listening(house, "ann")
    ann = house.device("ann")
    ann.place = (1, world.tag)
    ann.subscribe()
    world.answers_at_once = False
    await quiet()
    while ann.current is None:
        look_up(world)
        world.questions[-1].advance()
        await quiet()
    world.questions[-1].fail()
    await quiet()
    assert ann.connection is not None and ann.connection.closed
    world.answer_from_now_on()
    ann.close()
    ann.subscribe()
    await quiet()
    judge_rest(house)


@on_a_stepped_loop
async def test_a_room_that_nobody_listens_to_is_not_asked_about() -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    ann.close()
    world.post()
    told(house, world)
    await quiet()
    world.answers_at_once = False
    await pass_time(1.3)
    assert [question for question in world.questions if question.look_up() != set()] == []


# --- another history -----------------------------------------------------------------------------


@on_a_stepped_loop
async def test_when_the_log_is_another_everyone_starts_anew() -> None:
    house, world = await house_with("bo")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    for _ in range(3):
        world.post()
    await pass_time(1.3)
    world.go_back_to(5, "second")
    world.post()
    await pass_time(1.3)
    for device in (ann, bo):
        assert device.connection is not None and device.connection.closed
        device.close()
        device.subscribe()
        await quiet()
        assert (current(device).start, current(device).tag) == (6, "second")
    world.post()
    told(house, world)
    await quiet()
    assert (seqs(ann), seqs(bo)) == ([7], [7])


@on_a_stepped_loop
async def test_a_log_that_went_back_under_the_same_tag_is_another() -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    world.go_back_to(3, world.tag)
    await pass_time(1.3)
    assert ann.connection is not None and ann.connection.closed


@on_a_stepped_loop
async def test_another_history_of_the_same_length_is_another() -> None:
    """Nobody has written since: only its tag tells."""
    house, world = await house_with()
    ann = await listening(house, "ann")
    world.go_back_to(world.head, "second")
    await pass_time(1.3)
    assert ann.connection is not None and ann.connection.closed


@on_a_stepped_loop
async def test_entries_of_another_history_are_not_handed_out() -> None:
    """The other history has already passed the point where this one stands."""
    house, world = await house_with()
    ann = await listening(house, "ann")
    world.go_back_to(3, "second")
    for _ in range(5):
        world.post()
    told(house, world)
    await quiet()
    assert seqs(ann) == []
    assert ann.connection is not None and ann.connection.closed


@on_a_stepped_loop
async def test_what_was_given_up_does_not_take_its_successor_along() -> None:
    """A question of before is answered when everyone listens to the new history already."""
    house, world = await house_with()
    ann = await listening(house, "ann")
    world.answers_at_once = False
    world.post()
    world.post()
    told(house, world)
    await quiet()
    late = world.questions[-1]
    world.go_back_to(4, "second")
    world.post()
    late.advance()
    world.questions = [late]
    world.answers_at_once = True
    await pass_time(1.3)
    ann.close()
    ann.subscribe()
    await quiet()
    assert current(ann).tag == "second"
    late.advance()
    await quiet()
    world.post()
    await pass_time(1.3)
    assert ann.connection is not None and not ann.connection.closed
    assert seqs(ann) == [world.head]


@on_a_stepped_loop
async def test_a_late_hint_of_another_history_is_no_reason_to_start_anew() -> None:
    house, world = await house_with()
    ann = await listening(house, "ann")
    stale = world.post()
    world.go_back_to(4, "second")
    await pass_time(1.3)
    ann.close()
    ann.subscribe()
    await quiet()
    house.bus.publish(RoomMoved(ROOM, (stale,)))
    await pass_time(1.3)
    world.post()
    told(house, world)
    await quiet()
    assert ann.connection is not None and not ann.connection.closed
    assert seqs(ann) == [5]
    assert current(ann).handed[0][2] == "second 5"


# --- what is not in the log ----------------------------------------------------------------------


def typing(house: LiveHouse, who: str, up_to: int) -> None:
    house.hub.tell(ROOM, b'["typing"]', besides=who, up_to=up_to)


@on_a_stepped_loop
async def test_typing_is_for_the_others_while_the_lease_holds() -> None:
    house, world = await house_with("bo")
    ann, bo = await listening(house, "ann"), await listening(house, "bo")
    typing(house, "bo", 4)
    assert (ann.typings, bo.typings) == (1, 0)
    typing(house, "bo", 5)
    assert ann.typings == 1, "by one who is ahead of what is known here"
    world.suspended_for += 5
    typing(house, "bo", 4)
    assert ann.typings == 1, "nothing is known for sure any more"


@on_a_stepped_loop
async def test_who_may_post_is_by_the_hubs_own_knowledge() -> None:
    house, world = await house_with("bo")
    bo = await listening(house, "bo")
    assert bo.task is not None
    subscription = bo.task.result()
    assert subscription is not None and house.hub.may_post(subscription)
    world.change("mute", "bo")
    told(house, world)
    await quiet()
    assert not house.hub.may_post(subscription)
    world.change("remove", "bo")
    told(house, world)
    await quiet()
    assert not house.hub.may_post(subscription)
