"""A server with all the pages of auth/, rooms/ and admin/ over real services."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from admin.pages.routes import admin_routes
from auth.contacts import Contacts
from auth.cookies import SessionCookie
from auth.gate import Gate
from auth.keys import JwtKey
from auth.pages.entering import Entrance
from auth.pages.routes import account_routes, entrance_routes
from auth.tickets import Tickets
from auth.tokens import Tokens
from core.config import Config, load
from live.bus import Bus
from rooms.pages import block_routes, invitation_routes
from rooms.services import make_room_services
from tests.auth.house import House as Services
from tests.web.handlers import Public
from tests.web.house import ROOT, House, open_house
from tests.web.visitor import Visitor
from web.routes import Route

SETTINGS = {"CHATELAINE_SIGNUP": "open", "CHATELAINE_PASSWORDS__MIN_LENGTH": "8"}


@dataclass
class Town:
    """The services, the server over them, and people who visit it."""

    services: Services
    server: House

    def visitor(self, languages: str = "en") -> Visitor:
        return Visitor(self.server, languages=languages)


def all_routes(services: Services, config: Config) -> list[Route]:
    cookie = SessionCookie(secure=False)
    entrance = Entrance(services.sessions, cookie)
    rooms = make_room_services(config, services.clock, services.database, Bus(), services.signups)
    shortest = config.passwords.min_length
    logins, signups, links = services.logins, services.signups, services.links
    return [
        Route("/", Public),
        *entrance_routes(config, logins, signups, links, entrance, cookie),
        *account_routes(
            config,
            services.accounts,
            services.sessions,
            links,
            services.personal_tokens,
            Contacts(services.database),
        ),
        *block_routes(rooms),
        *invitation_routes(signups, rooms, entrance, shortest),
        *admin_routes(services.accounts, links, rooms),
    ]


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = Services(tmp_path)
    yield services
    services.close()


@pytest_asyncio.fixture
async def town(services: Services) -> AsyncIterator[Town]:
    async with open_town(services, load(ROOT / "config.yaml", SETTINGS)) as town:
        yield town


@asynccontextmanager
async def open_town(services: Services, config: Config) -> AsyncIterator[Town]:
    cookie = SessionCookie(secure=False)
    tokens = Tokens([JwtKey("k", "HS256", b"k" * 32)], "test", 5, services.clock)
    gate = Gate(cookie, services.sessions, tokens, Tickets(services.clock))
    async with open_house(all_routes(services, config), SETTINGS, gate) as server:
        yield Town(services, server)
