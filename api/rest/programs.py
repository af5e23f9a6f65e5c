"""How programs log in: a token for a name and password, a ticket for the socket, who one is."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from api.protocol import Me
from api.rest.handler import RestHandler
from auth.login import Logins
from auth.sessions import PROGRAM
from auth.tickets import Tickets
from auth.tokens import Tokens
from core.errors import ChatError
from web.guards import Guard


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Annotated[str, Meta(min_length=1, max_length=5_000)]


class Token(RestHandler):
    """POST: a short-lived token (JWT), for a name and password."""

    guard: ClassVar[Guard] = Guard.PROGRAM

    def initialize(self, logins: Logins, tokens: Tokens) -> None:
        self._logins = logins
        self._tokens = tokens

    async def post(self) -> None:
        given = self.read_json(Credentials)
        agent = self.request.headers.get("User-Agent", "")
        found = await self._logins.log_in(given.name, given.password, self.address, agent, PROGRAM)
        token, seconds = self._tokens.issue(found.account.id, found.session.id)
        self.send_json({"token": token, "expires_in": seconds}, 201)


class Renewal(RestHandler):
    """POST: a new token for one that still works, on the same session."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, tokens: Tokens) -> None:
        self._tokens = tokens

    async def post(self) -> None:
        if self.who.session.kind != PROGRAM:
            raise ChatError("not_found")
        token, seconds = self._tokens.issue(self.who.account.id, self.who.session.id)
        self.send_json({"token": token, "expires_in": seconds}, 201)


class Ticket(RestHandler):
    """POST: a one-use ticket, to open the socket without a header."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, tickets: Tickets) -> None:
        self._tickets = tickets

    async def post(self) -> None:
        self.send_json({"ticket": self._tickets.issue(self.who.session.id)}, 201)


class WhoAmI(RestHandler):
    """GET: one's own account."""

    guard: ClassVar[Guard] = Guard.API

    def get(self) -> None:
        account = self.who.account
        self.send_json(Me(account.id, account.name, account.nickname, account.role.value))
