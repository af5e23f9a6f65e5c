"""Asking to be let into a room, and answering those who do."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from api.rest.handler import RestHandler
from core.levels import Level
from rooms.asking import Asker, Asking
from web.guards import Guard


class NewAsk(Struct, frozen=True, forbid_unknown_fields=True):
    text: Annotated[str, Meta(max_length=5_000)] = ""


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    answer: Literal["READ", "POST", "decline"]
    """At which level they are let in, if they are."""


class Waiting(Struct, frozen=True):
    """Someone who waits to be let in."""

    id: str
    nickname: str
    at: int
    text: str


class AskHandler(RestHandler):
    def initialize(self, asking: Asking) -> None:
        self.asking = asking


class MyAsk(AskHandler):
    """POST: ask to be let in. DELETE: take that back."""

    guard: ClassVar[Guard] = Guard.API

    async def post(self, room: str) -> None:
        await self.asking.ask(self.who, room, self.read_json(NewAsk).text)
        self.send_json({}, 201)

    async def delete(self, room: str) -> None:
        await self.asking.withdraw(self.who, room)
        self.send_json({})


class Asks(AskHandler):
    """GET: who waits to be let in."""

    guard: ClassVar[Guard] = Guard.API

    async def get(self, room: str) -> None:
        found = await self.asking.waiting(self.who, room)
        self.send_json({"asks": [_waiting(asker) for asker in found]})


class OneAsk(AskHandler):
    """POST: let someone in, or decline."""

    guard: ClassVar[Guard] = Guard.API

    async def post(self, room: str, person: str) -> None:
        answer = self.read_json(Answer).answer
        if answer == "decline":
            await self.asking.decline(self.who, room, person)
            self.send_json({})
        else:
            self.send_json(await self.asking.let_in(self.who, room, person, Level[answer]))


def _waiting(asker: Asker) -> Waiting:
    return Waiting(asker.person.id, asker.person.nickname, asker.at, asker.text)
