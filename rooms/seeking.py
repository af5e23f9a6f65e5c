"""Finding a person to do something with. Guests find only people that they share a room with."""

from __future__ import annotations

from auth import labels
from core.access import PersonFacts
from core.errors import ChatError
from core.records import Role
from storage import direct, memberships, people
from storage.engine import Tx


def by_nickname(tx: Tx, seeker: PersonFacts, nickname: str) -> str:
    """Raises `person_not_found`, after the same statements for hidden and absent."""
    return _found(tx, seeker, labels.by_nickname(tx, nickname))


def by_id(tx: Tx, seeker: PersonFacts, person: str) -> str:
    """As `by_nickname`."""
    return _found(tx, seeker, person if people.persons(tx, [person]) else None)


def _found(tx: Tx, seeker: PersonFacts, person: str | None) -> str:
    if seeker.role is Role.GUEST:
        known = {*memberships.sharing_a_room(tx, seeker.id), *direct.met_by(tx, seeker.id)}
        person = person if person in known else None
    if person is None:
        raise ChatError("person_not_found")
    return person
