"""What every handler is given, put together once in app.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tornado.web import RequestHandler

from core.config import Config
from core.i18n import Catalogs
from core.records import Identity
from web.address import Proxies
from web.assets import Assets
from web.busy import Busy
from web.csrf import Csrf
from web.origins import Origins
from web.templates import Templates

Gate = Callable[[RequestHandler], Awaitable[Identity | None]]
"""Answers whom a request comes from: ``session.kind`` is "browser" for a cookie session and
"program" for a bearer token; None when it is nobody that may be let in."""


Allowance = Callable[[str], float]
"""Takes one request of an account, by its id, from its allowance; the seconds to wait if that is
used up, else 0."""


@dataclass(frozen=True, slots=True)
class Site:
    config: Config
    gate: Gate
    allowance: Allowance
    origins: Origins
    proxies: Proxies
    csrf: Csrf
    catalogs: Catalogs
    assets: Assets
    templates: Templates
    busy: Busy = field(default_factory=Busy)
