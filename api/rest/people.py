"""The people of a room: who they are, inviting and removing them, links that bring them in."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from api.rest.handler import RestHandler
from core.levels import Level
from core.records import Role
from live.hub import Hub
from rooms.invitations import Gift, Invitations
from rooms.inviting import Inviting
from rooms.occupants import Occupancy
from rooms.shown_links import ShownLink
from storage.invitations import Invitation
from web.guards import Guard


class Invite(Struct, frozen=True, forbid_unknown_fields=True):
    nickname: Annotated[str, Meta(min_length=1, max_length=200)]
    level: Literal["READ", "POST", "MODERATE", "OWN"] = "POST"


class NewLink(Struct, frozen=True, forbid_unknown_fields=True):
    days: int = 7
    uses: int = 10
    role: Literal["guest", "member"] | None = None
    """What someone without an account becomes; only admins' links make members."""
    level: Literal["READ", "POST"] = "POST"
    guest_days: int | None = None
    """How long a guest's account lasts."""


class Link(Struct, frozen=True):
    """An invitation link without its secret, which is shown once only. ``works``: its maker may
    still invite by it. ``rooms``: how many rooms it leads to."""

    id: str
    made_by: str
    works: bool
    rooms: int
    role: str
    level: str
    guest_days: int | None
    expires_at: int
    uses_left: int
    uses: int


class People(RestHandler):
    """GET: who is in the room. POST: invite someone by nickname."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, occupancy: Occupancy, inviting: Inviting, hub: Hub) -> None:
        self._occupancy = occupancy
        self._inviting = inviting
        self._hub = hub

    async def get(self, room: str) -> None:
        found = await self._occupancy.of(self.who, room)
        here = self._hub.here(room)
        rows = [msgspec.structs.asdict(row) | {"here": row.id in here} for row in found.people]
        self.send_json(msgspec.structs.asdict(found) | {"people": rows})

    async def post(self, room: str) -> None:
        wanted = self.read_json(Invite)
        invitee = await self._inviting.invite_by_nickname(
            self.who, room, wanted.nickname, Level[wanted.level]
        )
        self.send_json(invitee)


class OnePerson(RestHandler):
    """DELETE: remove someone from the room."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, inviting: Inviting) -> None:
        self._inviting = inviting

    async def delete(self, room: str, person: str) -> None:
        still_reads = await self._inviting.remove(self.who, room, person)
        self.send_json({"still_reads": still_reads})


class Links(RestHandler):
    """GET: the links into the room that still work. POST: make one."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, invitations: Invitations) -> None:
        self._invitations = invitations

    async def get(self, room: str) -> None:
        found = await self._invitations.working(self.who, room)
        self.send_json({"links": [_shown(link) for link in found]})

    async def post(self, room: str) -> None:
        wanted = self.read_json(NewLink)
        made = await self._invitations.make(
            self.who,
            room,
            wanted.days,
            wanted.uses,
            Role(wanted.role) if wanted.role else None,
            Gift(Level[wanted.level], wanted.guest_days),
        )
        link = _link(made.invitation, self.who.account.nickname, works=True)
        url = f"{self.site.config.origin}/invite/{made.secret}"
        self.send_json({"url": url} | msgspec.structs.asdict(link), 201)


class OneLink(RestHandler):
    """DELETE: make a link void."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, invitations: Invitations) -> None:
        self._invitations = invitations

    async def delete(self, room: str, invitation: str) -> None:
        await self._invitations.revoke(self.who, room, invitation)
        self.send_json({})


def _shown(found: ShownLink) -> Link:
    return _link(found.invitation, found.maker, works=found.works)


def _link(invitation: Invitation, made_by: str, *, works: bool) -> Link:
    return Link(
        invitation.id,
        made_by,
        works,
        len(invitation.places),
        invitation.role.value,
        invitation.level.name,
        invitation.guest_days,
        invitation.expires_at,
        invitation.uses_left,
        invitation.uses,
    )
