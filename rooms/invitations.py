"""Links that bring people in: to rooms, or to the server."""

from __future__ import annotations

from msgspec import Struct

from core.access import PersonFacts
from core.clock import DAY
from core.errors import ChatError
from core.hashes import secret_hash
from core.ids import new_id, new_secret
from core.levels import Level
from core.records import Identity, Role
from rooms.acting import actor, check, facts_in
from rooms.authority import check_may_give
from rooms.changes import Changes
from rooms.ledger import Opened
from rooms.offers import may_lead_to, offer, redeem
from rooms.shown_links import Invited, RoomName, ShownLink, invited, named, shown_link
from storage import access, invitations
from storage.engine import Database, Tx
from storage.invitations import Invitation, Place

LONGEST_DAYS = 365
MOST_USES = 1000
MOST_ROOMS = 50
MOST_LINKS = 100
"""That work at a time, of each room and of the server: all are shown at once."""
LEVELS = (Level.READ, Level.POST)


class Gift(Struct, frozen=True):
    """What a link gives: ``level`` in its rooms, to guests for ``guest_days`` (None: for good).

    ``more``: rooms that one of the server's links leads to.
    """

    level: Level = Level.POST
    guest_days: int | None = None
    more: tuple[str, ...] = ()


PLAIN = Gift()


class MadeLink(Struct, frozen=True):
    """A new link; its secret is shown this once."""

    invitation: Invitation
    secret: str


class Invitations:
    """Makes, shows, revokes and redeems links."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def make(
        self,
        who: Identity,
        room: str | None,
        days: int,
        uses: int,
        role: Role | None = None,
        gift: Gift = PLAIN,
    ) -> MadeLink:
        """A link to ``room`` (needs `invite` there), or to the server (admins).

        ``role`` is what an outsider becomes: of admins' links a member, of others' and of tokens'
        a guest, unless an admin says otherwise. Raises `invitation_bad`, `guest_days`,
        `guest_rooms`, `room_archived`, `too_many_links`.
        """
        if not 1 <= days <= LONGEST_DAYS or not 1 <= uses <= MOST_USES:
            raise ChatError("invitation_bad")
        _check(gift)
        secret = new_secret()

        def work(tx: Tx) -> Invitation:
            maker = _may_make(tx, who, room)
            for place in gift.more if room is None else (room,):
                _check_may_lead_to(tx, maker, place, gift.level)
            if invitations.count(tx, room) >= MOST_LINKS:
                raise ChatError("too_many_links", most=MOST_LINKS)
            invitation = _new(tx, maker, room, days, uses, role, gift)
            invitations.add(tx, invitation, secret_hash(secret))
            return invitation

        return MadeLink(await self._database.write(work), secret)

    async def places(self, who: Identity) -> list[RoomName]:
        """The rooms that one may make links to, by name."""

        def work(tx: Tx) -> list[RoomName]:
            maker = actor(tx, who)
            reach = access.rooms_within_reach(tx, maker.id, maker.groups)
            able = [room for room in reach if may_lead_to(tx, maker, room)]
            return named(tx, able)

        return await self._database.read(work)

    async def working(self, who: Identity, room: str | None) -> list[ShownLink]:
        """The links that have not ended, for those who may make them, newest first."""

        def work(tx: Tx) -> list[ShownLink]:
            reader = _may_make(tx, who, room)
            return [shown_link(tx, reader, link) for link in invitations.working(tx, room)]

        return await self._database.read(work)

    async def revoke(self, who: Identity, room: str | None, invitation: str) -> None:
        """Make a link void at once; one of the server's, as far as it leads to ``room``."""

        def work(tx: Tx) -> None:
            _may_make(tx, who, room)
            if invitations.revoke(tx, invitation, room):
                return
            if room is None or not invitations.take_room_out(tx, invitation, room):
                raise ChatError("invitation_void")

        await self._database.write(work)

    async def look(self, secret: str) -> Invited:
        """What a link offers. Raises `invitation_void` for any that does not work."""
        return await self._database.read(lambda tx: invited(tx, offer(tx, secret)))

    async def accept(self, who: Identity, secret: str) -> str | None:
        """Someone logged in uses a link; returns the room that they are in now, if any."""

        def work(tx: Tx, touched: list[Opened]) -> str | None:
            actor(tx, who)
            touched.extend(redeem(tx, offer(tx, secret), who.account, is_new=False))
            return touched[0].head.room if touched else None

        return await self._changes.commit(work)


def _check(gift: Gift) -> None:
    twice = len(set(gift.more)) < len(gift.more)
    if gift.level not in LEVELS or twice or len(gift.more) > MOST_ROOMS:
        raise ChatError("invitation_bad")
    if gift.guest_days is not None and not 1 <= gift.guest_days <= LONGEST_DAYS:
        raise ChatError("guest_days")


def _may_make(tx: Tx, who: Identity, room: str | None) -> PersonFacts:
    maker = actor(tx, who)
    if room is not None:
        check("invite", facts_in(tx, maker, room))
    elif maker.role is not Role.ADMIN:
        raise ChatError("not_found")
    return maker


def _check_may_lead_to(tx: Tx, maker: PersonFacts, room: str, level: Level) -> None:
    facts = facts_in(tx, maker, room)
    check("invite", facts)
    check_may_give(maker, facts.room, level)
    if not may_lead_to(tx, maker, room):
        raise ChatError("room_archived")


def _new(
    tx: Tx,
    maker: PersonFacts,
    room: str | None,
    days: int,
    uses: int,
    wanted: Role | None,
    gift: Gift,
) -> Invitation:
    role = _role(maker, bool(room or gift.more), wanted)
    if gift.guest_days is not None and role is not Role.GUEST:
        raise ChatError("guest_days")
    now = tx.now()
    return Invitation(
        id=new_id(),
        made_by=maker.id,
        room=room,
        role=role,
        level=gift.level,
        created_at=now,
        expires_at=now + days * DAY,
        uses_left=uses,
        uses=0,
        guest_days=gift.guest_days,
        more=() if room else tuple(Place(place, gift.level) for place in gift.more),
    )


def _role(maker: PersonFacts, leads_to_rooms: bool, wanted: Role | None) -> Role:
    """Guests have nothing but the rooms that they are invited to."""
    if maker.role is not Role.ADMIN or maker.token_level is not None:
        if wanted not in (None, Role.GUEST):
            raise ChatError("not_allowed")
        return Role.GUEST
    if wanted is Role.GUEST and not leads_to_rooms:
        raise ChatError("guest_rooms")
    return wanted or Role.MEMBER
