"""Decides once for all people about whom the same is known: most of a large room."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from core.access import Facts, PersonFacts, RoomFacts, own_subjects

Answer = TypeVar("Answer")


class Alike(Generic[Answer]):
    """Remembers ``decide``'s answers for one room, which must not change meanwhile."""

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
    """Two people of the same key get the same answers: everything that `decide` looks at."""
    own = own_subjects(person.id)
    if person.id in room.caps or any(subject in room.grants for subject in own):
        return person
    return person.role, person.state, person.groups, person.token_level, person.token_actions
