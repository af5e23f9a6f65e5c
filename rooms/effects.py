"""Who would gain and who would lose what by a change: by the same `decide` that will enforce it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.access import Delta, Facts, PersonFacts, RoomFacts
from rooms.actions import ACTIONS
from rooms.alike import Alike
from rooms.permissions import decide

Actions = frozenset[str]


def allowed(facts: Facts) -> Actions:
    """All that someone may do, however slow the room is."""
    return frozenset(name for name in ACTIONS if decide(name, facts).allowed)


def gains_and_losses(
    room: RoomFacts, delta: Delta, people: Iterable[PersonFacts]
) -> tuple[Mapping[Actions, list[str]], Mapping[Actions, list[str]]]:
    """Ids by the actions that ``delta`` gives them, and by those that it takes from them."""
    after = room.copy()
    after.apply(delta)
    before_of, after_of = Alike(room, allowed), Alike(after, allowed)
    gains: dict[Actions, list[str]] = {}
    losses: dict[Actions, list[str]] = {}
    for person in people:
        had, has = before_of(person), after_of(person)
        if has - had:
            gains.setdefault(has - had, []).append(person.id)
        if had - has:
            losses.setdefault(had - has, []).append(person.id)
    return gains, losses
