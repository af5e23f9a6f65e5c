"""Chatelaine's composition root and command line: every part is made and wired here, once."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from tornado.web import Application

from admin.backup import back_up
from admin.command_line import DATABASE_FAILED, Arguments, parse, welcome
from admin.documents import settings_document, write_documents
from admin.pages.routes import admin_routes
from admin.rights_bulk import BulkChange, change_in_bulk
from admin.rights_proof import answer
from api.client import Client, ClientServices
from api.commands import Commands
from api.documents import protocol_document
from api.framing import Framing, encoded
from api.leaving import leave
from api.notices import Notices
from api.protocol import Status
from api.routes import ApiServices, api_routes
from auth.accounts import Accounts
from auth.contacts import Contacts
from auth.cookies import SessionCookie
from auth.gate import Gate
from auth.keys import FILE as KEYS
from auth.keys import Keys, load_or_create, rotate
from auth.links import Links
from auth.login import Logins
from auth.login_throttle import LoginThrottle
from auth.pages.entering import Entrance
from auth.pages.routes import account_routes, entrance_routes
from auth.passwords import Passwords
from auth.personal_tokens import PersonalTokens
from auth.sessions import Sessions
from auth.signup import SignUps
from auth.throttle import Limiter, Rate
from auth.tickets import Tickets
from auth.tokens import Tokens
from core import data_folder, logs
from core.clock import Clock, SystemClock
from core.config import Config, load
from core.errors import ChatError, ConfigError
from core.heap import settle_heap
from core.i18n import Catalogs
from live.bus import Bus, PersonRenamed, SessionsEnded
from live.hub import Hub
from live.lease import Lease
from live.pings import Pings
from live.sockets import Sockets
from messages.history import History
from messages.posting import Posting
from messages.reading import Reading
from rooms.actions import TEXTS
from rooms.hall import ensure_hall
from rooms.hearing import Hearing
from rooms.newcomers import newcomer, tell_of
from rooms.pages import block_routes, invitation_routes
from rooms.services import make_room_services
from storage.engine import Database, StorageDown
from storage.migrate import migrate
from web.address import Proxies
from web.application import make_application
from web.assets import Assets
from web.busy import Busy
from web.catalogs import catalog_files
from web.csrf import Csrf
from web.origins import Origins
from web.routes import Route
from web.serving import Door, listen, raise_open_files, serve
from web.site import Site
from web.templates import Templates

ROOT = Path(__file__).parent
PRIVATE = 0o077
"""Nobody else on the machine may read what this program writes."""
TYPING_SECONDS = 2.5
RENAMES_AT_ONCE = 5
RENAME_SECONDS = 3_600


class Chatelaine:
    """All parts of a running server, wired."""

    def __init__(self, config: Config, clock: Clock | None = None) -> None:
        self.config = config
        self.clock: Clock = clock or SystemClock()
        self.keys: Keys = load_or_create(config.data_folder)
        self.database = Database(config.database_url, self.clock)
        self.bus = Bus()
        self.busy = Busy()
        self._make_identity()
        self._make_rooms()
        self._make_live()
        self._tasks: list[asyncio.Task[None]] = []

    def _make_identity(self) -> None:
        config, clock, database = self.config, self.clock, self.database
        settings = config.passwords
        self.passwords = Passwords(
            settings.cost, settings.threads, self.keys.pepper, settings.min_length
        )
        self.sessions = Sessions(
            database, config.sessions, lambda ended: self.bus.publish(SessionsEnded(tuple(ended)))
        )
        throttle = config.throttle
        tries = LoginThrottle(Rate(throttle.login_burst, throttle.login_seconds), clock)
        self.logins = Logins(database, self.passwords, self.sessions, tries)
        self.personal_tokens = PersonalTokens(
            database, self.sessions, tries, config.tokens.made_by, TEXTS
        )
        self.signups = SignUps(
            database,
            self.passwords,
            Limiter(Rate(throttle.signup_burst, throttle.signup_seconds), clock),
            newcomer,
            lambda rooms: tell_of(self.bus, rooms),
        )
        self.links = Links(database, self.passwords, self.sessions, self.signups)
        self.tokens = Tokens(self.keys.jwt, config.origin, config.tokens.minutes, clock)
        self.tickets = Tickets(clock)
        self.cookie = SessionCookie(secure=config.secure)
        self.catalogs = Catalogs.load(ROOT / "locale")
        self.accounts = Accounts(
            database,
            self.passwords,
            self.sessions,
            self.logins,
            Limiter(Rate(RENAMES_AT_ONCE, RENAME_SECONDS), clock),
            self.catalogs.translators,
            lambda person, tell: self.bus.publish(PersonRenamed(person, tell)),
        )

        self.contacts = Contacts(database)

    def _make_rooms(self) -> None:
        database, bus = self.database, self.bus
        self.rooms = make_room_services(self.config, self.clock, database, bus, self.signups)
        self.history = History(database)
        self.posting = Posting(database, bus)
        self.reading = Reading(database, bus)

    def _make_live(self) -> None:
        self.sockets: Sockets[Client] = Sockets()
        self.lease = Lease(
            self.clock,
            self.sockets.sessions,
            self.sessions.ended_among,
            self.sockets.end_sessions,
            self._tell_state,
        )
        self.hub = Hub(Hearing(self.database), Framing(), self.bus, self.lease)
        self.notices = Notices(self.bus, self.hub, self.sockets)

    def _tell_state(self, well: bool) -> None:
        self.sockets.send_to_all(encoded(Status("ok" if well else "degraded")))

    # --- what is served --------------------------------------------------------------------------

    def application(self) -> Application:
        assets = Assets(ROOT / "static", catalog_files(self.catalogs))
        limits = self.config.limits
        rate = Rate(limits.request_burst, 1 / limits.requests_per_second)
        site = Site(
            config=self.config,
            gate=Gate(self.cookie, self.sessions, self.tokens, self.tickets),
            allowance=Limiter(rate, self.clock).take,
            origins=Origins(self.config.public_url),
            proxies=Proxies(self.config.trusted_proxies),
            csrf=Csrf(self.keys.csrf),
            catalogs=self.catalogs,
            assets=assets,
            templates=Templates(ROOT / "templates", self.catalogs, assets),
            busy=self.busy,
        )
        return make_application(self.routes(), site, self.keys.cookie_secrets)

    def open_door(self, sockets: Sequence[socket.socket]) -> Door:
        """Serve the application to who comes to these listening sockets."""
        return Door(self.application(), self.config.limits, sockets, self.busy)

    def routes(self) -> list[Route]:
        config, links = self.config, self.links
        entrance = Entrance(self.sessions, self.cookie)
        shortest = config.passwords.min_length
        return [
            *api_routes(self._api_services()),
            *entrance_routes(config, self.logins, self.signups, links, entrance, self.cookie),
            *account_routes(
                config, self.accounts, self.sessions, links, self.personal_tokens, self.contacts
            ),
            *block_routes(self.rooms),
            *invitation_routes(self.signups, self.rooms, entrance, shortest),
            *admin_routes(self.accounts, links, self.rooms),
        ]

    def _api_services(self) -> ApiServices:
        limits = self.config.limits
        frames = Limiter(Rate(limits.frame_burst, 1 / limits.frames_per_second), self.clock)
        typing = Limiter(Rate(1, TYPING_SECONDS), self.clock)
        commands = Commands(self.hub, self.posting, self.reading, self.bus, typing)
        return ApiServices(
            client=ClientServices(
                commands,
                self.hub,
                self.rooms.listing,
                self.sockets,
                limits,
                frames,
                self.clock,
                self.busy,
            ),
            logins=self.logins,
            personal_tokens=self.personal_tokens,
            tokens=self.tokens,
            tickets=self.tickets,
            contacts=self.contacts,
            rooms=self.rooms,
            history=self.history,
            posting=self.posting,
            reading=self.reading,
        )

    # --- running ---------------------------------------------------------------------------------

    async def start(self) -> str | None:
        """Begin to deliver; returns the secret of the first admin's link, while there is none."""
        self.database.take_charge()
        hall = self.config.hall
        await self.database.write(lambda tx: ensure_hall(tx, hall))
        loop = asyncio.get_running_loop()
        kept = self.sessions.keep_in_use(self.sockets.sessions)
        pings = Pings(
            lambda: [client.listener for client in self.sockets], self.config.limits.ping_seconds
        )
        forever = (self.lease.run(), self.hub.run(), self.rooms.sweeper.run(), pings.run(), kept)
        self._tasks = [loop.create_task(work) for work in forever]
        return await self.links.new_first_admin()

    async def drain(self) -> None:
        """Commit and answer what is in hand, and tell every client when to come back."""
        await leave(self.sockets, self.posting.drain, self.reading.drain, self.busy.quiet)

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.passwords.close()
        self.database.close()


# --- the commands --------------------------------------------------------------------------------


def prepared(config: Config) -> Config:
    """Make sure of the data folder and bring the database up to date. Raises `ConfigError`.

    The keys are made after the first database: where there are keys, there was one.
    """
    data_folder.prepare(config.data_folder)
    migrate(config.database_url, may_be_new=not (config.data_folder / KEYS).exists())
    return config


async def run(config: Config) -> None:
    """Serve until told to stop."""
    data_folder.prepare(config.data_folder)
    claimed = data_folder.claim(config.data_folder)
    prepared(config)
    raise_open_files()
    sockets = listen(config)
    server = Chatelaine(config)
    secret = await server.start()
    settle_heap()
    await serve(
        lambda: server.open_door(sockets),
        ready=lambda: print(welcome(config, secret), flush=True),
        drain=server.drain,
    )
    server.close()
    os.close(claimed)


async def reset_link(config: Config, name: str) -> None:
    """Print a link for someone who forgot the password."""
    server = Chatelaine(prepared(config))
    try:
        secret = await server.links.new_reset_by_name(name)
    except StorageDown:
        raise
    except ChatError:
        raise ConfigError(f"Nobody here logs in as '{name}'.") from None
    finally:
        server.close()
    print(f"This link sets a new password, once, within a day:\n    {config.origin}/reset/{secret}")


def do(arguments: Arguments, config: Config) -> None:
    match arguments:
        case Arguments(command="run"):
            asyncio.run(run(config))
        case Arguments(command="reset-link", name=name):
            asyncio.run(reset_link(config, name))
        case Arguments(command="rights", bulk=BulkChange() as asked):
            print(asyncio.run(change_in_bulk(config, asked)))
        case Arguments(command="backup", file=Path() as file):
            back_up(config, file)
            print(f"Everything is in {file}.")
        case Arguments(command="rotate-keys"):
            rotate(config.data_folder)
        case Arguments(command="check"):
            print("The settings are valid.")


def documents() -> dict[str, str]:
    """What is made from the code, by file name below docs/."""
    return {"protocol.md": protocol_document(), "configuration.md": settings_document()}


def main(arguments: Sequence[str]) -> int:
    """Returns the exit status: 0, or 2 after one sentence about what is wrong."""
    os.umask(PRIVATE)
    asked = parse(arguments)
    try:
        if asked.command == "docs":
            write_documents(ROOT / "docs", documents())
            return 0
        config = load(ROOT / "config.yaml", os.environ)
        logs.configure(config.log_level)
        if asked.question is not None:
            told = answer(asked.question, config)
            print(told.text)
            return told.status
        do(asked, config)
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    except StorageDown:
        print(DATABASE_FAILED, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
