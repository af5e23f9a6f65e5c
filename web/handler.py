"""The base of every handler: who is let in before its method runs."""

from __future__ import annotations

from typing import ClassVar, TypeVar

import msgspec

from core.errors import ChatError
from web import csrf, guards
from web.guards import Guard
from web.responder import Responder

T = TypeVar("T")


class Handler(Responder):
    """Before a method runs: Host and Origin are ours, the guard let the asker in, and a write
    by cookie bears the session's CSRF token. Subclasses get their services by `initialize`."""

    guard: ClassVar[Guard]

    async def prepare(self) -> None:
        self.site.busy.enter(self)
        self._check_address()
        self.identity = await guards.admit(self)
        if not self._finished:
            self._take_allowance()
            self.check_csrf()

    def on_finish(self) -> None:
        self.site.busy.leave(self)

    def _check_address(self) -> None:
        self.site.origins.check_host(self.request.headers.get("Host"))
        self.site.origins.check_origin(self.request.headers.get("Origin"))
        if len(self.request.body) > self.site.config.limits.body_bytes:
            raise ChatError("too_large")

    def _take_allowance(self) -> None:
        if self.identity is not None and (wait := self.site.allowance(self.identity.account.id)):
            raise ChatError("too_many_requests", retry_after=wait)

    def check_csrf(self) -> None:
        if self.request.method in guards.SAFE_METHODS or self._is_program:
            return
        token = self.request.headers.get(csrf.HEADER) or self.get_body_argument(csrf.FIELD, "")
        if not self.site.csrf.accepts(self.csrf_subject(), token):
            raise ChatError("form_expired")

    @property
    def _is_program(self) -> bool:
        """Nothing here was sent by a browser of its own accord."""
        by_token = self.identity is not None and not guards.is_browser(self.identity)
        return self.guard is Guard.PROGRAM or by_token

    @property
    def wants_json(self) -> bool:
        return self.guard in (Guard.API, Guard.PROGRAM, Guard.SOCKET) or super().wants_json

    @property
    def address(self) -> str:
        """Where the request comes from, for throttling only."""
        return self.site.proxies.client(self.request)

    def read_json(self, kind: type[T]) -> T:
        """The body as a typed record; ChatError("bad_request") when it is not one."""
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise ChatError("bad_request") from None

    async def head(self, *args: str, **kwargs: str) -> None:
        if (waiting := self.get(*args, **kwargs)) is not None:
            await waiting
