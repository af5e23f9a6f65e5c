"""People who do anything, several at a time, on a running server; drawn from one seed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest
from msgspec.structs import replace
from websockets.exceptions import ConnectionClosed, InvalidStatus

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    PersonFacts,
    Settings,
    Subject,
    group_subject,
    person_subject,
)
from core.clock import SystemClock
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Person as Shown
from core.records import State
from live.bus import Bus, Notice, RoomMoved
from rooms.ledger import Opened, open_room
from rooms.standing import change_account, put_in_group, suspend, take_out_of_group
from rooms.verifying import verify_accounts
from storage import accounts, groups, log, people
from storage.engine import Tx
from storage.groups import Group
from storage.journal import Change
from tests.histories.model import Aside, Truth
from tests.histories.observer import (
    Observer,
    Page,
    judge_bytes,
    judge_hearing,
    judge_log,
    judge_page,
)
from tests.histories.proof import judge_proof
from tests.house import House
from tests.people import Person, Refused
from tests.wires import Ended, Notes, Wire

GIVEN_UP = (Refused, Ended, ConnectionClosed, InvalidStatus)
"""What may well become of something that somebody tries."""
PROVED = 25
"""Entries of a room about which it is asked who could."""
QUIET = 4.0
"""Seconds in which everyone must be at the head again, with hints lost: promised are 2."""


class MovedClock(SystemClock):
    """The database's clock can be put forward and back; the machine's own runs on."""

    ahead = 0

    def now(self) -> int:
        return super().now() + self.ahead


class Story:
    """Two rooms, one of them read since joining; Ann owns both and stays."""

    def __init__(self, house: House, clock: MovedClock, people: list[Person], seed: int) -> None:
        self.house = house
        self.clock = clock
        self.people = people
        self.ann = people[0]
        self.random = random.Random(seed)
        self.rooms: dict[str, bool] = {}
        self.asides: dict[str, list[Aside]] = {}
        self.group = new_id()
        self.acknowledged: dict[str, tuple[str, int]] = {}
        self.wires: dict[str, list[Wire]] = {person.id: [] for person in people}
        self.turns = {person.id: asyncio.Lock() for person in people}
        """One change of what someone listens to at a time: that is what `Notes` can follow."""
        self.observer = Observer(self._head)
        self._said = 0

    # --- beginning -------------------------------------------------------------------------------

    async def begin(self, patch: pytest.MonkeyPatch) -> None:
        self.observer.watch(patch)
        self._lose_hints(patch)
        made = Group(self.group, f"Crew {self.group}", f"crew {self.group}", "", None, 0)
        await self.house.chatelaine.database.write(lambda tx: groups.add(tx, made))
        for since_joining in (False, True):
            room = await self.ann.make_room("Kitchen", history="joined" if since_joining else "all")
            self.rooms[room], self.asides[room] = since_joining, []
            crew = Grant(group_subject(self.group), Level.SEE, None, 0)
            await self._write(room, lambda at, crew=crew: Delta(grants=(crew,)))  # type: ignore[misc]
            for person in self.people[1:3]:
                await self.ann.invite(room, person)
            all_read = Grant(EVERYONE, Level.READ, None, 0)
            await self._write(room, lambda at, g=all_read: Delta(grants=(g,)))  # type: ignore[misc]
            await self.people[3].join(room)
        for person in self.people:
            await self._come(person, Notes())

    def _lose_hints(self, patch: pytest.MonkeyPatch) -> None:
        publish = Bus.publish

        def lossy(bus: Bus, notice: Notice) -> None:
            if not isinstance(notice, RoomMoved) or self.random.random() > 0.15:
                publish(bus, notice)

        patch.setattr(Bus, "publish", lossy)

    def _head(self, room: str) -> int:
        head = self.house.chatelaine.database.read_here(lambda tx: log.head_of(tx, room))
        return head.seq if head else 0

    # --- what happens ----------------------------------------------------------------------------

    async def play(self, turns: int) -> None:
        acts: list[tuple[int, Callable[[Person, str], Coroutine[Any, Any, None]]]] = [
            (8, self._posts), (3, self._posts_by_rest), (4, self._hears), (2, self._reconnects),
            (3, self._loads), (2, self._joins), (1, self._leaves), (3, self._is_granted),
            (2, self._is_removed), (4, self._is_capped), (3, self._all_are_granted),
            (2, self._in_or_out_of_group), (1, self._suspended_or_back), (1, self._archives),
            (2, self._time_passes), (1, self._stops_hearing), (1, self._types_and_reads),
        ]  # fmt: skip
        weights = [weight for weight, _ in acts]
        for _ in range(turns):
            chosen = self.random.choices(acts, weights, k=self.random.randint(1, 5))
            await asyncio.gather(*(self._try(act) for _, act in chosen))

    async def _try(self, act: Callable[[Person, str], Awaitable[None]]) -> None:
        person = self.random.choice(self.people)
        room = self.random.choice(list(self.rooms))
        with suppress(*GIVEN_UP):
            await act(person, room)

    def _wire(self, person: Person) -> Wire:
        return self.random.choice(self.wires[person.id])

    def _text(self) -> str:
        self._said += 1
        return f"said {self.group} {self._said} end"

    async def _come(self, person: Person, notes: Notes) -> None:
        wire = await person.connect(notes=notes)
        self.wires[person.id].append(wire)
        for room in self.rooms:
            await wire.subscribe(room)

    async def _posts(self, person: Person, room: str) -> None:
        answer = await self._wire(person).post(room, text := self._text())
        if answer["t"] == "posted":
            self.acknowledged[text] = (room, answer["seq"])

    async def _posts_by_rest(self, person: Person, room: str) -> None:
        text = self._text()
        self.acknowledged[text] = (room, (await person.post(room, text))["seq"])

    async def _hears(self, person: Person, room: str) -> None:
        async with self.turns[person.id]:
            wire = self._wire(person)
            if room not in wire.hearing:
                await wire.subscribe(room)

    async def _stops_hearing(self, person: Person, room: str) -> None:
        """Its notes end there: what comes next is asked for anew. Who is still catching up is told
        to ask later, and hears on."""
        async with self.turns[person.id]:
            wire = self._wire(person)
            answer = await wire.ask("unsubscribe", room=room)
            if answer["t"] == "ok":
                wire.hearing.discard(room)

    async def _reconnects(self, person: Person, room: str) -> None:
        async with self.turns[person.id]:
            wire = self._wire(person)
            await wire.hang_up()
            await self._come(person, wire.notes)
            own = self.wires[person.id]
            self.wires[person.id] = [other for other in own if other is not wire]

    async def _loads(self, person: Person, room: str) -> None:
        where = self.random.choice(({}, {"after": 0}, {"before": 9}, {"around": 7}))
        since = self._head(room)
        page = await person.entries(room, limit=100, **where)
        found = tuple((entry["seq"], entry.get("text")) for entry in page["entries"])
        self.observer.pages.append(Page(person.id, room, since, self._head(room), found))

    async def _types_and_reads(self, person: Person, room: str) -> None:
        await self._wire(person).send("typing", room=room)
        await self._wire(person).ask("read", room=room, seq=3)

    async def _joins(self, person: Person, room: str) -> None:
        await person.join(room)

    async def _leaves(self, person: Person, room: str) -> None:
        if person is not self.ann:
            await person.leave(room)

    async def _is_removed(self, person: Person, room: str) -> None:
        if person is not self.ann:
            await self.ann.remove(room, person)

    # --- changes of rights, from inside ----------------------------------------------------------

    def _until(self) -> int | None:
        seconds = self.random.choice((None, None, 1, 5, 30))
        return None if seconds is None else self.clock.now() + seconds * 1000

    async def _is_granted(self, person: Person, room: str) -> None:
        if person is self.ann:
            return
        level, until = self.random.choice((Level.SEE, Level.READ, Level.POST)), self._until()
        joined = (person.id,) if self.random.random() < 0.7 else ()
        await self._write(
            room,
            lambda at: Delta(
                grants=(Grant(person_subject(person.id), level, self.ann.id, at, until=until),),
                joined=joined,
            ),
        )

    async def _is_capped(self, person: Person, room: str) -> None:
        if person is self.ann:
            return
        level, until = self.random.choice((Level.HIDDEN, Level.READ)), self._until()
        if self.random.random() < 0.5:
            caps = (Cap(person.id, level, self.ann.id, 0, until=until),)
            await self._write(room, lambda at: Delta(caps=caps))
        else:
            await self._write(room, lambda at: Delta(uncapped=((person.id, level),)))

    async def _all_are_granted(self, person: Person, room: str) -> None:
        subject = self.random.choice((EVERYONE, group_subject(self.group)))
        level, until = self.random.choice((Level.SEE, Level.READ, Level.POST)), self._until()
        if subject == EVERYONE and self.random.random() < 0.5:
            await self._write(room, lambda at: Delta(revoked=(EVERYONE,)))
        else:
            await self._write(room, lambda at: self._wide(subject, level, at, until))

    def _wide(self, subject: Subject, level: Level, at: int, until: int | None) -> Delta:
        """The group is always named, so that the log tells who is in it."""
        ends = until if subject == EVERYONE else None
        return Delta(grants=(Grant(subject, level, self.ann.id, at, until=ends),))

    async def _archives(self, person: Person, room: str) -> None:
        archived = self.random.random() < 0.4
        raised = self.random.choice(({}, {"post": Level.MODERATE}, {}))
        settings = Settings(archived=archived, raised=raised)
        await self._write(room, lambda at: Delta(settings=settings))

    async def _write(self, room: str, delta: Callable[[int], Delta]) -> None:
        def work(tx: Tx, touched: list[Opened]) -> None:
            opened = open_room(tx, room)
            change = delta(opened.at)
            fresh = tuple(who for who in change.joined if who not in opened.facts.members)
            opened.write(Kind.ACCESS, self._by, replace(change, joined=fresh))
            touched.append(opened)

        await self.house.chatelaine.rooms.changes.commit(work)

    @property
    def _by(self) -> Shown:
        return Shown(self.ann.id, self.ann.nickname)

    async def _in_or_out_of_group(self, person: Person, room: str) -> None:
        until = self._until()

        def work(tx: Tx, touched: list[Opened]) -> None:
            facts = people.facts_of(tx, person.id)
            assert facts is not None
            if self.group in facts.groups:
                touched += take_out_of_group(tx, facts, self.group, self._by)
            else:
                touched += put_in_group(tx, facts, self.group, self._by, until)

        await self.house.chatelaine.rooms.changes.commit(work)

    async def _suspended_or_back(self, person: Person, room: str) -> None:
        if person is self.ann:
            return
        changes = self.house.chatelaine.rooms.changes
        over: list[str] = []

        def work(tx: Tx, touched: list[Opened]) -> bool:
            facts = people.facts_of(tx, person.id)
            assert facts is not None
            active = facts.state is State.ACTIVE
            if active:
                ended = suspend(tx, facts, Change("suspended", self.ann.id), self._by)
                touched += ended.rooms
                over.extend(ended.sessions)
            else:
                touched += self._restore(tx, facts)
            self._aside(tx, person.id, {opened.head.room for opened in touched})
            return active

        was_active = await changes.commit(work)
        changes.tell_ended(over)
        if not was_active:
            await person.log_in(person.name, person.password)
            await self._come(person, Notes())

    def _restore(self, tx: Tx, facts: PersonFacts) -> list[Opened]:
        return change_account(
            tx,
            replace(facts, state=State.ACTIVE),
            lambda: accounts.set_state(tx, facts.id, State.ACTIVE),
            Change("restored", self.ann.id),
            self._by,
        )

    def _aside(self, tx: Tx, person: str, told: set[str]) -> None:
        """Where the log does not say what happened to the account, it is noted here."""
        facts = people.facts_of(tx, person)
        assert facts is not None
        for room in self.rooms.keys() - told:
            head = log.head_of(tx, room)
            assert head is not None
            self.asides[room].append((head.seq, Delta(accounts=(facts,))))

    async def _time_passes(self, person: Person, room: str) -> None:
        """Sometimes backwards."""
        self.clock.ahead += self.random.choice((500, 2_000, 8_000, 40_000, -3_000))

    # --- the end ---------------------------------------------------------------------------------

    async def end(self) -> None:
        """Stop; everything that can run out does; then everyone must have all that is theirs."""
        self.clock.ahead += 120_000
        await self.house.chatelaine.rooms.sweeper.sweep()
        logs = {room: await self._log(room) for room in self.rooms}
        truths = {room: self._truth(room, entries) for room, entries in logs.items()}
        await self._all_is_told(truths)
        for hearing in self.observer.hearings:
            judge_hearing(truths[hearing.room], hearing)
        for page in self.observer.pages:
            judge_page(truths[page.room], page)
        for truth in truths.values():
            judge_log(truth)
            for person in self.people:
                wires = b"".join(bytes(wire.raw) for wire in person.wires)
                judge_bytes(truth, person.id, person.seen + wires)
        await self.house.chatelaine.database.read(lambda tx: self._judge_proof(tx, truths))
        for text, (room, seq) in self.acknowledged.items():
            assert logs[room][seq - 1].text == text, "acknowledged is kept"

    def _judge_proof(self, tx: Tx, truths: dict[str, Truth]) -> None:
        """Of some of the entries, and of the newest."""
        for room, truth in truths.items():
            head = len(truth.log)
            seqs = {*self.random.sample(range(1, head + 1), min(head, PROVED)), head}
            hearings = [it for it in self.observer.hearings if it.room == room]
            judge_proof(tx, room, truth, hearings, self.asides[room], sorted(seqs))
        assert verify_accounts(tx) == []

    async def _log(self, room: str) -> list[Any]:
        return await self.house.chatelaine.database.read(lambda tx: log.after(tx, room, 0, 100_000))

    def _truth(self, room: str, entries: list[Any]) -> Truth:
        return Truth(
            entries,
            [person.id for person in self.people],
            [person.id for person in self.people if person.name == "gus"],
            self.asides[room],
            since_joining=self.rooms[room],
        )

    async def _all_is_told(self, truths: dict[str, Truth]) -> None:
        async with asyncio.timeout(QUIET):
            while missing := list(self._missing(truths)):
                self.still = missing
                await asyncio.sleep(0.02)

    def _missing(self, truths: dict[str, Truth]) -> Any:
        for person in self.people:
            for wire in self.wires[person.id]:
                for room in wire.hearing if wire.connection.close_code is None else ():
                    truth = truths[room]
                    if person.id not in truth.states[-1].hearers:
                        yield person.name, "was not told that they lost", room
                    elif wire.notes.at[room][0] != len(truth.log):
                        yield person.name, wire.notes.at[room], "of", len(truth.log)

    async def leave(self) -> None:
        for person in self.people:
            for wire in self.wires[person.id]:
                await wire.hang_up()
