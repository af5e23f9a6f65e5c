"""What was so in a room at any past moment: its access entries and the journal, replayed.

Pure. A change of an account or a group that is an entry of the room counts from that entry's seq.
One that is none counts after all entries that were written before it and before all later ones:
each entry says what the journal's newest line was. Only entries of an older version, which do not,
are told by the clock. What slow mode let wait is not kept, and so not replayed.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from math import inf
from typing import NamedTuple

from core.access import Delta, Facts, History, PersonFacts, RoomFacts, Settings
from core.errors import ChatError
from core.levels import Level
from core.log import Entry, Span
from rooms.alike import Alike
from rooms.permissions import Decision, decide
from storage.journal import Line


class Moment(NamedTuple):
    """When entry ``seq`` was the room's newest, and the clock said ``at`` (ms).

    ``journal``: the journal's newest line then; None if only the clock tells.
    """

    seq: int
    at: int
    journal: int | None = None


class Step(NamedTuple):
    """One thing that happened: an access entry, a line of the journal, or both in one."""

    entry: Entry | None
    line: Line | None

    @property
    def delta(self) -> Delta:
        return (self.entry.delta if self.entry else None) or Delta()

    @property
    def accounts(self) -> dict[str, PersonFacts]:
        """Whose facts are others now. The entry, being chained, has the last word."""
        facts = self.line.change.facts if self.line else None
        told = {facts.id: facts} if facts else {}
        return told | {account.id: account for account in self.delta.accounts}


class Turn(NamedTuple):
    """A step that changed who could, and for whom."""

    step: Step
    gained: dict[str, Decision]
    lost: dict[str, Decision]


class Past:
    """The room and everyone, as of one step after another. Belongs to one caller.

    ``most``: the answers that `able` may give in all; more raise `proof_too_long`.
    """

    def __init__(self, most: float = inf) -> None:
        self._left = most
        self.room = RoomFacts(Settings())
        self.people: dict[str, PersonFacts] = {}
        self.spans: dict[str, list[Span]] = defaultdict(list)

    def take(self, step: Step) -> None:
        """Become what is so after ``step``."""
        delta = step.delta
        before = self._since_joining(delta)
        opened_from = self.room.open_from if self.room.history is History.ALL else None
        self.room.apply(delta)
        self.people.update(step.accounts)
        if step.entry is not None:
            self._write_spans(step.entry.seq, opened_from, before, self._since_joining(delta))

    def decide(self, person: str, action: str, seq: int) -> Decision:
        """May they do it? Reading is of the entry ``seq``, by the history setting too."""
        return self._decide(person, action, seq, lambda who: decide(action, Facts(who, self.room)))

    def _decide(
        self, person: str, action: str, seq: int, answer: Callable[[PersonFacts], Decision]
    ) -> Decision:
        facts = self.people.get(person)
        if facts is None:
            return Decision(allowed=False, level=Level.HIDDEN, because=())
        decision = answer(facts)
        if action == "read" and not self.opens(person, seq):
            return decision._replace(allowed=False)
        return decision

    def opens(self, person: str, seq: int) -> bool:
        """Whether the history setting lets a reader read the entry ``seq``."""
        if self.room.history is History.ALL and self.room.open_from <= seq:
            return True
        return any(span.holds(seq) for span in self.spans.get(person, ()))

    def able(
        self, action: str, seq: int, people: Collection[str] | None = None
    ) -> dict[str, Decision]:
        """Of ``people`` (or everyone), those who may."""
        asked = self.people if people is None else people
        self._left -= len(asked)
        if self._left < 0:
            raise ChatError("proof_too_long")
        alike = Alike(self.room, lambda facts: decide(action, facts))
        answers = ((person, self._decide(person, action, seq, alike)) for person in sorted(asked))
        return {person: decision for person, decision in answers if decision.allowed}

    def _since_joining(self, delta: Delta) -> set[str]:
        """As `rooms.ledger.Opened` finds whose intervals a change opens and closes."""
        room = self.room
        if room.history is not History.JOINED:
            return set()
        concerned = room.members if delta.is_room_wide else delta.people & room.members
        return {
            person
            for person in concerned
            if person in self.people and decide("read", Facts(self.people[person], room)).allowed
        }

    def _write_spans(
        self, seq: int, opened_from: int | None, before: set[str], after: set[str]
    ) -> None:
        start = seq if opened_from is None else max(1, opened_from)
        for person in before - after:
            self.spans[person] = [
                Span(span.start, seq) if span.end is None else span for span in self.spans[person]
            ]
        for person in after - before:
            kept = [span for span in self.spans[person] if span.start != start]
            self.spans[person] = [*kept, Span(start, None)]


def steps_of(
    room: str,
    entries: Sequence[Entry],
    lines: Sequence[Line],
    marks: Mapping[int, int] | None = None,
) -> list[Step]:
    """All that bears on rights in ``room``, in the order in which it happened.

    ``entries``: its access entries by seq. ``lines``: the journal by id. ``marks``: by seq, the
    journal's newest line when the entry was written; where there is none, the clock tells.
    """
    placed = {line.seqs[room]: line for line in lines if room in line.seqs}
    loose = deque(line for line in lines if room not in line.seqs and line.change.facts)
    steps: list[Step] = []
    for entry, bound in zip(entries, _bounds(entries, placed), strict=True):
        mark = (marks or {}).get(entry.seq)
        own = entry.seq in placed
        while loose and (
            loose[0].id <= mark
            if mark is not None
            else loose[0].id < bound and (own or loose[0].at <= entry.at)
        ):
            steps.append(Step(None, loose.popleft()))
        steps.append(Step(entry, placed.get(entry.seq)))
    return steps + [Step(None, line) for line in loose]


def _bounds(entries: Sequence[Entry], placed: Mapping[int, Line]) -> list[float]:
    """For each entry the id of the first line that is certainly not before it."""
    bound, found = float("inf"), []
    for entry in reversed(entries):
        if entry.seq in placed:
            bound = placed[entry.seq].id
        found.append(bound)
    return found[::-1]


def split(steps: Sequence[Step], moment: Moment) -> tuple[list[Step], list[Step]]:
    """What had happened by ``moment``, and what happened later."""
    last = max(
        (index for index, step in enumerate(steps) if step.entry and step.entry.seq <= moment.seq),
        default=-1,
    )
    end = last + 1
    while end < len(steps) and _is_loose_by(steps[end], moment):
        end += 1
    return list(steps[:end]), list(steps[end:])


def _is_loose_by(step: Step, moment: Moment) -> bool:
    if step.entry is not None or step.line is None:
        return False
    if moment.journal is not None:
        return step.line.id <= moment.journal
    return step.line.at <= moment.at


def past_after(steps: Iterable[Step], most: float = inf) -> Past:
    """What was so after the last of ``steps``. ``most``: as of `Past`."""
    past = Past(most)
    for step in steps:
        past.take(step)
    return past


def turns(past: Past, later: Iterable[Step], action: str, seq: int) -> Iterator[Turn]:
    """How the answer to "who could" changed since ``past``, which is moved along."""
    for step in later:
        concerned = None if _concerns_all(step.delta) else {*step.accounts, *step.delta.people}
        before = past.able(action, seq, concerned)
        past.take(step)
        asked = past.people if concerned is None else concerned
        after = past.able(action, seq, asked)
        gained = {person: after[person] for person in after.keys() - before.keys()}
        lost = {person: past.decide(person, action, seq) for person in before.keys() - after.keys()}
        if gained or lost:
            yield Turn(step, gained, lost)


def _concerns_all(delta: Delta) -> bool:
    opened = delta.settings is not None and delta.settings.open_from is not None
    return delta.is_room_wide or opened
