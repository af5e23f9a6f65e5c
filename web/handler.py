"""The base of every handler: who asks, in which language, and how answers and errors are sent."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Any, ClassVar, TypeVar

import msgspec
import structlog
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, HTTPError, RequestHandler

from core.errors import ChatError
from core.i18n import Translator
from core.records import Identity
from web import csrf, guards
from web.errors import ProblemDocument, as_chat_error, problem
from web.guards import Guard
from web.headers import security_headers
from web.site import Site

LANGUAGE_COOKIE = "language"
VISITOR_COOKIE = "visitor"
_METHODS = ("get", "head", "post", "put", "patch", "delete")

T = TypeVar("T")
_log = structlog.get_logger(__name__)


class Handler(RequestHandler):
    """Before a method runs: Host and Origin are ours, the guard let the asker in, and a write
    by cookie bears the session's CSRF token. Subclasses get their services by `initialize`."""

    guard: ClassVar[Guard]
    identity: Identity | None = None

    def __init__(
        self,
        application: Application,
        request: HTTPServerRequest,
        *,
        site: Site,
        route: str,
        **services: Any,
    ) -> None:
        self.site = site
        self.route = route
        self.nonce = secrets.token_urlsafe(16)
        super().__init__(application, request, **services)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in self.security_headers().items():
            self.set_header(name, value)

    def security_headers(self) -> dict[str, str]:
        return dict(security_headers(secure=self.site.config.secure, nonce=self.nonce))

    def compute_etag(self) -> str | None:
        return None

    # --- before the method -----------------------------------------------------------------

    async def prepare(self) -> None:
        self._check_address()
        self.identity = await guards.admit(self)
        if not self._finished:
            self.check_csrf()

    def _check_address(self) -> None:
        config = self.site.config
        if self.request.host.lower() != config.host:
            raise ChatError("wrong_host", url=config.public_url)
        if self.request.headers.get("Origin", config.origin) != config.origin:
            raise ChatError("wrong_origin")
        if len(self.request.body) > config.limits.body_bytes:
            raise ChatError("too_large")

    def check_csrf(self) -> None:
        if self.request.method in guards.SAFE_METHODS or self._is_program:
            return
        token = self.request.headers.get(csrf.HEADER) or self.get_body_argument(csrf.FIELD, "")
        if not self.site.csrf.accepts(self._csrf_subject(), token):
            raise ChatError("form_expired")

    @property
    def _is_program(self) -> bool:
        """Nothing here was sent by a browser on its own account."""
        by_token = self.identity is not None and not guards.is_browser(self.identity)
        return self.guard is Guard.PROGRAM or by_token

    def _csrf_subject(self) -> str:
        if self.identity is not None:
            return self.identity.session.id
        visitor = self.get_signed_cookie(self.cookie_name(VISITOR_COOKIE), max_age_days=1)
        if visitor is None:
            visitor = secrets.token_urlsafe(16).encode()
            self.set_private_cookie(VISITOR_COOKIE, visitor, days=None)
        return f"visitor:{visitor.decode()}"

    @cached_property
    def csrf_token(self) -> str:
        return self.site.csrf.token(self._csrf_subject())

    # --- the asker -------------------------------------------------------------------------

    @cached_property
    def translator(self) -> Translator:
        return self.site.catalogs.choose(
            accept_language=self.request.headers.get("Accept-Language", ""),
            cookie=self.get_cookie(LANGUAGE_COOKIE),
            account_language=self.identity.account.language if self.identity else "",
        )

    def _(self, text: str, **params: object) -> str:
        return self.translator.gettext(text) % params

    @property
    def address(self) -> str:
        """For throttling only."""
        return self.site.proxies.client_address(self.request)

    @property
    def wants_json(self) -> bool:
        if self.guard in (Guard.API, Guard.PROGRAM, Guard.SOCKET):
            return True
        return "application/json" in self.request.headers.get("Accept", "")

    def cookie_name(self, name: str) -> str:
        return f"__Host-{name}" if self.site.config.secure else name

    def set_private_cookie(self, name: str, value: str | bytes, *, days: float | None) -> None:
        """A signed cookie that no script reads; ``days`` None ends with the browser."""
        self.set_signed_cookie(
            self.cookie_name(name),
            value,
            expires_days=days,
            secure=self.site.config.secure,
            httponly=True,
            samesite="Lax",
        )

    # --- the answer ------------------------------------------------------------------------

    def read_json(self, kind: type[T]) -> T:
        """The body as a typed record; ChatError("bad_request") when it is not one."""
        try:
            return msgspec.json.decode(self.request.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise ChatError("bad_request") from None

    def send_json(self, answer: object, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(msgspec.json.encode(answer))

    def send_page(self, template: str, status: int = 200, **values: object) -> None:
        self.set_status(status)
        self.finish(self._rendered(template, values))

    def _rendered(self, template: str, values: dict[str, object]) -> str:
        return self.site.templates.render(
            template,
            self.translator.language,
            identity=self.identity,
            csrf_token=self.csrf_token,
            nonce=self.nonce,
            path=self.request.path,
            **values,
        )

    async def head(self, *args: str, **kwargs: str) -> None:
        if (waiting := self.get(*args, **kwargs)) is not None:
            await waiting

    # --- failures --------------------------------------------------------------------------

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = as_chat_error(kwargs.get("exc_info", (None, None, None))[1])
        self.set_status(error.kind.status)
        self._say_when_and_how(error)
        told = problem(error, self.translator)
        if self.wants_json:
            self.send_json(ProblemDocument(told), error.kind.status)
        else:
            self.send_page("error.html", error.kind.status, problem=told)

    def _say_when_and_how(self, error: ChatError) -> None:
        if error.retry_after is not None:
            self.set_header("Retry-After", str(max(1, round(error.retry_after))))
        if error.kind.status == 405:
            self.set_header("Allow", ", ".join(self._allowed_methods()))

    def _allowed_methods(self) -> list[str]:
        own = [m for m in _METHODS if getattr(type(self), m) is not getattr(RequestHandler, m)]
        return [method.upper() for method in own if method != "head" or "get" in own]

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        if not isinstance(value, ChatError | HTTPError):
            _log.error("request_failed", route=self.route, exc_info=(typ, value, tb))
