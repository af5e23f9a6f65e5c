"""The route table: each route's address, handler and services, audited before the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tornado.routing import URLSpec

from web.guards import Guard
from web.handler import Handler
from web.site import Site

ID = r"([0-9a-z]{1,40})"
"""An account, a room or whatever else `core.ids.new_id` names, in an address."""
LINK = r"([\w-]{1,100})"
"""The secret of a link, in its address."""


@dataclass(frozen=True, slots=True)
class Route:
    """``name`` stands for the route in logs, as addresses can hold secrets."""

    pattern: str
    handler: type[Handler]
    services: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    name: str = ""


class UnguardedRoute(Exception):
    """A route whose handler does not say itself whom it lets in."""


def specs(routes: Iterable[Route], site: Site) -> list[URLSpec]:
    """The routes for Tornado; raises `UnguardedRoute`."""
    return [_spec(route, site) for route in routes]


def _spec(route: Route, site: Site) -> URLSpec:
    audit(route.handler)
    name = route.name or route.handler.__name__.lower()
    return URLSpec(route.pattern, route.handler, {"site": site, "route": name, **route.services})


def audit(handler: type[Handler]) -> None:
    """An inherited guard does not count: a new handler must not be open by accident."""
    if not isinstance(vars(handler).get("guard"), Guard):
        raise UnguardedRoute(f"{handler.__module__}.{handler.__qualname__} has no guard")
