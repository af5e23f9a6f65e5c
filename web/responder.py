"""How a handler speaks: its headers, cookies, language, pages, JSON and errors."""

from __future__ import annotations

import asyncio
import secrets
from functools import cached_property
from typing import Any

import msgspec
import structlog
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, HTTPError, RequestHandler

from core.errors import ChatError
from core.i18n import Translator
from core.records import Identity
from web.errors import ProblemDocument, as_chat_error, problem
from web.headers import security_headers
from web.site import Site

LANGUAGE_COOKIE = "language"
VISITOR_COOKIE = "visitor"
_METHODS = ("get", "head", "post", "put", "patch", "delete")
_log = structlog.get_logger(__name__)


class Responder(RequestHandler):
    """What can be sent, whoever asks. `web.handler.Handler` adds who may ask."""

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
        super().__init__(application, request, **services)

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in self.security_headers().items():
            self.set_header(name, value)

    def security_headers(self) -> dict[str, str]:
        return dict(security_headers(secure=self.site.config.secure, nonce=self.nonce))

    @cached_property
    def nonce(self) -> str:
        """Of this answer's one inline script."""
        return secrets.token_urlsafe(16)

    def compute_etag(self) -> str | None:
        return None

    # --- the reader ------------------------------------------------------------------------

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
    def wants_json(self) -> bool:
        return "application/json" in self.request.headers.get("Accept", "")

    @cached_property
    def csrf_token(self) -> str:
        return self.site.csrf.token(self.csrf_subject())

    def csrf_subject(self) -> str:
        """What the token is bound to: the session, or for people not logged in a cookie."""
        if self.identity is not None:
            return self.identity.session.id
        name = self.cookie_name(VISITOR_COOKIE)
        visitor = self.get_signed_cookie(name, max_age_days=1, min_version=2)
        if visitor is None:
            visitor = secrets.token_urlsafe(16).encode()
            self.set_private_cookie(VISITOR_COOKIE, visitor, days=None)
        return f"visitor:{visitor.decode()}"

    # --- cookies ---------------------------------------------------------------------------

    def cookie_name(self, name: str) -> str:
        return f"__Host-{name}" if self.site.config.secure else name

    def set_private_cookie(self, name: str, value: str | bytes, *, days: float | None) -> None:
        """A signed cookie that no script reads; with ``days`` None it ends with the browser."""
        self.set_signed_cookie(
            self.cookie_name(name),
            value,
            expires_days=days,
            secure=self.site.config.secure,
            httponly=True,
            samesite="Lax",
        )

    # --- answers ---------------------------------------------------------------------------

    def send_json(self, answer: object, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(msgspec.json.encode(answer))

    def send_page(self, template: str, status: int = 200, /, **values: object) -> None:
        page = self.site.templates.render(
            template,
            self.translator.language,
            identity=self.identity,
            csrf_token=self.csrf_token,
            nonce=self.nonce,
            path=self.request.path,
            **values,
        )
        self.set_status(status)
        self.finish(page)

    # --- errors ----------------------------------------------------------------------------

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = as_chat_error(kwargs.get("exc_info", (None, None, None))[1])
        self._add_error_headers(error)
        told = problem(error, self.translator)
        if self.wants_json:
            self.send_json(ProblemDocument(told), error.kind.status)
        else:
            self.send_page("error.html", error.kind.status, problem=told)

    def _add_error_headers(self, error: ChatError) -> None:
        if error.retry_after is not None:
            self.set_header("Retry-After", str(max(1, round(error.retry_after))))
        if error.code == "method_not_allowed":
            self.set_header("Allow", ", ".join(self._allowed_methods()))

    def _allowed_methods(self) -> list[str]:
        own = [m for m in _METHODS if getattr(type(self), m) is not getattr(RequestHandler, m)]
        return [method.upper() for method in own if method != "head" or "get" in own]

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Whatever nobody foresaw. Being cut off because the server stops is not that."""
        if not isinstance(value, ChatError | HTTPError | asyncio.CancelledError):
            _log.error("request_failed", route=self.route, exc_info=(typ, value, tb))
