"""A data folder with people who are logged in and rooms that they are in, without a server.

Accounts, log-ins and rooms are made by the project's own services and storage, so that the server
that starts on the folder finds what it would have made itself. Only passwords are missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tornado.web import create_signed_value

from auth.keys import load_or_create
from auth.sessions import BROWSER, Sessions
from core.access import Delta, Grant, History, PersonFacts, Preset, person_subject
from core.clock import SystemClock
from core.config import Sessions as Settings
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Account, Person, Role, State
from rooms.hall import ensure_hall
from rooms.ledger import make_room
from rooms.presets import first_delta
from storage import accounts, journal
from storage.engine import Database, Tx
from storage.journal import Change
from storage.migrate import migrate

AT_A_TIME = 500
"""People, or rooms, that one transaction makes."""


class Seed:
    """``folder`` is a data folder; `close` it before a server starts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, exist_ok=True)
        url = f"sqlite:///{folder / 'chatelaine.db'}"
        migrate(url)
        self.database = Database(url, SystemClock())
        self._cookie_secrets = load_or_create(folder).cookie_secrets
        self._sessions = Sessions(self.database, Settings(30, 20), lambda ended: None)
        self.people: list[Person] = []
        self.cookies: list[str] = []
        self.database.write_here(lambda tx: ensure_hall(tx, "Hall"))

    def close(self) -> None:
        self.database.close()

    def checkpoint(self) -> None:
        """All that was written is in the one file, which can be copied."""
        with self.database._writer.connect() as connection:
            connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def add_people(self, count: int) -> None:
        """Until there are ``count``, each with a browser that is logged in."""
        while len(self.people) < count:
            some = range(len(self.people), min(count, len(self.people) + AT_A_TIME))
            made = self.database.write_here(partial(self._add_some, some))
            self.people += [person for person, _ in made]
            self.cookies += [self._cookie(secret) for _, secret in made]

    def _add_some(self, numbers: range, tx: Tx) -> list[tuple[Person, str]]:
        return [self._person(tx, number) for number in numbers]

    def _person(self, tx: Tx, number: int) -> tuple[Person, str]:
        person, name = new_id(), f"person{number}"
        made = Account(person, name, name, Role.MEMBER, State.ACTIVE, "", tx.now())
        accounts.add(tx, made, "no password")
        journal.note(tx, Change("made", person=person, facts=PersonFacts(person, Role.MEMBER)))
        opened = self._sessions.open(tx, person, BROWSER, "benchmark")
        return Person(person, name), opened.secret

    def _cookie(self, secret: str) -> str:
        newest = max(self._cookie_secrets)
        signed = create_signed_value(self._cookie_secrets, "session", secret, key_version=newest)
        return signed.decode()

    def add_room(self, members: Sequence[Person], name: str = "Room") -> str:
        """A private room: the first owns it, each other one may post by a grant of their own."""
        return self.add_rooms([members], name)[0]

    def add_rooms(self, rooms: Sequence[Sequence[Person]], name: str = "Room") -> list[str]:
        made: list[str] = []
        for first in range(0, len(rooms), AT_A_TIME):
            some = rooms[first : first + AT_A_TIME]
            made += self.database.write_here(partial(_rooms, some, name))
        return made

    def write_clients(self, rooms: Sequence[str]) -> Path:
        """What the generator reads: client i is person i, in the i-th of ``rooms``."""
        file = self.folder / "clients"
        lines = zip(self.cookies, rooms, strict=False)
        file.write_text("".join(f"{cookie}\t{room}\n" for cookie, room in lines))
        return file


def _rooms(groups: Sequence[Sequence[Person]], name: str, tx: Tx) -> list[str]:
    return [_room(tx, members, name) for members in groups]


def _room(tx: Tx, members: Sequence[Person], name: str) -> str:
    owner = members[0]
    first = first_delta(Preset.PRIVATE, name, "", owner.id, tx.now(), History.ALL)
    room = make_room(tx, owner, first)
    rest = [person.id for person in members[1:]]
    for begin in range(0, len(rest), AT_A_TIME):
        some = rest[begin : begin + AT_A_TIME]
        grants = (Grant(person_subject(it), Level.POST, owner.id, tx.now()) for it in some)
        room.write(Kind.INVITED, owner, Delta(grants=tuple(grants), joined=tuple(some)))
    return room.head.room
