"""A room's log, its readers' rights and the database that answers for them, all in memory.

The rights are kept twice, in two ways: as the deltas that the program folds, and as plain sets,
entry by entry, by which what was handed out is judged afterwards. A question to the database is
answered in two steps that a test takes when it likes: first it is looked up, then the answer
arrives, or an error does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Facts,
    Grant,
    PersonFacts,
    RoomFacts,
    Settings,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level
from core.log import Entry, Kind, Span
from core.records import Person, Role, State
from live.source import Snapshot
from tests.live.stepping import here

ROOM = "kitchen"
PEOPLE = ("ann", "bo", "cy")


@dataclass
class Question:
    """Something that the database was asked."""

    look_up: Callable[[], Any]
    answer: asyncio.Future[Any]
    found: list[Any] = field(default_factory=list)

    def advance(self) -> None:
        """Look it up, or let the answer arrive."""
        if not self.found:
            self.found.append(self.look_up())
        elif not self.answer.done():
            self.answer.set_result(self.found[0])

    def fail(self) -> None:
        if not self.answer.done():
            self.answer.set_exception(ChatError("storage_down"))


class Rights:
    """Who hears the room, as plain sets."""

    def __init__(self) -> None:
        self.is_open = False
        self.named: set[str] = set()
        self.banned: set[str] = set()
        self.members: set[str] = set()
        self.suspended: set[str] = set()

    def change(self, what: str, who: str) -> None:
        joins = {"invite": [self.named, self.members], "join": [self.members], "ban": [self.banned]}
        joins["suspend"] = [self.suspended]
        leaves = {"remove": [self.named, self.members], "leave": [self.members]}
        leaves |= {"unban": [self.banned], "restore": [self.suspended]}
        for group in joins.get(what, []):
            group.add(who)
        for group in leaves.get(what, []):
            group.discard(who)
        self.is_open = {"open": True, "close": False}.get(what, self.is_open)

    def hearers(self) -> frozenset[str]:
        allowed = set(PEOPLE) if self.is_open else self.named
        return frozenset((allowed & self.members) - self.banned - self.suspended)


class World:
    """`live.source.Source`, and the truth that a test judges by."""

    def __init__(self, *, since_joining: bool = False) -> None:
        self.since_joining = since_joining
        self.tag = "first"
        self.log: list[Entry] = []
        self.rights = Rights()
        self.hearers: list[frozenset[str]] = [frozenset()]
        """Who hears the room after each entry."""
        self.ended: dict[str, float] = {}
        """Log-ins that are over, and since when."""
        self.suspended_for = 0.0
        self.checked_at = float("-inf")
        self.questions: list[Question] = []
        self.answers_at_once = False
        self.change("invite", "ann")

    # --- time ------------------------------------------------------------------------------------

    def now(self) -> int:
        return int(self.boot() * 1000)

    def boot(self) -> float:
        """Also runs while the machine sleeps, as the loop's clock does not."""
        return here().seconds + self.suspended_for

    # --- what is written -------------------------------------------------------------------------

    @property
    def head(self) -> int:
        return len(self.log)

    def post(self) -> Entry:
        return self._append(Kind.POST, text=f"{self.tag} {self.head + 1}")

    def change(self, what: str, who: str) -> Entry:
        """One of `CHANGES`, in both ways."""
        self.rights.change(what, who)
        return self._append(Kind.ACCESS, delta=delta_of(what, who))

    def _append(self, kind: Kind, *, delta: Delta | None = None, text: str | None = None) -> Entry:
        entry = Entry(ROOM, self.head + 1, self.tag, 0, kind, delta=delta, text=text)
        self.log.append(entry)
        self.hearers.append(self.rights.hearers())
        return entry

    def go_back_to(self, seq: int, tag: str) -> None:
        """Restore an older copy of the database: what follows is another history."""
        rest = self.log[:seq]
        self.tag, self.rights, self.log, self.hearers = tag, Rights(), [], [frozenset()]
        facts = facts_of(rest)
        self.rights.is_open = EVERYONE in facts.grants
        self.rights.named = {s.id for s in facts.grants} - {""}
        self.rights.members = facts.members
        self.rights.banned = {who for who, caps in facts.caps.items() if Level.HIDDEN in caps}
        self.log = rest
        self.hearers = [self.rights.hearers()] * (seq + 1)

    # --- what may be read ------------------------------------------------------------------------

    def spans(self, who: str, head: int) -> tuple[Span, ...] | None:
        """The intervals in which ``who`` heard the room, as of ``head``; None: all may be read."""
        if not self.since_joining:
            return None
        spans: list[Span] = []
        for seq in range(1, head + 1):
            before, after = who in self.hearers[seq - 1], who in self.hearers[seq]
            if after and not before:
                spans.append(Span(seq, None))
            elif before and not after:
                spans[-1] = Span(spans[-1].start, seq)
        return tuple(spans)

    def readable(self, who: str, seq: int) -> bool:
        spans = self.spans(who, self.head)
        return spans is None or any(span.holds(seq) for span in spans)

    # --- what the hub asks -----------------------------------------------------------------------

    async def snapshot(self, room: str, session: str, *, whole: bool) -> Snapshot | None:
        def look_up() -> Snapshot | None:
            who = session.partition(" ")[0]
            if session in self.ended or room != ROOM or who not in self.hearers[-1]:
                return None
            return Snapshot(
                head=self.head,
                tag=self.tag,
                person=PersonFacts(who, Role.MEMBER),
                spans=self.spans(who, self.head),
                room=facts_of(self.log) if whole else None,
            )

        found: Snapshot | None = await self.ask(look_up)
        return found

    async def entries_after(self, room: str, seq: int, limit: int) -> Sequence[Entry]:
        found: Sequence[Entry] = await self.ask(lambda: self.log[seq : seq + limit])
        return found

    async def heads(self, rooms: Iterable[str]) -> dict[str, tuple[int, str]]:
        wanted = list(rooms)
        if not wanted:
            return {}
        found: dict[str, tuple[int, str]] = await self.ask(
            lambda: dict.fromkeys(wanted, (self.head, self.tag))
        )
        return found

    async def ended_among(self, sessions: list[str]) -> set[str]:
        asked_at = self.boot()
        ended: set[str] = await self.ask(lambda: {s for s in sessions if s in self.ended})
        self.checked_at = max(self.checked_at, asked_at)
        return ended

    def may_hear(self, facts: Facts) -> bool:
        me, room = facts.person.id, facts.room
        granted = EVERYONE in room.grants or person_subject(me) in room.grants
        banned = Level.HIDDEN in room.caps.get(me, {}) or facts.person.state is not State.ACTIVE
        return granted and not banned and me in room.members

    def may_post(self, facts: Facts) -> bool:
        me = facts.person.id
        return self.may_hear(facts) and Level.READ not in facts.room.caps.get(me, {})

    # --- how the database answers ----------------------------------------------------------------

    async def ask(self, look_up: Callable[[], Any]) -> Any:
        question = Question(look_up, asyncio.get_running_loop().create_future())
        self.questions.append(question)
        if self.answers_at_once:
            question.advance()
            question.advance()
        try:
            return await question.answer
        finally:
            self.questions.remove(question)

    def answer_from_now_on(self) -> None:
        self.answers_at_once = True
        for question in self.questions:
            question.advance()
            question.advance()


def delta_of(what: str, who: str) -> Delta:
    me = person_subject(who)
    return {
        "invite": Delta(grants=(Grant(me, Level.POST, None, 0),), joined=(who,)),
        "remove": Delta(revoked=(me,), left=(who,)),
        "ban": Delta(caps=(Cap(who, Level.HIDDEN, None, 0),)),
        "unban": Delta(uncapped=((who, Level.HIDDEN),)),
        "mute": Delta(caps=(Cap(who, Level.READ, None, 0),)),
        "open": Delta(grants=(Grant(EVERYONE, Level.READ, None, 0),)),
        "close": Delta(revoked=(EVERYONE,)),
        "join": Delta(joined=(who,)),
        "leave": Delta(left=(who,)),
        "suspend": Delta(accounts=(PersonFacts(who, Role.MEMBER, State.SUSPENDED),)),
        "restore": Delta(accounts=(PersonFacts(who, Role.MEMBER),)),
        "rename": Delta(settings=Settings(name=f"renamed by {who}")),
    }[what]


CHANGES = (
    "invite", "remove", "ban", "unban", "mute", "open", "close", "join", "leave", "suspend",
    "restore", "rename",
)  # fmt: skip


def facts_of(log: Sequence[Entry]) -> RoomFacts:
    """The room by its log."""
    facts = RoomFacts(Settings())
    for entry in log:
        if entry.delta is not None:
            facts.apply(entry.delta)
    return facts


def shown(who: str) -> Person:
    return Person(who, who)
