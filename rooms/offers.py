"""What an invitation link gives at this moment, and giving it."""

from __future__ import annotations

from typing import NamedTuple

from core.access import PersonFacts
from core.clock import DAY
from core.errors import ChatError
from core.hashes import secret_hash
from core.log import Kind
from core.records import Account, Person, Role, State
from rooms.acting import Acting, facts_in
from rooms.authority import is_banned
from rooms.inviting import invitation_delta
from rooms.ledger import Opened, open_rooms
from rooms.permissions import decide
from storage import accounts, invitations, people, removals
from storage.engine import Tx
from storage.invitations import Invitation, Place


class Offer(NamedTuple):
    """A link that works. ``places``: those of its rooms that its maker may invite to now."""

    link: Invitation
    maker: PersonFacts
    places: tuple[Place, ...]


def offer(tx: Tx, secret: str) -> Offer:
    """What the link gives now. Raises `invitation_void` if that is nothing."""
    link = invitations.by_secret(tx, secret_hash(secret))
    if link is None:
        raise ChatError("invitation_void")
    maker = people.facts(tx, [link.made_by])[link.made_by]
    places = places_now(tx, maker, link)
    if places is None:
        raise ChatError("invitation_void")
    return Offer(link, maker, places)


def places_now(tx: Tx, maker: PersonFacts, link: Invitation) -> tuple[Place, ...] | None:
    """The rooms that the link leads to now; None if its maker may not invite by it any more."""
    if not _stands(maker, link):
        return None
    places = tuple(place for place in link.places if may_lead_to(tx, maker, place.room))
    return places if places or not link.places else None


def may_lead_to(tx: Tx, maker: PersonFacts, room: str) -> bool:
    """Whether links of ``maker`` bring people into ``room``; into an archived one none do."""
    facts = facts_in(tx, maker, room)
    return not facts.room.archived and decide("invite", facts).allowed


def _stands(maker: PersonFacts, link: Invitation) -> bool:
    """Whether its maker may still make such a link, whatever rooms it leads to."""
    needs_admin = link.room is None or link.role is not Role.GUEST
    return maker.state is State.ACTIVE and (maker.role is Role.ADMIN or not needs_admin)


def limit_guest(tx: Tx, given: Offer, account: Account) -> None:
    """Let the new ``account`` end when the link says so."""
    if given.link.role is Role.GUEST and given.link.guest_days is not None:
        accounts.set_until(tx, account.id, tx.now() + given.link.guest_days * DAY)


def redeem(tx: Tx, given: Offer, account: Account, *, is_new: bool) -> list[Opened]:
    """Give all of it to ``account``, in this transaction; returns the rooms that it leads to.

    A link that would bring nothing is not used up; one made before they were removed from a room
    does not bring them back there, nor does any when they are banned. Raises `invitation_void`.
    """
    link = given.link
    opened = open_rooms(tx, (place.room for place in given.places))
    wanted = [place for place in given.places if _is_wanted(tx, opened[place.room], account, link)]
    if given.places and not wanted:
        raise ChatError("invitation_void")
    brought = [_let_in(tx, given, opened[place.room], account, place) for place in wanted]
    if (any(brought) or is_new) and not invitations.use(tx, link.id):
        raise ChatError("invitation_void")
    return [opened[place.room] for place in wanted]


def _is_wanted(tx: Tx, room: Opened, account: Account, link: Invitation) -> bool:
    """Neither banned nor, since the link was made, removed."""
    removed = removals.since(tx, room.head.room, account.id, link.created_at)
    return not removed and not is_banned(room.facts, account.id)


def _let_in(tx: Tx, given: Offer, room: Opened, account: Account, place: Place) -> bool:
    """Whether that changed anything."""
    by = people.person(tx, given.maker.id)
    target = people.facts(tx, [account.id])[account.id]
    delta = invitation_delta(tx, Acting(given.maker, by, room), target, place.level)
    if delta.people:
        kind = Kind.JOINED if delta.joined else Kind.ACCESS
        room.write(kind, Person(account.id, account.nickname), delta)
    return bool(delta.people)
