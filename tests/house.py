"""The whole product in one process, on a port and a data folder of its own, and people in it.

    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        bo = await house.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        wire = await bo.connect(room)
        await ann.post(room, "hello")
        await wire.frame("entry", text="hello")

Everyone comes from a loopback address of their own (127.0.7.x, 127.0.8.x ...), and everything that
the server ever sends them is kept: when the house closes, no address may be found in it, and no
socket may have got an entry twice, late or not at all.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient
from tornado.netutil import bind_sockets

from app import ROOT, Chatelaine
from core.clock import Clock, SystemClock
from core.config import Config, load
from core.ids import new_id
from storage.migrate import migrate
from storage.sqlite import backup
from tests.people import Asker, Person, Visitor, address_in

SETTINGS = {
    "CHATELAINE_SIGNUP": "open",
    "CHATELAINE_LOG_LEVEL": "warning",
    "CHATELAINE_PASSWORDS__COST": "4",
    "CHATELAINE_THROTTLE__LOGIN_BURST": "1000",
    "CHATELAINE_LIMITS__REQUEST_BURST": "100000",
    "CHATELAINE_LIMITS__FRAME_BURST": "100000",
    "CHATELAINE_THROTTLE__ROOMS_BURST": "1000",
    "CHATELAINE_THROTTLE__INVITES_BURST": "1000",
    "CHATELAINE_THROTTLE__ASKS_BURST": "1000",
    "CHATELAINE_THROTTLE__SIGNUP_BURST": "1000",
}


class Place:
    """A running server, and the people who come to it."""

    def __init__(self, port: int, first: str | None) -> None:
        """``first``: the secret of the first admin's link."""
        self.port = port
        self.client = AsyncHTTPClient(force_instance=True, max_clients=500)
        self.askers: list[Asker] = []
        self.first: str | None = first
        self._addresses = _addresses()

    @property
    def host(self) -> str:
        """What stands in the Host header."""
        return f"localhost:{self.port}"

    @property
    def origin(self) -> str:
        return f"http://{self.host}"

    @property
    def first_path(self) -> str:
        """Where the first admin signs up; it works once."""
        return f"/first/{self.first}"

    def visitor(self, *, address: str = "") -> Visitor:
        """A browser of someone who is not logged in."""
        return Visitor(self, address or next(self._addresses))

    async def person(
        self, name: str, *, nickname: str = "", admin: bool = False, link: str = ""
    ) -> Person:
        """Someone who signed up on the form, and is logged in.

        ``admin``: by the first admin's link, which works once. ``link``: by this invitation.
        """
        way = link.removeprefix(self.origin) or (self.first_path if admin else "/signup")
        person = Person(self, next(self._addresses))
        await person.sign_up(way, name, nickname)
        return person

    async def window(self, person: Person, *, password: str = "", address: str = "") -> Person:
        """Another browser of ``person``, logged in on the form."""
        window = Person(self, address or next(self._addresses))
        await window.log_in(person.name, password or person.password)
        return window

    def check(self) -> None:
        """Nobody was told an address; every log came whole and in order."""
        for asker in self.askers:
            assert address_in(asker.seen) is None
            for wire in asker.wires:
                assert wire.notes.faults == [], wire.notes.faults
                assert address_in(bytes(wire.raw)) is None

    async def leave(self) -> None:
        """Everyone goes away."""
        for asker in self.askers:
            await asker.hang_up()
        self.client.close()


class House(Place):
    """``chatelaine`` has the server's parts, for what cannot be seen from outside."""

    def __init__(self, chatelaine: Chatelaine, port: int, first: str | None) -> None:
        super().__init__(port, first)
        self.chatelaine = chatelaine

    async def fill(self, person: Person, room: str, texts: Iterable[str]) -> None:
        """Let somebody with an open socket say all this at once, from inside and so in no time."""
        who = self.chatelaine.sockets.of_person(person.id)[0].identity
        post = self.chatelaine.posting.post
        await asyncio.gather(*(post(who, room, new_id(), text) for text in texts))


class Later(SystemClock):
    """The machine's clocks, some seconds ahead."""

    ahead = 0.0

    def now(self) -> int:
        return super().now() + int(self.ahead * 1000)

    def boot(self) -> float:
        return super().boot() + self.ahead


def settings(folder: Path, port: int, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a server on ``port`` with its data in ``folder``."""
    return {
        **SETTINGS,
        "CHATELAINE_DATA": str(folder),
        "CHATELAINE_LISTEN": f"127.0.0.1:{port}",
        "CHATELAINE_PUBLIC_URL": f"http://localhost:{port}",
        **{f"CHATELAINE_{name}": value for name, value in (more or {}).items()},
    }


@asynccontextmanager
async def open_house(
    folder: Path,
    more: Mapping[str, str] | None = None,
    clock: Clock | None = None,
    port: int = 0,
) -> AsyncIterator[House]:
    """``more`` are settings without their prefix: ``{"LIMITS__FRAME_BURST": "5"}``.

    With the ``folder`` and the ``port`` of a house that closed, it is the same one, restarted.
    """
    sockets = bind_sockets(port, "127.0.0.1", backlog=1_024)
    port = sockets[0].getsockname()[1]
    with suppress(OSError):  # a machine without IPv6
        sockets += bind_sockets(port, "::1", backlog=1_024)
    chatelaine = Chatelaine(
        _prepared(load(ROOT / "config.yaml", settings(folder, port, more))), clock
    )
    house = House(chatelaine, port, await chatelaine.start())
    door = chatelaine.open_door(sockets)
    try:
        yield house
        house.check()
    finally:
        await house.leave()
        door.shut()
        await chatelaine.drain()
        await door.turn_out()
        chatelaine.close()


def _prepared(config: Config) -> Config:
    """As `app.prepared`, but the migrations ran once for all houses."""
    config.data_folder.mkdir(mode=0o700, exist_ok=True)
    database = config.data_folder / "chatelaine.db"
    if not database.exists():
        database.write_bytes(_empty_database())
    return config


@cache
def _empty_database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        made, whole = Path(folder) / "made.db", Path(folder) / "whole.db"
        migrate(f"sqlite:///{made}")
        backup(made, whole)
        return whole.read_bytes()


def _addresses() -> Iterator[str]:
    for number in count():
        yield f"127.0.{7 + number // 250}.{1 + number % 250}"
