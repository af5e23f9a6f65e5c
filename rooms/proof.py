"""Who may, who could at any past moment, and why; where a log stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.levels import Level
from core.records import Identity, Role, State
from rooms.acting import facts_in, looking_in
from rooms.actions import ACTIONS, check_is_action
from rooms.hearing import spans_of
from rooms.permissions import Decision, decide, required
from rooms.reasons import Able, Names, Reason
from rooms.replay import Moment, Step, Turn, past_after, split, steps_of, turns
from rooms.slowness import wait_of
from storage import journal, log, memberships, people
from storage import rooms as room_rows
from storage.engine import Database, Tx


class Answer(Struct, frozen=True):
    """One action: whether, the level it takes here, and if not what stands in the way: level,
    archived, slow."""

    action: str
    allowed: bool
    needs: str
    hindered_by: str | None
    retry_after: float | None


class Explanation(Struct, frozen=True):
    """Someone in a room now. ``reads``: the intervals of the log they may read, None: all of it."""

    room: str
    name: str
    person: str
    nickname: str
    role: str
    state: str
    member: bool
    level: str
    because: list[Reason]
    until: int | None
    reads: list[tuple[int, int | None]] | None
    answers: list[Answer]


class Change(Struct, frozen=True):
    """Who gained and who lost, by what: the entry ``seq``, or None: a change of an account or a
    group that is no entry of this room."""

    seq: int | None
    at: int
    kind: str
    by: str | None
    why: str
    gained: list[Able]
    lost: list[Able]


class WhoCould(Struct, frozen=True):
    """Who could do ``action`` when ``seq`` was the newest entry, and what changed since.

    For ``read``: who could read that entry.
    """

    room: str
    name: str
    seq: int
    at: int
    action: str
    people: list[Able]
    changes: list[Change]


class HeadOf(Struct, frozen=True):
    """Where a room's log stands. ``hash``, noted elsewhere, tells later if all is still there."""

    room: str
    name: str
    seq: int
    access_version: int
    hash: str


MOST_ASKED, MOST_TOLD = 200_000, 20_000
"""Of how many people one answer to a program may be made, and of how many it may tell: a room can
be opened and closed to everyone any number of times."""


class Proof:
    """Each answer comes from one snapshot. What has no ``who`` is for whoever runs the machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def who_could_for(
        self, who: Identity, room: str, seq: int | None, action: str
    ) -> WhoCould:
        """For those who may see everyone's rights there; a guest is told of those they know.

        Raises `not_found`, `not_allowed`, `proof_too_long`; `bad_request` for no such action.
        """
        check_is_action(action)

        def work(tx: Tx) -> WhoCould:
            reader = looking_in(tx, who, room, "rights").person
            found = who_could(tx, room, seq, None, action, most=(MOST_ASKED, MOST_TOLD))
            return found if reader.role is not Role.GUEST else _known_to(tx, reader, found)

        return await self._database.read(work)

    async def head_for(self, who: Identity, room: str) -> HeadOf:
        """As `who_could_for`."""

        def work(tx: Tx) -> HeadOf:
            looking_in(tx, who, room, "rights")
            return head_of(tx, room)

        return await self._database.read(work)


def _known_to(tx: Tx, guest: PersonFacts, found: WhoCould) -> WhoCould:
    """Without those with whom a guest shares no room."""
    known = set(memberships.sharing_a_room(tx, guest.id))

    def some(rows: Sequence[Able]) -> list[Able]:
        return [row for row in rows if row.id in known]

    changes = [replace(it, gained=some(it.gained), lost=some(it.lost)) for it in found.changes]
    told = [change for change in changes if change.gained or change.lost]
    return replace(found, people=some(found.people), changes=told)


def explain(tx: Tx, person: str, room: str, action: str | None = None) -> Explanation:
    """What ``person`` may do in ``room`` now, or ``action`` alone. Raises `not_found`."""
    about = people.facts_of(tx, person)
    settings = room_rows.settings_of(tx, room)
    if about is None or settings is None:
        raise ChatError("not_found")
    facts = facts_in(tx, about, room)
    facts = facts._replace(wait=wait_of(tx, room, facts))
    decision = decide("see", facts)
    names = Names(tx, decision.because, [person])
    reads = spans_of(tx, room, facts) if decision.level >= Level.READ else ()
    return Explanation(
        room=room,
        name=settings.name or "",
        person=person,
        nickname=names.person(person) or "",
        role=about.role.value,
        state=about.state.value,
        member=person in facts.room.members,
        level=decision.level.name,
        because=[names.reason(reason) for reason in decision.because],
        until=decision.until,
        reads=None if reads is None else [(span.start, span.end) for span in reads],
        answers=[answer(name, facts) for name in ([action] if action else ACTIONS)],
    )


def answer(action: str, facts: Facts) -> Answer:
    """One line of an explanation."""
    decision, needs = decide(action, facts), required(action, facts.room)
    return Answer(
        action,
        decision.allowed,
        needs.name,
        None if decision.allowed else _hindrance(facts, decision, needs),
        decision.retry_after,
    )


def _hindrance(facts: Facts, decision: Decision, needs: Level) -> str:
    if facts.person.state is not State.ACTIVE:
        return "account"
    if decision.level < needs:
        return "level"
    if decision.retry_after is not None:
        return "slow"
    return "archived" if facts.room.archived else "token"


def who_could(
    tx: Tx,
    room: str,
    seq: int | None = None,
    at: int | None = None,
    action: str = "read",
    most: tuple[float, float] = (inf, inf),
) -> WhoCould:
    """At entry ``seq``, at the time ``at`` (ms), or now. Raises `not_found`; `proof_too_long` if it
    takes more than ``most`` answers, or tells more of them."""
    moment = _moment(tx, room, seq, at)
    steps = steps_of_room(tx, room)
    before, later = split(steps, moment)
    past = past_after(before, most[0])
    able = past.able(action, moment.seq)
    changed = list(_told(turns(past, later, action, moment.seq), most[1] - len(able)))
    names = _names(tx, able, changed)
    settings = room_rows.settings_of(tx, room)
    return WhoCould(
        room=room,
        name=(settings.name if settings else None) or "",
        seq=moment.seq,
        at=moment.at,
        action=action,
        people=names.able(able),
        changes=[_change(turn, names) for turn in changed],
    )


def _told(changes: Iterable[Turn], left: float) -> Iterator[Turn]:
    for turn in changes:
        left -= len(turn.gained) + len(turn.lost)
        if left < 0:
            raise ChatError("proof_too_long")
        yield turn


def _moment(tx: Tx, room: str, seq: int | None, at: int | None) -> Moment:
    head = log.head_of(tx, room)
    if head is None:
        raise ChatError("not_found")
    if seq is not None:
        return Moment(seq, _there(log.time_of(tx, room, seq)), log.journal_mark(tx, room, seq))
    if at is None:
        return Moment(head.seq, max(tx.now(), head.last_at), journal.newest(tx))
    return Moment(_there(log.number_at(tx, room, at)), at)


def _there(number: int | None) -> int:
    if number is None:
        raise ChatError("not_found")
    return number


def steps_of_room(tx: Tx, room: str) -> list[Step]:
    entries = [entry for entry, _ in log.access_entries(tx, room)]
    return steps_of(room, entries, journal.lines(tx, room), log.journal_marks(tx, room))


def _names(tx: Tx, able: Mapping[str, Decision], changed: Sequence[Turn]) -> Names:
    told = [able, *(group for turn in changed for group in (turn.gained, turn.lost))]
    reasons = [
        reason for group in told for decision in group.values() for reason in decision.because
    ]
    makers = (turn.step.line.change.by for turn in changed if turn.step.line)
    return Names(tx, reasons, [*(id for group in told for id in group), *makers])


def _change(turn: Turn, names: Names) -> Change:
    entry, line = turn.step.entry, turn.step.line
    gained, lost = names.able(turn.gained), names.able(turn.lost)
    if entry is not None:
        by = entry.by.nickname if entry.by else None
        return Change(entry.seq, entry.at, entry.kind.value, by, _why(turn.step), gained, lost)
    if line is None:
        raise ValueError("a step is an entry or a line")
    by, why = names.person(line.change.by), line.change.why
    return Change(None, line.at, line.change.kind, by, why, gained, lost)


def _why(step: Step) -> str:
    """The reasons that were given with a change, once each."""
    given = [grant.why for grant in step.delta.grants] + [cap.why for cap in step.delta.caps]
    given += [step.line.change.why] if step.line else []
    return "; ".join(dict.fromkeys(why for why in given if why))


def head_of(tx: Tx, room: str) -> HeadOf:
    """Raises `not_found`."""
    head, settings = log.head_of(tx, room), room_rows.settings_of(tx, room)
    if head is None or settings is None:
        raise ChatError("not_found")
    return HeadOf(room, settings.name or "", head.seq, head.access_version, head.access_hash)
