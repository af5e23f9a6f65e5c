"""Turns a request into who it comes from: the signature first, then the database."""

from __future__ import annotations

from tornado.web import RequestHandler

from auth.cookies import SessionCookie
from auth.sessions import BROWSER, PROGRAM, Sessions
from auth.tickets import Tickets
from auth.tokens import Tokens
from core.errors import ChatError
from core.records import Identity
from storage.sessions import Known

TICKET = "chatelaine.ticket."


class Gate:
    """Nothing is remembered between requests, so that an ended session is nobody at once.

    A bearer token wins over a ticket, and a ticket over a cookie: who shows one, and it is not
    good, is nobody, whatever else they bring.
    """

    def __init__(
        self, cookie: SessionCookie, sessions: Sessions, tokens: Tokens, tickets: Tickets
    ) -> None:
        self._cookie = cookie
        self._sessions = sessions
        self._tokens = tokens
        self._tickets = tickets

    async def __call__(self, handler: RequestHandler) -> Identity | None:
        """`web.site.Gate`. Raises `StorageDown`."""
        authorization = handler.request.headers.get("Authorization")
        if authorization is not None:
            return await self._by_bearer(authorization)
        ticket = offered_ticket(handler)
        if ticket is not None:
            return await self._by_ticket(ticket)
        return await self._by_cookie(handler)

    async def _by_bearer(self, authorization: str) -> Identity | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            claims = self._tokens.verify(token.strip())
        except ChatError:
            return None
        known = await self._sessions.by_id(claims.session)
        if known is None or known.account.id != claims.account:
            return None
        return _identity(known, PROGRAM)

    async def _by_ticket(self, ticket: str) -> Identity | None:
        session = self._tickets.redeem(ticket)
        known = await self._sessions.by_id(session) if session else None
        return _identity(known, known.session.kind) if known else None

    async def _by_cookie(self, handler: RequestHandler) -> Identity | None:
        secret = self._cookie.read(handler)
        known = await self._sessions.by_secret(secret) if secret else None
        return _identity(known, BROWSER) if known else None


def offered_ticket(handler: RequestHandler) -> str | None:
    """The ticket among a WebSocket's subprotocols."""
    offered = handler.request.headers.get("Sec-WebSocket-Protocol", "")
    tickets = [part.strip() for part in offered.split(",") if part.strip().startswith(TICKET)]
    return tickets[0].removeprefix(TICKET) if tickets else None


def _identity(known: Known, kind: str) -> Identity | None:
    """A browser's session is not a program's, nor the other way round."""
    return Identity(known.account, known.session) if known.session.kind == kind else None
