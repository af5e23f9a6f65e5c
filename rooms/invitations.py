"""Links that bring people in: to a room, or to the server."""

from __future__ import annotations

from msgspec import Struct

from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.hashes import secret_hash
from core.ids import new_id, new_secret
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Person, Role, State
from rooms.acting import Acting, actor, check
from rooms.authority import is_banned
from rooms.changes import Changes
from rooms.inviting import invitation_delta
from rooms.ledger import Opened, open_room
from rooms.permissions import decide
from storage import access, invitations, people, removals
from storage import rooms as room_rows
from storage.engine import Database, Tx
from storage.invitations import Invitation

DAY = 24 * 60 * 60 * 1000
LONGEST_DAYS = 365
MOST_USES = 1000


class MadeLink(Struct, frozen=True):
    """A new link; its secret is shown this once."""

    invitation: Invitation
    secret: str


class Invited(Struct, frozen=True):
    """What the page of a link says: into what, by whom, and what an outsider becomes."""

    room: str | None
    room_name: str | None
    maker: str
    role: Role


class Invitations:
    """Makes, shows, revokes and redeems links."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def make(
        self, who: Identity, room: str | None, days: int, uses: int, role: Role | None = None
    ) -> MadeLink:
        """A link to ``room`` (needs `invite` there), or to the server (admins).

        ``role`` is what an outsider becomes: of admins' links a member, of others' and of tokens'
        a guest, unless an admin says otherwise.
        """
        if not 1 <= days <= LONGEST_DAYS or not 1 <= uses <= MOST_USES:
            raise ChatError("invitation_bad")
        secret = new_secret()

        def work(tx: Tx) -> Invitation:
            maker = _may_make(tx, who, room)
            invitation = _new(tx, maker, room, days, uses, _role(maker, room, role))
            invitations.add(tx, invitation, secret_hash(secret))
            return invitation

        return MadeLink(await self._database.write(work), secret)

    async def working(self, who: Identity, room: str | None) -> list[Invitation]:
        """The links that still work, for those who may make them."""

        def work(tx: Tx) -> list[Invitation]:
            _may_make(tx, who, room)
            return invitations.working(tx, room)

        return await self._database.read(work)

    async def revoke(self, who: Identity, room: str | None, invitation: str) -> None:
        """Make a link void at once."""

        def work(tx: Tx) -> None:
            _may_make(tx, who, room)
            if not invitations.revoke(tx, invitation, room):
                raise ChatError("invitation_void")

        await self._database.write(work)

    async def look(self, secret: str) -> Invited:
        """What a link offers. Raises `invitation_void` for any that does not work."""

        def work(tx: Tx) -> Invited:
            invitation = _valid(tx, secret)
            maker = people.persons(tx, [invitation.made_by])[invitation.made_by]
            settings = room_rows.settings_of(tx, invitation.room) if invitation.room else None
            name = settings.name if settings else None
            return Invited(invitation.room, name, maker.nickname, invitation.role)

        return await self._database.read(work)

    async def accept(self, who: Identity, secret: str) -> str | None:
        """Someone logged in uses a link; returns the room that they are in now, if any."""

        def work(tx: Tx, touched: list[Opened]) -> str | None:
            actor(tx, who)
            touched.extend(redeem(tx, secret, who.account, is_new=False))
            return touched[0].head.room if touched else None

        return await self._changes.commit(work)


def redeem(tx: Tx, secret: str, account: Account, *, is_new: bool) -> list[Opened]:
    """Use a link for ``account``, new or old, in this transaction; the room it wrote to, if any.

    A link that would bring nothing is not used up; one made before they were removed from the room
    does not bring them back. Raises `invitation_void`.
    """
    invitation = _valid(tx, secret)
    if invitation.room is None:
        if is_new:
            _take(tx, invitation)
        return []
    room = open_room(tx, invitation.room)
    removed = removals.since(tx, invitation.room, account.id, invitation.created_at)
    if removed or is_banned(room.facts, account.id):
        raise ChatError("invitation_void")
    maker = people.facts(tx, [invitation.made_by])[invitation.made_by]
    by = people.persons(tx, [maker.id])[maker.id]
    target = PersonFacts(account.id, account.role)
    delta = invitation_delta(tx, Acting(maker, by, room), target, invitation.level)
    if delta.people:
        _take(tx, invitation)
        kind = Kind.JOINED if delta.joined else Kind.ACCESS
        room.write(kind, Person(account.id, account.nickname), delta)
    return [room]


def _take(tx: Tx, invitation: Invitation) -> None:
    if not invitations.use(tx, invitation.id):
        raise ChatError("invitation_void")


def role_for(tx: Tx, secret: str) -> Role:
    """What an outsider becomes by this link. Raises `invitation_void`."""
    return _valid(tx, secret).role


def _valid(tx: Tx, secret: str) -> Invitation:
    """The link, if it works and its maker may still make it."""
    invitation = invitations.by_secret(tx, secret_hash(secret))
    if invitation is None:
        raise ChatError("invitation_void")
    maker = people.facts(tx, [invitation.made_by])[invitation.made_by]
    if not _still_may(tx, maker, invitation):
        raise ChatError("invitation_void")
    return invitation


def _still_may(tx: Tx, maker: PersonFacts, invitation: Invitation) -> bool:
    if maker.state is not State.ACTIVE:
        return False
    if invitation.role is not Role.GUEST and maker.role is not Role.ADMIN:
        return False
    if invitation.room is None:
        return True
    facts = Facts(maker, access.facts_for(tx, invitation.room, maker.id, maker.groups))
    return decide("invite", facts).allowed


def _may_make(tx: Tx, who: Identity, room: str | None) -> PersonFacts:
    if room is not None:
        return _inviter(tx, who, room)
    maker = actor(tx, who)
    if maker.role is not Role.ADMIN:
        raise ChatError("not_found")
    return maker


def _inviter(tx: Tx, who: Identity, room: str) -> PersonFacts:
    maker = actor(tx, who)
    check("invite", Facts(maker, access.facts_for(tx, room, maker.id, maker.groups)))
    return maker


def _role(maker: PersonFacts, room: str | None, wanted: Role | None) -> Role:
    if maker.role is not Role.ADMIN or maker.token_level is not None:
        if wanted not in (None, Role.GUEST):
            raise ChatError("not_allowed")
        return Role.GUEST
    if wanted is Role.GUEST and room is not None:
        return Role.GUEST
    return Role.MEMBER


def _new(
    tx: Tx, maker: PersonFacts, room: str | None, days: int, uses: int, role: Role
) -> Invitation:
    now = tx.now()
    return Invitation(
        id=new_id(),
        made_by=maker.id,
        room=room,
        role=role,
        level=Level.POST,
        created_at=now,
        expires_at=now + days * DAY,
        uses_left=uses,
        uses=0,
    )
