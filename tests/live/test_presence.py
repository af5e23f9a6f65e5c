"""Who is here is told by current knowledge alone: not while log-ins cannot be checked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from api.framing import Framing
from core.access import Grant, PersonFacts, RoomFacts, Settings, person_subject
from core.errors import ChatError
from core.levels import Level
from core.records import Person, Role
from live import presence
from live.feed import Feed
from live.lease import LONGEST, Lease
from live.listener import Subscription
from live.presence import Presence
from tests.rooms.house import HeldClock


class Listener:
    """Keeps what it is sent."""

    closed = False

    def __init__(self, person: Person) -> None:
        self.person = person
        self.frames: list[bytes] = []

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)

    def fall_behind(self) -> None:
        self.closed = True

    async def drained(self) -> None:
        pass


class Database:
    """Says whose log-ins are over, if it can be asked."""

    down = False

    async def ended_among(self, sessions: list[str]) -> Iterable[str]:
        if self.down:
            raise ChatError("storage_down")
        return []


@pytest.fixture
def clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
def lease(clock: HeldClock, database: Database) -> Lease:
    return Lease(clock, list, database.ended_among, lambda ended: None, lambda well: None)


@pytest.fixture
def ann() -> Listener:
    return Listener(Person("a", "ann"))


@pytest.fixture
def feed(ann: Listener) -> Feed:
    """The kitchen, in which ann is."""
    grant = Grant(person_subject("a"), Level.OWN, None, 0)
    facts = RoomFacts(Settings(), (grant,), (), frozenset({"a"}))
    feed = Feed("kitchen", 1, "tag", facts, lambda facts: True, Framing(), lambda feed: None)
    feed.join(Subscription(ann, PersonFacts("a", Role.MEMBER), "kitchen", 1))
    return feed


async def change(lease: Lease, feed: Feed) -> None:
    """Someone comes or goes; returns when those who are there have been told, if they are."""
    Presence(Framing(), lease).changed(feed)
    past = asyncio.Event()
    asyncio.get_running_loop().call_later(0.001, past.set)
    await past.wait()


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "SETTLE", 0)


async def test_told_while_the_lease_holds(lease: Lease, feed: Feed, ann: Listener) -> None:
    await lease.renew()
    await change(lease, feed)
    assert ann.frames == [Framing().presence("kitchen", [ann.person])]


async def test_not_before_log_ins_were_checked(lease: Lease, feed: Feed, ann: Listener) -> None:
    await change(lease, feed)
    assert ann.frames == []


async def test_not_once_the_lease_has_run_out(
    lease: Lease, clock: HeldClock, database: Database, feed: Feed, ann: Listener
) -> None:
    """Ann may have signed out elsewhere: nobody knows."""
    await lease.renew()
    clock.ms += int(LONGEST * 1000)
    database.down = True
    with pytest.raises(ChatError, match="storage_down"):
        await lease.renew()
    await change(lease, feed)
    assert ann.frames == []
    database.down = False
    await lease.renew()
    await change(lease, feed)
    assert len(ann.frames) == 1
