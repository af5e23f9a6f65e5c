"""Rooms: one's own, the directory, making, joining, leaving, describing."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from api.rest.handler import RestHandler
from core.access import History, Preset
from rooms.changing import Changing
from rooms.listing import Listing
from rooms.making import Making
from rooms.membership import Membership
from web.guards import Guard

ShortText = Annotated[str, Meta(max_length=400)]


class NewRoom(Struct, frozen=True, forbid_unknown_fields=True):
    name: ShortText
    topic: ShortText = ""
    preset: Literal["open", "listed", "private", "announcements"] = "private"
    history: Literal["all", "joined"] = "all"


class Description(Struct, frozen=True, forbid_unknown_fields=True):
    name: ShortText | None = None
    topic: ShortText | None = None


class Rooms(RestHandler):
    """GET: one's own rooms. POST: make one."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, listing: Listing, making: Making) -> None:
        self._listing = listing
        self._making = making

    async def get(self) -> None:
        self.send_json({"rooms": await self._listing.mine(self.who)})

    async def post(self) -> None:
        new = self.read_json(NewRoom)
        room = await self._making.make(
            self.who, new.name, new.topic, Preset(new.preset), History(new.history)
        )
        self.send_json(await self._listing.one(self.who, room), 201)


class Directory(RestHandler):
    """GET: the rooms that one can see."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, listing: Listing, making: Making) -> None:
        self._listing = listing
        self._making = making

    async def get(self) -> None:
        may_make = self._making.may_make(self.who.account.role) and not self.who.session.is_capped
        rooms = await self._listing.directory(self.who)
        self.send_json({"rooms": rooms, "may_make": may_make})


class Room(RestHandler):
    """GET: one of one's own rooms. PATCH: its name and topic. DELETE: away with it."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, listing: Listing, making: Making, changing: Changing) -> None:
        self._listing = listing
        self._making = making
        self._changing = changing

    async def get(self, room: str) -> None:
        self.send_json(await self._listing.one(self.who, room))

    async def patch(self, room: str) -> None:
        changes = self.read_json(Description)
        await self._making.describe(self.who, room, changes.name, changes.topic)
        self.send_json({})

    async def delete(self, room: str) -> None:
        await self._changing.delete(self.who, room)
        self.send_json({})


class Join(RestHandler):
    """POST: put a room into one's list."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, membership: Membership) -> None:
        self._membership = membership

    async def post(self, room: str) -> None:
        await self._membership.join(self.who, room)
        self.send_json({})


class Leave(RestHandler):
    """POST: take a room out of one's list; gives up one's personal grant there."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, membership: Membership) -> None:
        self._membership = membership

    async def post(self, room: str) -> None:
        await self._membership.leave(self.who, room)
        self.send_json({})
