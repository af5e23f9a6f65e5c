"""How programs log in: for a password or a personal token; a ticket for the socket; who one is."""

from __future__ import annotations

from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from api.protocol import Me
from api.rest.handler import RestHandler
from auth.login import LoggedIn, Logins
from auth.personal_tokens import PersonalTokens
from auth.sessions import PROGRAM
from auth.tickets import Tickets
from auth.tokens import Tokens
from core.errors import ChatError
from web.guards import Guard

ShortText = Annotated[str, Meta(min_length=1, max_length=200)]


class Credentials(Struct, frozen=True, forbid_unknown_fields=True):
    """``name`` and ``password``, or a personal ``token``."""

    name: ShortText | None = None
    password: Annotated[str, Meta(min_length=1, max_length=5_000)] | None = None
    token: ShortText | None = None


class Token(RestHandler):
    """POST: a short-lived token (JWT), for a name and password or for a personal token."""

    guard: ClassVar[Guard] = Guard.PROGRAM

    def initialize(self, logins: Logins, personal: PersonalTokens, tokens: Tokens) -> None:
        self._logins = logins
        self._personal = personal
        self._tokens = tokens

    async def post(self) -> None:
        found = await self._log_in(self.read_json(Credentials))
        token, seconds = self._tokens.issue(found.account.id, found.session.id)
        self.send_json({"token": token, "expires_in": seconds}, 201)

    async def _log_in(self, given: Credentials) -> LoggedIn:
        match given:
            case Credentials(name=None, password=None, token=str(token)):
                return await self._personal.log_in(token, self.address)
            case Credentials(name=str(name), password=str(password), token=None):
                agent = self.request.headers.get("User-Agent", "")
                return await self._logins.log_in(name, password, self.address, agent, PROGRAM)
        raise ChatError("bad_request")


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
