"""The WebSocket handler: who may open one, and its way from Tornado to `api.client`."""

from __future__ import annotations

from typing import ClassVar

from tornado.websocket import WebSocketHandler

from api.client import Client, ClientServices
from core.errors import ChatError
from core.records import Person
from live.connection import Connection
from live.handover import take_over
from web.guards import Guard
from web.handler import Handler
from web.headers import security_headers

SUBPROTOCOL = "chatelaine.1"


class Socket(Handler, WebSocketHandler):
    """`open` is reached only with our Host, our Origin and a good log-in: `prepare` sees to it.

    There the socket is taken over: this handler, its request and its headers are gone afterwards.
    """

    guard: ClassVar[Guard] = Guard.SOCKET

    def initialize(self, services: ClientServices) -> None:
        self._services = services

    def security_headers(self) -> dict[str, str]:
        """Without a nonce: no page is ever sent from here."""
        return dict(security_headers(secure=self.site.config.secure))

    def check_origin(self, origin: str) -> bool:
        """Tornado asks this in some cases only; `prepare` has checked it in all."""
        self.site.origins.check_origin(origin)
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return SUBPROTOCOL if SUBPROTOCOL in subprotocols else None

    async def open(self, *args: str, **kwargs: str) -> None:
        identity = self.identity
        if identity is None:
            raise ChatError("not_signed_in")
        self.set_nodelay(True)
        taken = await take_over(self)
        if taken is None:
            return
        sock, first = taken
        limits = self._services.limits
        shown = Person(identity.account.id, identity.account.nickname)
        listener = Connection(sock, shown, limits.backlog_bytes, limits.frame_bytes)
        client = Client(self._services, identity, listener, self.translator)
        await client.start(first)

    def on_message(self, message: str | bytes) -> None:
        """Never called: messages go from the socket to `api.client`."""
        raise AssertionError
