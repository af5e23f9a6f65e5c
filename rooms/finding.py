"""Whom, and which room, is meant by what somebody typed."""

from __future__ import annotations

from auth import labels, names
from core.access import PersonFacts
from core.errors import ChatError
from core.records import Role
from storage import accounts, direct, memberships, people, rooms
from storage.engine import Tx


def by_nickname(tx: Tx, seeker: PersonFacts, nickname: str) -> str:
    """Guests find only people whom they share a room with.

    Raises `person_not_found`, after the same statements for hidden and absent.
    """
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


def rooms_called(tx: Tx, text: str) -> list[str]:
    """The room with this id, else those with this name; for admins, as `people_called`."""
    return [text] if rooms.settings_of(tx, text) is not None else rooms.by_name(tx, text)


def people_called(tx: Tx, text: str) -> list[str]:
    """Those with this login name, nickname or id; one name can be two people's."""
    name = names.find(text)
    named = accounts.by_name(tx, name) if name else None
    exact = accounts.get(tx, text)
    found = {account.id for account in (named, exact) if account}
    shown = labels.by_nickname(tx, text)
    return sorted(found | ({shown} if shown else set()))
