"""The WebSocket handler: who may open one, and its way from Tornado to `api.client`."""

from __future__ import annotations

from typing import ClassVar

from tornado.websocket import WebSocketHandler

from api.client import Client, ClientServices
from core.errors import ChatError
from core.records import Person
from live.connection import Connection
from web.guards import Guard
from web.handler import Handler

SUBPROTOCOL = "chatelaine.1"


class Socket(Handler, WebSocketHandler):
    """`open` is reached only with our Host, our Origin and a good log-in: `prepare` sees to it."""

    guard: ClassVar[Guard] = Guard.SOCKET

    def initialize(self, services: ClientServices) -> None:
        self._services = services
        self._client: Client | None = None
        self._gone = False

    def check_origin(self, origin: str) -> bool:
        """Tornado asks this in some cases only; `prepare` has checked it in all."""
        self.site.origins.check_origin(origin)
        return True

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return SUBPROTOCOL if SUBPROTOCOL in subprotocols else None

    async def open(self, *args: str, **kwargs: str) -> None:
        identity, connection = self.identity, self.ws_connection
        if identity is None or connection is None or connection.stream is None:
            raise ChatError("not_signed_in")
        if self._gone or connection.stream.closed():
            return
        self.set_nodelay(True)
        shown = Person(identity.account.id, identity.account.nickname)
        listener = Connection(
            connection.stream, shown, self._services.limits.backlog_bytes, self._close
        )
        self._client = Client(self._services, identity, listener, self.translator)
        await self._client.start()

    async def on_message(self, message: str | bytes) -> None:
        if self._client is not None:
            await self._client.receive(message)

    def on_close(self) -> None:
        """May come before `open`, when the peer has gone away during the handshake."""
        self._gone = True
        if self._client is not None:
            self._client.stop()

    def _close(self, code: int) -> None:
        self.close(code)
