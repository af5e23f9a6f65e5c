"""Who may and who could, for those who moderate a room; and why one may oneself, for everyone."""

from __future__ import annotations

from typing import ClassVar

from api.rest.handler import RestHandler
from rooms.proof import Proof
from rooms.why import OwnRights
from web.guards import Guard


class WhoCould(RestHandler):
    """GET: who could do something at an entry, and each change since; reasons and all."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, proof: Proof) -> None:
        self._proof = proof

    async def get(self, room: str) -> None:
        action = self.get_query_argument("action", "read")
        found = await self._proof.who_could_for(self.who, room, self.number("seq"), action)
        self.send_json(found)


class Head(RestHandler):
    """GET: where the log stands, to be noted elsewhere."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, proof: Proof) -> None:
        self._proof = proof

    async def get(self, room: str) -> None:
        self.send_json(await self._proof.head_for(self.who, room))


class WhyMe(RestHandler):
    """GET: why one may or may not do something there, and whom to ask."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, own: OwnRights) -> None:
        self._own = own

    async def get(self, room: str) -> None:
        action = self.get_query_argument("action", "post")
        self.send_json(await self._own.why(self.who, room, action))
