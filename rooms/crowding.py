"""How many rooms one person can be in: their list is sent whole, and others can add to it."""

from __future__ import annotations

from collections.abc import Iterable

from core.errors import ChatError
from storage import memberships
from storage.engine import Tx

MOST_ROOMS = 500


def check_room_left(tx: Tx, people: Iterable[str]) -> None:
    """Raise `too_many_rooms` if one of ``people`` is in as many rooms as one can be."""
    for person in people:
        if len(memberships.rooms_of(tx, person)) >= MOST_ROOMS:
            raise ChatError("too_many_rooms", most=MOST_ROOMS)
