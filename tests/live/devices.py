"""People's devices: each checks every frame as it comes, and keeps it for the judge."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from core.log import Entry
from core.records import Person
from live.bus import Bus, Notice
from live.hub import Hub
from live.lease import LONGEST, Lease
from live.listener import Subscription
from tests.live.world import ROOM, World, shown


class PlainFraming:
    """Frames that a test can read; counts how often an entry was made into one."""

    def __init__(self) -> None:
        self.made = 0

    def entry(self, entry: Entry) -> bytes:
        self.made += 1
        return _line(["entry", entry.seq, entry.tag, entry.text])

    def withheld(self, entry: Entry) -> bytes:
        return _line(["withheld", entry.seq, entry.tag, None])

    def subscribed(self, request: int, room: str, seq: int, tag: str, reload: bool) -> bytes:
        return _line(["subscribed", request, seq, tag, reload])

    def lost(self, room: str, seq: int, request: int | None) -> bytes:
        return _line(["lost", seq, request])

    def presence(self, room: str, here: list[Person], others: int) -> bytes:
        return _line(["presence", [person.id for person in here], others])


def _line(frame: list[Any]) -> bytes:
    return json.dumps(frame).encode() + b"\n"


class LoudBus(Bus):
    """Does not pass over a handler that fails."""

    def publish(self, notice: Notice) -> None:
        for handler in self._handlers[type(notice)]:
            handler(notice)


@dataclass
class Hearing:
    """From one `subscribed` on: what was handed over, until it was lost or given up."""

    start: int
    tag: str
    head: int
    """Where the log stood, at most, when it began."""
    handed: list[tuple[int, str, str | None]] = field(default_factory=list)
    """(seq, "entry" or "withheld", text)"""
    lost_at: int | None = None
    given_up: bool = False

    @property
    def pos(self) -> int:
        return self.handed[-1][0] if self.handed else self.start


class Connection:
    """`live.listener.Listener`: one open socket of a device."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.closed = False
        self.person = shown(device.who)

    def send(self, frame: bytes) -> None:
        for line in frame.splitlines():
            if not self.closed:
                self.device.receive(json.loads(line))

    def write(self, frame: bytes) -> int:
        self.send(frame)
        return len(frame)

    def keep(self, frame: bytes, sent: int) -> None:
        raise AssertionError

    def failed(self, frame: bytes, error: OSError) -> None:
        raise AssertionError

    def fall_behind(self) -> None:
        self.closed = True

    async def drained(self) -> None:
        await self.device.quick.wait()


class Device:
    """Someone's page: it remembers how far it got, over all its connections."""

    def __init__(self, house: LiveHouse, who: str, number: int) -> None:
        self.house = house
        self.who = who
        self.session = f"{who} {number}"
        self.connection: Connection | None = None
        self.task: asyncio.Task[Subscription | None] | None = None
        self.place: tuple[int, str] | None = None
        self.asked: tuple[int, str] | None = None
        self.hearings: list[Hearing] = []
        self.current: Hearing | None = None
        self.presence: list[str] = []
        self.others = 0
        self.presences = 0
        self.typings = 0
        self.refusals = 0
        self.quick = asyncio.Event()
        self.quick.set()

    # --- what the device does --------------------------------------------------------------------

    def subscribe(self, *, resume: bool = True) -> None:
        """Unless it has, or waits for, a subscription."""
        if self.connection is None or self.connection.closed:
            self.close()
            self.connection = Connection(self)
        if self.current is not None or (self.task is not None and not self.task.done()):
            return
        self.asked = self.place if resume else None
        seq, tag = self.asked or (None, None)
        self.task = asyncio.get_running_loop().create_task(
            self.house.hub.subscribe(
                self.connection, self.session, next(self.house.requests), ROOM, seq, tag
            )
        )

    def unsubscribe(self) -> None:
        """Stop listening, as the page does or as the server does for a connection that is gone."""
        task, self.task = self.task, None
        if task is None:
            return
        if not task.done():
            task.cancel()
        elif not task.cancelled() and task.exception() is None:
            subscription = task.result()
            if subscription is not None:
                self.house.hub.unsubscribe(subscription)
        self.give_up()

    def close(self) -> None:
        """The connection is gone."""
        if self.connection is not None:
            self.connection.closed = True
        self.unsubscribe()
        self.connection = None

    def let_go_if_closed(self) -> None:
        """As the server does soon after it closed a connection."""
        if self.connection is not None and self.connection.closed:
            self.close()

    def give_up(self) -> None:
        if self.current is not None:
            self.current.given_up = True
            self.current = None

    def set_slow(self, slow: bool) -> None:
        if slow:
            self.quick.clear()
        else:
            self.quick.set()

    # --- what it gets ----------------------------------------------------------------------------

    def receive(self, frame: list[Any]) -> None:
        match frame:
            case ["subscribed", _, start, tag, reload]:
                self._subscribed(start, tag, reload)
            case ["entry" | "withheld" as kind, seq, tag, text]:
                self._entry(kind, seq, tag, text)
            case ["lost", seq, None]:
                self._lost(seq)
            case ["lost", 0, _]:
                self.house.check(self.current is None, "refused in the middle of a subscription")
                self.refusals += 1
            case ["presence", people, others]:
                self._check_lease()
                self.presence, self.others = people, others
                self.presences += 1
            case ["typing"]:
                self._check_lease()
                self.typings += 1
            case _:
                self.house.check(False, f"an unknown frame {frame}")

    def _subscribed(self, start: int, tag: str, reload: bool) -> None:
        house = self.house
        house.check(self.current is None, "subscribed twice")
        house.check(start <= house.world.head, "subscribed ahead of the log")
        if self.asked is not None and not reload:
            house.check((start, tag) == self.asked, "not resumed where it was asked for")
        self.current = Hearing(start, tag, house.world.head)
        self.hearings.append(self.current)
        self.place = (start, tag)

    def _entry(self, kind: str, seq: int, tag: str, text: str | None) -> None:
        house, current = self.house, self.current
        house.check(current is not None, f"{self.session}: entry {seq} without a subscription")
        if current is None:
            return
        house.check(seq == current.pos + 1, f"{self.session}: {seq} follows {current.pos}")
        current.handed.append((seq, kind, text))
        self.place = (seq, current.tag)
        self._check_lease()

    def _check_lease(self) -> None:
        """By knowledge less than so old, a log-in has not ended."""
        house = self.house
        now = house.world.boot()
        house.check(now - house.world.checked_at < LONGEST, "handed out without a lease")
        ended = house.world.ended.get(self.session, now)
        house.check(now - ended < LONGEST, "handed to a log-in that ended long ago")

    def _lost(self, seq: int) -> None:
        self.house.check(self.current is not None, "lost without a subscription")
        if self.current is not None:
            self.current.lost_at = seq
            self.current = None


class LiveHouse:
    """A hub with its lease over a world, and the devices that listen."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bus = LoudBus()
        self.framing = PlainFraming()
        self.told: list[bool] = []
        self.lease = Lease(
            world, self._sessions, world.ended_among, self.end_sessions, self.told.append
        )
        self.hub = Hub(world, self.framing, self.bus, self.lease)
        self.requests = count(1)
        self.devices: list[Device] = []
        self.violations: list[str] = []

    def device(self, who: str) -> Device:
        device = Device(self, who, len(self.devices))
        self.devices.append(device)
        return device

    def run(self) -> None:
        """Begin to renew the lease and to compare heads."""
        loop = asyncio.get_running_loop()
        self.running = [loop.create_task(self.lease.run()), loop.create_task(self.hub.run())]

    def check(self, holds: bool, what: str) -> None:
        """Kept instead of raised: the program must not swallow it."""
        if not holds:
            self.violations.append(what)

    def end_sessions(self, sessions: Any) -> None:
        """As `live.sockets.Sockets` does."""
        for device in self.devices:
            if device.session in sessions and device.connection is not None:
                device.connection.closed = True

    def _sessions(self) -> list[str]:
        return [
            device.session
            for device in self.devices
            if device.connection is not None and not device.connection.closed
        ]
