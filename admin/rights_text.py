"""What the commands of ``app.py rights`` print, for people at a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rooms.proof import Answer, Change, Explanation, HeadOf, WhoCould
from rooms.reasons import Able, Reason
from rooms.verifying import Verdict, Verified

_HINDERED = {
    "account": "the account may not be used",
    "archived": "the room is archived",
    "slow": "slow mode",
    "token": "the token",
}


def of(found: object) -> str:
    """Lines of text."""
    return "\n".join(_FORMS[type(found)](found))


def _explanation(found: Explanation) -> Iterator[str]:
    member = "in the room" if found.member else "not in the room"
    person = f"{found.nickname} ({found.person}; {found.role}, {found.state}, {member})"
    yield f"{person} has {found.level} in {_room(found)}."
    yield from (f"  because  {_reason(reason)}" for reason in found.because)
    if not found.because:
        yield "  because  nothing gives them more"
    may = [answer.action for answer in found.answers if answer.allowed]
    if may:
        yield f"  may      {', '.join(may)}"
    yield from (f"  may not  {_refusal(one)}" for one in found.answers if not one.allowed)
    yield f"  reads    {_intervals(found.reads)}"


def _refusal(answer: Answer) -> str:
    hindered = _HINDERED.get(answer.hindered_by or "")
    return f"{answer.action}: {hindered or f'needs {answer.needs}'}"


def _intervals(reads: Sequence[tuple[int, int | None]] | None) -> str:
    if reads is None:
        return "all that was ever written"
    shown = [f"{start} to {'now' if end is None else end}" for start, end in reads]
    return f"entries {', '.join(shown)}" if shown else "nothing"


def _who_could(found: WhoCould) -> Iterator[str]:
    yield f"Who could {found.action} at entry {found.seq} of {_room(found)}, {_when(found.at)}:"
    yield from (f"  {_able(one)}" for one in found.people)
    if not found.people:
        yield "  nobody"
    yield "What changed since:" if found.changes else "Nothing changed since."
    for change in found.changes:
        yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    where = f"entry {change.seq}" if change.seq is not None else "no entry here"
    by = f" by {change.by}" if change.by else ""
    why = f": {change.why}" if change.why else ""
    yield f"  {where}, {_when(change.at)}, {change.kind}{by}{why}"
    yield from (f"    + {_able(one)}" for one in change.gained)
    yield from (f"    - {_able(one)}" for one in change.lost)


def _able(one: Able) -> str:
    because = "; ".join(map(_reason, one.because)) or "nothing gives them more"
    return f"{one.nickname} ({one.id}) {one.level}: {because}"


def _reason(reason: Reason) -> str:
    whom = {"everyone": "everyone", "group": f"the group {reason.name}"}
    given = f"given to {whom.get(reason.subject, reason.name)}"
    if reason.subject == "glass":
        given = f"broke the glass: {reason.name}"
    what = f"held at {reason.level}" if reason.kind == "cap" else f"{reason.level} {given}"
    by = f" by {reason.by}" if reason.by else ""
    until = f" until {_when(reason.until)}" if reason.until is not None else ""
    return f"{what}{by}{until}" + (f" ({reason.why})" if reason.why else "")


def _head(found: HeadOf) -> Iterator[str]:
    yield f"{_room(found)} stands at entry {found.seq}, access version {found.access_version}:"
    yield found.hash


def _verdict(found: Verdict) -> Iterator[str]:
    for room in found.rooms:
        yield from _verified(room)
    if found.accounts:
        yield "Accounts and groups:"
    yield from (f"  {fault.text}" for fault in found.accounts)
    count = sum(len(room.faults) for room in found.rooms) + len(found.accounts)
    yield (
        "All is as it was written." if found.is_well else f"Not as it was written: {count} in all."
    )


def _verified(found: Verified) -> Iterator[str]:
    well = "" if found.faults else ": whole"
    yield f"{_room(found)}, {found.entries} access entries up to {found.seq}{well}"
    yield from (f"  {fault.text}" for fault in found.faults)


def _room(found: Explanation | WhoCould | HeadOf | Verified) -> str:
    return f"'{found.name}' ({found.room})"


def _when(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


_FORMS: dict[type, Callable[[Any], Iterator[str]]] = {
    Explanation: _explanation,
    WhoCould: _who_could,
    HeadOf: _head,
    Verdict: _verdict,
}
