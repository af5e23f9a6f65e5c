"""Decides once for all people about whom the same is known: most of a large room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from core.access import Facts, PersonFacts, RoomFacts, own_subjects

Answer = TypeVar("Answer")


class Alike(Generic[Answer]):
    """Remembers ``decide``'s answers for one room, which must not change meanwhile.

    They must follow from what one may do alone: reasons and ends are each person's own.
    """

    def __init__(self, room: RoomFacts, decide: Callable[[Facts], Answer]) -> None:
        self._room = room
        self._decide = decide
        self._answers: dict[Hashable, Answer] = {}

    def __call__(self, person: PersonFacts) -> Answer:
        key = _what_counts(person, self._room)
        if key not in self._answers:
            self._answers[key] = self._decide(Facts(person, self._room))
        return self._answers[key]


def _what_counts(person: PersonFacts, room: RoomFacts) -> Hashable:
    """Two people of the same key may do the same: of own grants and caps only the levels count."""
    given = (room.grants.get(subject) for subject in own_subjects(person.id))
    return (
        person.role,
        person.state,
        person.groups,
        person.token_level,
        person.token_actions,
        *(grant.level if grant else None for grant in given),
        min(room.caps.get(person.id, ()), default=None),
    )
