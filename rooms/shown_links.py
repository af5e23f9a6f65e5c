"""Invitation links, as people see them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from core.access import Facts, PersonFacts
from core.levels import Level
from core.records import Role
from rooms.offers import Offer, places_now
from rooms.permissions import decide
from storage import access, people
from storage import rooms as room_rows
from storage.engine import Tx
from storage.invitations import Invitation


class RoomName(Struct, frozen=True):
    """A room that a link leads to, by its name."""

    id: str
    name: str


class ShownLink(Struct, frozen=True):
    """A link as those who may revoke it see it. ``rooms``: those of its rooms that they may see;
    ``others``: how many it leads to besides. ``works``: its maker may still invite by it."""

    invitation: Invitation
    maker: str
    rooms: list[RoomName]
    others: int
    works: bool


class Invited(Struct, frozen=True):
    """What the page of a link says: into which rooms, by whom, and what an outsider becomes."""

    rooms: list[RoomName]
    level: Level
    maker: str
    role: Role
    guest_days: int | None
    expires_at: int


def shown_link(tx: Tx, reader: PersonFacts, link: Invitation) -> ShownLink:
    maker = people.facts(tx, [link.made_by])[link.made_by]
    ids = [place.room for place in link.places]
    facts = access.facts_for_many(tx, ids, reader.id, reader.groups)
    seen = [room for room in ids if decide("see", Facts(reader, facts[room])).allowed]
    return ShownLink(
        invitation=link,
        maker=people.person(tx, maker.id).nickname,
        rooms=named(tx, seen),
        others=len(ids) - len(seen),
        works=places_now(tx, maker, link) is not None,
    )


def invited(tx: Tx, given: Offer) -> Invited:
    link = given.link
    return Invited(
        rooms=named(tx, [place.room for place in given.places]),
        level=link.level,
        maker=people.person(tx, link.made_by).nickname,
        role=link.role,
        guest_days=link.guest_days,
        expires_at=link.expires_at,
    )


def named(tx: Tx, rooms: Sequence[str]) -> list[RoomName]:
    """By name."""
    settings = room_rows.settings_of_many(tx, rooms)
    found = [RoomName(room, settings[room].name or "") for room in rooms if room in settings]
    return sorted(found, key=lambda room: (room.name.casefold(), room.id))
