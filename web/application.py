"""The Tornado application and the HTTP server's limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from tornado.web import Application, RequestHandler

from core.config import Limits
from web.handler import Handler
from web.routes import Route, specs
from web.site import Site
from web.static import NotFound, Static

_HEADER_BYTES = 16_384
_log = structlog.get_logger("access")


def make_application(
    routes: Iterable[Route], site: Site, cookie_keys: Mapping[int, str]
) -> Application:
    """All routes, the static files and the page for what is not there.

    ``cookie_keys`` maps versions to keys; the highest signs, all are accepted.
    """
    table = [*routes, Route(r"/static/(.+)", Static, name="static")]
    return Application(
        specs(table, site),
        default_handler_class=NotFound,
        default_handler_args={"site": site, "route": "unknown"},
        cookie_secret=dict(cookie_keys),
        key_version=max(cookie_keys),
        cross_origin_protection=True,
        log_function=log_request,
    )


def server_options(limits: Limits) -> dict[str, Any]:
    """For tornado.httpserver.HTTPServer, whose own defaults are an hour, none and 100 MB.

    A body somewhat too large is read, to be refused with a page; one twice that is cut off.
    """
    return {
        "idle_connection_timeout": limits.idle_seconds,
        "body_timeout": limits.body_seconds,
        "max_header_size": _HEADER_BYTES,
        "max_body_size": 2 * limits.body_bytes,
        "max_buffer_size": 2 * limits.body_bytes + _HEADER_BYTES,
        "chunk_size": 65_536,
    }


def log_request(handler: RequestHandler) -> None:
    """One line a request, by the route's name: no address, no path, no query."""
    route = handler.route if isinstance(handler, Handler) else "unknown"
    ms = round(1000 * handler.request.request_time(), 1)
    method = handler.request.method
    _log.debug("request", route=route, method=method, status=handler.get_status(), ms=ms)
