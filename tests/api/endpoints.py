"""Every method of every route, read from the running application's own table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tornado.routing import URLSpec
from tornado.web import Application, RequestHandler

from tests.people import Answer
from web.guards import Guard
from web.handler import Handler

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_GROUP = re.compile(r"\([^()]*\)")
_ONE_TIME = re.compile(rb'(nonce-|(?:nonce|content|value)=")[\w-]{16,}')
_ONE_TIME_HEADERS = ("Date", "Set-Cookie")


@dataclass(frozen=True)
class Endpoint:
    """``template`` has {} for each part that varies."""

    method: str
    template: str
    handler: type[Handler]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"

    @property
    def guard(self) -> Guard:
        return self.handler.guard

    @property
    def writes(self) -> bool:
        return self.method != "GET"


def handlers(application: Application) -> Iterator[tuple[str, type[Handler]]]:
    """The pattern and handler of every route, and the handler of all other addresses."""
    for rule in application.wildcard_router.rules:
        assert isinstance(rule, URLSpec)
        yield rule.regex.pattern, rule.handler_class
    yield "/nowhere$", application.settings["default_handler_class"]


def endpoints(application: Application) -> list[Endpoint]:
    return [
        Endpoint(method, _GROUP.sub("{}", pattern.rstrip("$")), handler)
        for pattern, handler in handlers(application)
        for method in METHODS
        if getattr(handler, method.lower()) is not getattr(RequestHandler, method.lower())
    ]


def comparable(answer: Answer, *names: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """An answer without what differs at each request, and without ``names``, which it may echo."""

    def without(text: bytes) -> bytes:
        for name in names:
            text = text.replace(name.encode(), b"-")
        return _ONE_TIME.sub(rb"\1", text)

    headers = [
        (header, without(value.encode()).decode())
        for header, value in answer.headers.get_all()
        if header not in _ONE_TIME_HEADERS
    ]
    return answer.status, sorted(headers), without(answer.body)
