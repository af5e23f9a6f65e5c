"""The hub under every kind of trouble at once, judged by an independent replay.

Posts and changes of rights are committed; their hints are lost, repeated and reordered; the
database answers late, out of order or not at all; devices come, resume, go, are slow; the machine
sleeps; log-ins end. Whatever the order, each device gets each entry once, in order, none after the
one at which it lost the right, and in the end, without a single hint, all there is.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.bus import RoomMoved
from tests.live.devices import Device, LiveHouse
from tests.live.judge import judge, judge_rest
from tests.live.stepping import pass_time, quiet, stepped
from tests.live.world import CHANGES, PEOPLE, ROOM, World

DEVICES = ("ann", "bo", "cy", "bo")
MORE = settings(
    max_examples=3 * settings().max_examples, suppress_health_check=[HealthCheck.too_slow]
)

SMALL = {
    "live.feed.RING": 8,
    "live.feed.DECIDED_AT_ONCE": 1,
    "live.feed.HANDED_AT_ONCE": 1,
    "live.feed.JOINED_MOST": 200,
    "live.hub.CATCH_UP_BATCH": 3,
    "live.hub.REPLAY_MOST": 30,
    "live.pump.BATCH": 5,
}
"""So that short stories have all that long ones have: memory that is too short, many readings,
and changes that concern everyone decided in slices, with all else going on between them."""

Step = tuple[str, int, int]

ALWAYS = ("post", "change", "hint", "database", "subscribe", "away", "strike", "wide")
SOMETIMES = (
    "post", "change", "hint", "database", "error", "subscribe", "anew", "leave", "cut", "slow",
    "quick", "time", "sleep", "end",
)  # fmt: skip


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """What happens, by acts that are more or less likely in each story."""
    answers = ["all answers"] * draw(st.sampled_from((0, 3, 3)))
    acts = [*ALWAYS, *answers, *draw(st.lists(st.sampled_from(SOMETIMES), max_size=6))]
    step = st.tuples(st.sampled_from(acts), st.integers(0, 23), st.integers(0, 3))
    length = draw(st.integers(0, 80))
    return draw(st.lists(step, min_size=length, max_size=length))


class Story:
    """A house in which steps happen."""

    def __init__(self, *, since_joining: bool) -> None:
        self.world = World(since_joining=since_joining)
        self.house = LiveHouse(self.world)
        self.devices = [self.house.device(who) for who in DEVICES]
        self.hints: list[RoomMoved] = []
        self.about = self.devices[0]
        """Whom the last step was about."""

    async def play(self, happens: list[Step], begins: str) -> None:
        self.house.run()
        if begins != "cold":
            await self._settle(begins)
        for act, one, other in happens:
            await self._step(act, one, other)
            await quiet()
            judge(self.house)
        await self._rest()
        judge_rest(self.house)

    async def _settle(self, begins: str) -> None:
        """Begin where everyone may hear the room, by a grant of their own or as all may, or where
        everyone does already."""
        if begins == "open":
            self.world.change("open", "")
        for who in PEOPLE[1:]:
            self.world.change("join" if begins == "open" else "invite", who)
        if begins != "invited":
            for device in self.devices:
                device.subscribe()
        await quiet()
        await self._all_answers()
        assert all((device.current is None) == (begins == "invited") for device in self.devices)

    async def _rest(self) -> None:
        """From now on the database answers, and no hint is delivered any more."""
        self.world.answer_from_now_on()
        await quiet()  # or no timer is set yet, and time passes in one leap
        for device in self.devices:
            device.set_slow(False)
        await pass_time(12)
        for device in self.devices:
            device.let_go_if_closed()
            device.subscribe()
        await pass_time(3)
        for device in self.devices:
            device.let_go_if_closed()

    async def _step(self, act: str, one: int, other: int) -> None:
        match act:
            case "all answers":
                await self._all_answers()
            case "time":
                await pass_time(0.4 * (one + 1))
            case "sleep":
                self.world.suspended_for += one
            case "database" | "error":
                self._database(act, one)
            case "post" | "change" | "strike" | "wide" | "hint":
                self._log(act, one, other)
            case _:
                self.about = self.devices[one % len(self.devices)]
                self._device(act, self.about, other)

    def _log(self, act: str, one: int, other: int) -> None:
        match act:
            case "post":
                self._committed([self.world.post() for _ in range(other + 1)])
            case "change":
                self._change(one, other)
            case "strike" | "wide":
                self._strike(wide=act == "wide")
            case "hint":
                self._hint(one, other)

    def _away(self, device: Device, missed: int) -> None:
        """A connection breaks, the others go on talking, it comes back, and may be slow."""
        device.close()
        device.set_slow(missed % 2 == 0)
        entries = tuple(self.world.post() for _ in range(missed))
        self.house.bus.publish(RoomMoved(ROOM, entries))
        device.subscribe()

    def _device(self, act: str, device: Device, other: int) -> None:
        match act:
            case "away":
                self._away(device, 7 * (other + 1))
            case "subscribe":
                device.subscribe()
            case "anew":
                device.subscribe(resume=False)
            case "leave":
                device.unsubscribe()
            case "cut":
                device.close()
            case "slow" | "quick":
                device.set_slow(act == "slow")
            case "end":
                self.world.ended.setdefault(device.session, self.world.boot())

    def _committed(self, entries: list) -> None:  # type: ignore[type-arg]
        self.hints.append(RoomMoved(ROOM, tuple(entries)))

    def _change(self, one: int, other: int) -> None:
        """Half of them take and give back a right, the other half are any."""
        who, rights = PEOPLE[other % len(PEOPLE)], self.world.rights
        if one % 4 == 0 and rights.is_open:
            what = "close"
        elif one % 2:
            what = "unban" if who in rights.banned else "ban"
        else:
            what = CHANGES[(one // 2 + other) % len(CHANGES)]
        self._committed([self.world.change(what, who)])

    def _strike(self, *, wide: bool) -> None:
        """Take, or give back, the right of whom it was just about or of all; all hints arrive."""
        who, rights = self.about.who, self.world.rights
        if wide:
            what = "close" if rights.is_open else "open"
        else:
            what = "unban" if who in rights.banned else "ban"
        self._committed([self.world.change(what, who)])
        for hint in self.hints:
            self.house.bus.publish(hint)
        self.hints.clear()

    def _hint(self, one: int, other: int) -> None:
        """Any of those under way: delivered, delivered and kept for another time, or lost."""
        if self.hints:
            at = one % len(self.hints)
            hint = self.hints[at] if other == 1 else self.hints.pop(at)
            if other != 3:
                self.house.bus.publish(hint)

    def _database(self, act: str, one: int) -> None:
        if self.world.questions:
            question = self.world.questions[one % len(self.world.questions)]
            question.advance() if act == "database" else question.fail()

    async def _all_answers(self) -> None:
        for _ in range(10):
            for question in list(self.world.questions):
                question.advance()
                question.advance()
            await quiet()


@MORE
@given(
    stories(),
    st.sampled_from(("cold", "invited", "hearing", "open")),
    st.booleans(),
    st.sampled_from((0.0, 0.3)),
)
def test_every_device_gets_what_it_may(
    happens: list[Step], begins: str, since_joining: bool, pause: float
) -> None:
    async def scenario() -> None:
        await Story(since_joining=since_joining).play(happens, begins)

    with pytest.MonkeyPatch.context() as patch:
        for name, size in SMALL.items():
            patch.setattr(name, size)
        patch.setattr("live.pump.PAUSE", pause)
        stepped(scenario())
