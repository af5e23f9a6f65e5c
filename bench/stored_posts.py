"""A database with people, rooms and many posts in it; see posting.py."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from core.access import Delta, Grant, History, PersonFacts, Preset, Settings, person_subject
from core.clock import SystemClock
from core.ids import new_id
from core.levels import Level
from core.log import Entry, Head, Kind
from core.records import Account, Identity, Person, Role, Session, State
from rooms.ledger import make_room
from storage import accounts, journal, log, sessions
from storage.engine import Database, Tx
from storage.journal import Change
from storage.migrate import migrate

TEXT = "x" * 100
AT_ONCE = 20_000
DAY = 86_400_000
Place = tuple[Identity, str]
"""Someone, and the room that they own."""


class Stored:
    """As many rooms as people, each the owner of one, and posts spread over all of them."""

    def __init__(self, folder: Path, rooms: int, posts: int) -> None:
        self.file = folder / "chatelaine.db"
        url = f"sqlite:///{self.file}"
        migrate(url)
        self.database = Database(url, SystemClock())
        self.database.take_charge()
        self.places: list[Place] = []
        for start in range(0, rooms, 500):
            count = min(500, rooms - start)
            self.places += self.database.write_here(
                lambda tx, count=count: [_place(tx) for _ in range(count)]  # type: ignore[misc]
            )
        for start in range(0, posts, AT_ONCE):
            count = min(AT_ONCE, posts - start)
            self.database.write_here(lambda tx, count=count: self._say(tx, count))  # type: ignore[misc]

    def _say(self, tx: Tx, count: int) -> None:
        """Everybody in turn, as if all talked at once."""
        heads = log.lock_heads(tx, [room for _, room in self.places])
        log.append(tx, list(self._posts(heads, count, tx.now())))
        log.move_heads(tx, list(heads.values()))

    def _posts(self, heads: dict[str, Head], count: int, now: int) -> Iterator[Entry]:
        for number in range(count):
            who, room = self.places[number % len(self.places)]
            old = heads[room]
            heads[room] = head = Head(
                room, old.seq + 1, old.access_version, None, now, old.tag, old.access_hash
            )
            by = Person(who.account.id, who.account.nickname)
            id = f"{random.getrandbits(80):020x}"
            yield Entry(room, head.seq, head.tag, now, Kind.POST, by, text=TEXT, client_id=id)

    def close(self) -> None:
        self.database.close()


def _place(tx: Tx) -> Place:
    now, id = tx.now(), new_id()
    account = Account(id, id, id, Role.MEMBER, State.ACTIVE, "", now)
    accounts.add(tx, account, "no hash")
    journal.note(tx, Change("made", person=id, facts=PersonFacts(id, Role.MEMBER)))
    session = Session(new_id(), id, "browser", "", now, now, now + DAY)
    sessions.add(tx, session, new_id())
    own = Grant(person_subject(id), Level.OWN, None, now)
    settings = Settings("Kitchen", "", Preset.PRIVATE, History.ALL, archived=False, raised={})
    room = make_room(tx, Person(id, id), Delta(settings=settings, grants=(own,), joined=(id,)))
    return Identity(account, session), room.head.room


class Bare:
    """One row, one durable commit: the least that keeping a post can cost."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(
            folder / "bare.db", isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("CREATE TABLE texts (id INTEGER PRIMARY KEY, text TEXT)")

    def commit(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("INSERT INTO texts (text) VALUES (?)", (TEXT,))
        self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()
