"""A small server with one handler for each guard, and people who ask it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import RequestHandler

from core import config as configuration
from core.i18n import Catalogs
from core.records import Account, Identity, Role, Session, State
from web.address import Proxies
from web.application import make_application, server_options
from web.assets import Assets
from web.catalogs import catalog_files
from web.csrf import Csrf
from web.origins import Origins
from web.routes import Route
from web.site import Gate, Site
from web.templates import Templates

ROOT = Path(__file__).resolve().parent.parent.parent
KEYS = {1: "k" * 43}


def person(name: str, role: Role, kind: str = "browser") -> Identity:
    account = Account(name * 4, name, name.title(), role, State.ACTIVE, "", 0)
    return Identity(account, Session(f"session-{name}", account.id, kind, "", 0, 0, 0))


ANN = person("ann", Role.ADMIN)
BO = person("bo", Role.MEMBER)
BOT = person("bot", Role.MEMBER, "program")
BY_COOKIE = {"ann": ANN, "bo": BO}


async def by_name(handler: RequestHandler) -> Identity | None:
    if "Authorization" in handler.request.headers:
        return BOT
    return BY_COOKIE.get(handler.get_cookie("who") or "")


@dataclass
class House:
    """The server, as one asks it."""

    site: Site
    port: int
    client: AsyncHTTPClient = field(default_factory=lambda: AsyncHTTPClient(force_instance=True))

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.port}"

    async def ask(
        self, path: str, method: str = "GET", who: str = "", body: str | None = None, **headers: str
    ) -> HTTPResponse:
        """``who``: "", a name in `BY_COOKIE`, or "bot" with a bearer token."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if who == "bot":
            sent["Authorization"] = "Bearer good"
        elif who:
            sent["Cookie"] = f"who={who}; {sent.get('Cookie', '')}"
        return await self.client.fetch(
            self.origin + path,
            method=method,
            headers=sent,
            body=body,
            follow_redirects=False,
            raise_error=False,
            allow_nonstandard_methods=True,
        )

    def token_of(self, who: Identity) -> str:
        return self.site.csrf.token(who.session.id)


@asynccontextmanager
async def open_house(
    routes: Iterable[Route], settings: Mapping[str, str] | None = None, gate: Gate = by_name
) -> AsyncIterator[House]:
    socket, port = bind_unused_port(address="127.0.0.1")
    environ = {"CHATELAINE_PUBLIC_URL": f"http://localhost:{port}", **(settings or {})}
    site = make_site(configuration.load(ROOT / "config.yaml", environ), gate)
    server = HTTPServer(make_application(routes, site, KEYS), **server_options(site.config.limits))
    server.add_socket(socket)
    try:
        yield House(site, port)
    finally:
        server.stop()
        await server.close_all_connections()


def make_site(config: configuration.Config, gate: Gate) -> Site:
    catalogs = Catalogs.load(ROOT / "locale")
    assets = Assets(ROOT / "static", catalog_files(catalogs))
    return Site(
        config=config,
        gate=gate,
        allowance=lambda account: 0,
        origins=Origins(config.public_url),
        proxies=Proxies(config.trusted_proxies),
        csrf=Csrf(b"key" * 11),
        catalogs=catalogs,
        assets=assets,
        templates=Templates(ROOT / "templates", catalogs, assets),
    )


def text(response: HTTPResponse) -> str:
    return response.body.decode()


def without_secrets(page: str) -> str:
    """A page without what differs at each request: its nonce and its token."""
    return re.sub(r'(nonce|content|value)="[\w-]{20,}"', r'\1=""', page)


def headers_of(response: HTTPResponse) -> dict[str, Any]:
    return dict(response.headers.items())
