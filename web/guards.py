"""Who is let in at a route, and who is sent where."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from core.errors import ChatError
from core.records import Identity, Role

if TYPE_CHECKING:
    from web.handler import Handler

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


class Guard(Enum):
    """Each handler class names its own; a route without one stops the start."""

    STATIC = "anyone; nobody is asked who they are, nothing is changed"
    PROGRAM = "anyone; nobody is asked who they are, and no cookie is looked at"
    PUBLIC = "anyone, logged in or not"
    ANONYMOUS = "those not logged in; others are sent to the chat"
    SESSION = "a browser's session; others are sent to the log-in page"
    ADMIN = "an admin's browser session; for others there is nothing here"
    API = "a browser's session, or a bearer token"
    SOCKET = "as API, and a browser's session only from our own pages"


async def admit(handler: Handler) -> Identity | None:
    """Whom the request comes from, if its route lets them in.

    Else raises ChatError, or redirects, which finishes the request. Pages know sessions only:
    a bearer token is nobody there.
    """
    if handler.guard in (Guard.STATIC, Guard.PROGRAM):
        return None
    identity = await handler.site.gate(handler)
    if handler.guard not in (Guard.API, Guard.SOCKET) and not is_browser(identity):
        identity = None
    _RULES[handler.guard](handler, identity)
    return identity


def is_browser(identity: Identity | None) -> bool:
    """Whether the request was let in by a cookie, which a browser sends by itself."""
    return identity is not None and identity.session.kind == "browser"


def _anyone(handler: Handler, identity: Identity | None) -> None:
    """Nothing to check."""


def _logged_out(handler: Handler, identity: Identity | None) -> None:
    if identity is not None:
        handler.redirect("/", status=303)


def _session(handler: Handler, identity: Identity | None) -> None:
    if identity is not None:
        return
    if handler.wants_json:
        raise ChatError("not_signed_in")
    back = urlencode({"next": handler.request.uri}) if handler.request.method == "GET" else ""
    handler.redirect(f"/login?{back}".rstrip("?"), status=303)


def _admin(handler: Handler, identity: Identity | None) -> None:
    if identity is None or identity.account.role is not Role.ADMIN:
        raise ChatError("not_found")


def _somebody(handler: Handler, identity: Identity | None) -> None:
    if identity is None:
        raise ChatError("not_signed_in")


def _own_page_or_program(handler: Handler, identity: Identity | None) -> None:
    """A WebSocket's handshake is a GET: without this, any site could open one in one's name."""
    headers = handler.request.headers
    handler.site.origins.check_handshake(
        headers.get("Origin"), headers.get("Sec-Fetch-Site"), cookie=is_browser(identity)
    )
    _somebody(handler, identity)


_RULES: dict[Guard, Callable[[Handler, Identity | None], None]] = {
    Guard.PUBLIC: _anyone,
    Guard.ANONYMOUS: _logged_out,
    Guard.SESSION: _session,
    Guard.ADMIN: _admin,
    Guard.API: _somebody,
    Guard.SOCKET: _own_page_or_program,
}
