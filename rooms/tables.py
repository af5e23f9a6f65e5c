"""Whether the tables say what the log adds up to: a row that no entry explains is named.

Pure. Rights are decided from the tables, so that a row forged there would count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import asdict

from core.access import Cap, Grant, PersonFacts, RoomFacts, Settings, Subject
from core.levels import Level
from core.log import Span
from rooms.chain import Fault
from rooms.replay import Past, Step


class Tables(NamedTuple):
    """What the tables say of one room."""

    settings: Settings
    facts: RoomFacts
    spans: Mapping[str, Sequence[Span]]


def table_faults(steps: Sequence[Step], tables: Tables) -> list[Fault]:
    """Everything in which tables and log differ."""
    past, settings = _folded(steps)
    return [
        *_grants(past.room.grants, tables.facts.grants),
        *_caps(_flat(past.room), _flat(tables.facts)),
        *_members(past.room.members, tables.facts.members),
        *_settings(settings, tables.settings),
        *_spans(past.spans, tables.spans),
    ]


def account_faults(told: Mapping[str, PersonFacts], kept: Mapping[str, PersonFacts]) -> list[Fault]:
    """Where accounts and groups are not what the journal says of them last."""
    return [
        _fault(f"account {person}", "no line of the journal explains it" if person in kept
               else "the journal says that it is there", "account")
        for person in sorted(kept.keys() | told.keys())
        if told.get(person) != kept.get(person)
    ]  # fmt: skip


def _folded(steps: Sequence[Step]) -> tuple[Past, Settings]:
    past, settings = Past(), Settings(topic="", archived=False, raised={}, slow=0, open_from=0)
    for step in steps:
        past.take(step)
        if step.delta.settings is not None:
            settings = _merged(settings, step.delta.settings)
    return past, settings


def _merged(settings: Settings, changes: Settings) -> Settings:
    said = {name: value for name, value in asdict(changes).items() if value is not None}
    return Settings(**(asdict(settings) | said))


def _grants(told: Mapping[Subject, Grant], kept: Mapping[Subject, Grant]) -> Iterator[Fault]:
    for subject in sorted(told.keys() | kept.keys()):
        what = f"grant to {subject.kind.value} {subject.id}".rstrip()
        yield from _differing(what, told.get(subject), kept.get(subject))


def _caps(
    told: Mapping[tuple[str, Level], Cap], kept: Mapping[tuple[str, Level], Cap]
) -> Iterator[Fault]:
    for person, level in sorted(told.keys() | kept.keys()):
        key = (person, level)
        what = f"cap of {person} at {level.name}"
        yield from _differing(what, told.get(key), kept.get(key))


def _members(told: set[str], kept: set[str]) -> Iterator[Fault]:
    for person in sorted(told ^ kept):
        what = f"membership of {person}"
        yield from _differing(what, person if person in told else None,
                              person if person in kept else None)  # fmt: skip


def _settings(told: Settings, kept: Settings) -> Iterator[Fault]:
    for name, value in asdict(kept).items():
        if (getattr(told, name) or None) != (value or None):
            yield _fault(f"setting {name}", "it is not what the log says")


def _spans(
    told: Mapping[str, Sequence[Span]], kept: Mapping[str, Sequence[Span]]
) -> Iterator[Fault]:
    for person in sorted(told.keys() | kept.keys()):
        if sorted(told.get(person, ()), key=_start) != sorted(kept.get(person, ()), key=_start):
            yield _fault(f"readable intervals of {person}", "they are not what the log says")


def _start(span: Span) -> int:
    return span.start


def _flat(room: RoomFacts) -> dict[tuple[str, Level], Cap]:
    return {(cap.person, cap.level): cap for cap in room.all_caps}


def _differing(what: str, told: object, kept: object) -> Iterator[Fault]:
    if told == kept:
        return
    if told is None:
        yield _fault(what, "no entry explains it")
    elif kept is None:
        yield _fault(what, "the log gives it, the table does not have it")
    else:
        yield _fault(what, "it is not what the log says")


def _fault(what: str, wrong: str, kind: str = "table") -> Fault:
    return Fault(kind, None, f"{what[0].upper()}{what[1:]}: {wrong}.")
