"""Direct rooms: opening one, blocks, and who may write to oneself."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from api.protocol import Id
from api.rest.handler import RestHandler
from auth.contacts import Contacts
from core.errors import ChatError
from rooms.blocking import Blocking
from rooms.direct import DirectRooms, Opening
from rooms.listing import Listing
from web.guards import Guard


class Whom(Struct, frozen=True, forbid_unknown_fields=True):
    """Someone, by one of these two."""

    person: Id | None = None
    nickname: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Reachable(Struct, frozen=True, forbid_unknown_fields=True):
    by: Literal["everyone", "sharing", "nobody"]


class Direct(RestHandler):
    """GET: whether one may begin direct rooms. POST: open the one with someone."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, direct: DirectRooms, listing: Listing) -> None:
        self._direct = direct
        self._listing = listing

    def get(self) -> None:
        self.send_json({"may_begin": self._direct.may_begin(self.who.account.role)})

    async def post(self) -> None:
        opening = await self._open(self.read_json(Whom))
        room = await self._listing.one(self.who, opening.room)
        self.send_json(room, 201 if opening.made else 200)

    async def _open(self, whom: Whom) -> Opening:
        if whom.person is not None and whom.nickname is None:
            return await self._direct.open(self.who, whom.person)
        if whom.nickname is not None and whom.person is None:
            return await self._direct.open_by_nickname(self.who, whom.nickname)
        raise ChatError("bad_request")


class Blocks(RestHandler):
    """GET: whom one blocks."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, contacts: Contacts) -> None:
        self._contacts = contacts

    async def get(self) -> None:
        self.send_json({"people": await self._contacts.blocked(self.who.account.id)})


class OneBlock(RestHandler):
    """PUT: block someone. DELETE: unblock them."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, blocking: Blocking) -> None:
        self._blocking = blocking

    async def put(self, person: str) -> None:
        await self._blocking.block(self.who, person)
        self.send_json({})

    async def delete(self, person: str) -> None:
        await self._blocking.unblock(self.who, person)
        self.send_json({})


class Reach(RestHandler):
    """GET, PUT: who may begin a direct room with oneself."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, contacts: Contacts) -> None:
        self._contacts = contacts

    async def get(self) -> None:
        reach = await self._contacts.reach(self.who.account.id)
        self.send_json({"by": reach.value})

    async def put(self) -> None:
        await self._contacts.set_reach(self.who, self.read_json(Reachable).by)
        self.send_json({})
