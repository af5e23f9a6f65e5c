"""What rights cost: a decision, a change of access while many listen, people × actions.

    python bench/rights.py [--rounds N]

Listeners are objects that count what they are handed: what is measured is the hub's work, not the
kernel's. CPU time of this process; each figure is the median of some rounds, with their spread
(smallest to largest). Only the ratios carry over to another machine.
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
import tornado

from bench.stored_rights import stored
from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Facts,
    Grant,
    PersonFacts,
    RoomFacts,
    Settings,
    group_subject,
    person_subject,
)
from core.levels import Level
from core.log import Entry, Kind
from core.records import Person, Role
from live import feed as feeds
from live.feed import Feed
from live.listener import Subscription
from rooms.actions import ACTIONS
from rooms.permissions import decide

ROOMS = (10, 1_000, 10_000)
DECISION_US, WIDE_MS, SLICE_MS = 5.0, 100.0, 10.0
"""The targets."""


class Listener:
    """`live.listener.Listener` that only counts."""

    closed = False

    def __init__(self, person: str) -> None:
        self.person = Person(person, person)
        self.handed = 0

    def send(self, frame: bytes) -> None:
        self.handed += 1

    def write(self, frame: bytes) -> int:
        self.handed += 1
        return len(frame)

    def keep(self, frame: bytes, sent: int) -> None:
        raise AssertionError

    def failed(self, frame: bytes, error: OSError) -> None:
        raise AssertionError

    def fall_behind(self) -> None:
        self.closed = True

    async def drained(self) -> None:
        pass


class Frames:
    """`live.listener.Framing` that makes nothing."""

    def entry(self, entry: Entry) -> bytes:
        return b"entry"

    def withheld(self, entry: Entry) -> bytes:
        return b"withheld"

    def subscribed(self, request: int, room: str, seq: int, tag: str, reload: bool) -> bytes:
        return b"subscribed"

    def lost(self, room: str, seq: int, request: int | None) -> bytes:
        return b"lost"

    def presence(self, room: str, here: list[Person], others: int) -> bytes:
        return b"presence"


def facts_of(people: int) -> RoomFacts:
    """A room with its owner, two groups, some mutes, and as many members."""
    grants = [
        Grant(EVERYONE, Level.SEE, None, 0),
        Grant(person_subject("p0"), Level.OWN, None, 0),
        *(Grant(group_subject(group), Level.POST, None, 0) for group in ("crew", "band")),
        *(Grant(person_subject(f"p{n}"), Level.POST, None, 0) for n in range(1, people)),
    ]
    caps = [Cap(f"p{n}", Level.READ, None, 0) for n in range(5, people, 50)]
    members = frozenset(f"p{n}" for n in range(people))
    return RoomFacts(Settings(), tuple(grants), tuple(caps), members)


def person(number: int) -> PersonFacts:
    return PersonFacts(f"p{number}", Role.MEMBER, groups=frozenset({"crew", "other"}))


def may_hear(facts: Facts) -> bool:
    return facts.person.id in facts.room.members and decide("read", facts).allowed


class Room:
    """A feed with so many listeners, each somebody else."""

    def __init__(self, listeners: int) -> None:
        facts = facts_of(listeners)
        self.feed = Feed("room", 0, "tag", facts, may_hear, Frames(), lambda feed: None)
        for number in range(listeners):
            who = person(number)
            self.feed.join(Subscription(Listener(who.id), who, "room", 0))

    def steps(self, delta: Delta | None, times: int) -> None:
        for _ in range(times):
            self.step(delta)

    def step(self, delta: Delta | None) -> None:
        kind = Kind.ACCESS if delta else Kind.POST
        text = None if delta else "hello"
        self.feed.step(Entry("room", self.feed.pos + 1, "tag", 0, kind, delta=delta, text=text))
        if not self.feed.is_deciding:
            self.settle()

    def settle(self) -> None:
        self.feed.flush()
        while self.feed.is_under_way:
            self.feed.go_on()

    def whole_step(self, delta: Delta) -> list[float]:
        """Milliseconds of each slice."""
        slices = [timed(lambda: self.step(delta)) * 1e3]
        while self.feed.is_deciding:
            slices.append(timed(self.feed.go_on) * 1e3)
        self.settle()
        return slices


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def spread(values: list[float], unit: str) -> str:
    middle = statistics.median(values)
    return f"{middle:9.2f} {unit} ({min(values):.2f} to {max(values):.2f})"


def decision(rounds: int) -> list[float]:
    """Microseconds."""
    facts = Facts(person(5), facts_of(1_000))
    times = 20_000

    def many() -> None:
        for _ in range(times):
            decide("post", facts)

    return [timed(many) / times * 1e6 for _ in range(rounds)]


def one_person(listeners: int, rounds: int) -> tuple[list[float], list[float]]:
    """Microseconds of a post, and of a mute beyond that: both are handed to everyone."""
    room = Room(listeners)
    mute = Delta(caps=(Cap("p3", Level.READ, None, 0),))
    repeat = max(3, 20_000 // listeners)
    posts, mutes = [], []
    for _ in range(rounds):
        posts.append(timed(lambda: room.steps(None, repeat)) / repeat * 1e6)
        mutes.append(timed(lambda: room.steps(mute, repeat)) / repeat * 1e6)
    return posts, [mute - post for mute, post in zip(mutes, posts, strict=True)]


def removal(listeners: int, rounds: int) -> list[float]:
    """Microseconds beyond a post: the tuple is copied once."""
    found = []
    for _ in range(rounds):
        room = Room(listeners)
        post = timed(lambda room=room: room.step(None))  # type: ignore[misc]
        delta = Delta(revoked=(person_subject("p3"),), left=("p3",))
        found.append((timed(lambda: room.step(delta)) - post) * 1e6)  # noqa: B023
    return found


def everyone(listeners: int, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of a change that concerns all, whole and its longest slice."""
    wholes, longest = [], []
    room = Room(listeners)
    for turn in range(rounds):
        level = Level.READ if turn % 2 else Level.SEE
        slices = room.whole_step(Delta(grants=(Grant(EVERYONE, level, None, 0),)))
        wholes.append(sum(slices))
        longest.append(max(slices))
    return wholes, longest


async def gaps(listeners: int) -> float:
    """The longest that another task had to wait meanwhile, in milliseconds of wall time."""
    room, longest, done = Room(listeners), 0.0, False

    async def other() -> None:
        nonlocal longest
        while not done:
            begun = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - begun)

    waiting = asyncio.get_running_loop().create_task(other())
    await asyncio.sleep(0)
    room.step(Delta(grants=(Grant(EVERYONE, Level.READ, None, 0),)))
    while room.feed.is_deciding:
        await asyncio.sleep(0)
        room.feed.go_on()
    done = True
    await waiting
    return longest * 1e3


def table(people: int, rounds: int) -> list[float]:
    """Milliseconds for everyone × every action, with the reason of each cell."""
    room = facts_of(people)
    everybody = [Facts(person(number), room) for number in range(people)]

    def whole() -> None:
        for facts in everybody:
            for action in ACTIONS:
                decide(action, facts)

    return [timed(whole) * 1e3 for _ in range(rounds)]


def told(holds: bool) -> str:
    return "met" if holds else "MISSED"


def report_changes(rounds: int) -> None:
    for listeners in ROOMS:
        posts, mutes = one_person(listeners, rounds)
        print(f"{listeners:>6} listeners: handing a post to all    {spread(posts, 'us')}")
        print(f"{'':>6}   muting one, beyond that          {spread(mutes, 'us')}")
        print(
            f"{'':>6}   removing one, beyond that        {spread(removal(listeners, rounds), 'us')}"
        )
        wholes, longest = everyone(listeners, rounds)
        print(f"{'':>6}   changing it for all              {spread(wholes, 'ms')}")
        print(f"{'':>6}     its longest slice              {spread(longest, 'ms')}")
    whole, slice_ = statistics.median(wholes), statistics.median(longest)
    print(f"target, all of {ROOMS[-1]}: {WIDE_MS:.0f} ms {told(whole <= WIDE_MS)},", end=" ")
    print(f"{SLICE_MS:.0f} ms a slice {told(slice_ <= SLICE_MS)}")
    print(f"another task waited at most {asyncio.run(gaps(ROOMS[-1])):.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    print(f"Python {platform.python_version()}, Tornado {tornado.version}, "
          f"msgspec {msgspec.__version__}; {platform.machine()}, {platform.system()} "
          f"{platform.release()}; slices of {feeds.DECIDED_AT_ONCE}; {rounds} rounds")  # fmt: skip
    decisions = decision(rounds)
    met = told(statistics.median(decisions) <= DECISION_US)
    print(f"a decision with its reasons, from ready facts  {spread(decisions, 'us')}")
    print(f"target: {DECISION_US:.0f} us {met}")
    report_changes(rounds)
    tables = {people: table(people, rounds) for people in (50, 500, 5_000)}
    for people, times in tables.items():
        print(f"{people:>6} people x {len(ACTIONS)} actions              {spread(times, 'ms')}")
    small, large = statistics.median(tables[500]), statistics.median(tables[5_000])
    print(f"ten times the people cost {large / small:.1f} times as much")
    for line in stored(rounds, spread):
        print(line)


if __name__ == "__main__":
    main()
