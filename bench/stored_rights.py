"""What it costs to ask about rights in a room that a database keeps; see rights.py."""

from __future__ import annotations

import asyncio
import math
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from sqlalchemy import event

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    History,
    PersonFacts,
    Preset,
    Settings,
    person_subject,
)
from core.clock import SystemClock
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Person, Role, Session, State
from live.bus import Bus
from rooms.changes import Changes
from rooms.changing import Changing
from rooms.ledger import make_room
from rooms.proof import explain, who_could
from rooms.rights_table import RightsTable
from rooms.wishes import GrantWish, Wish
from storage import accounts, journal, sessions
from storage.engine import Database, Tx
from storage.journal import Change
from storage.migrate import migrate

SIZES = (10, 1_000, 5_000)
Ask = Callable[[], Awaitable[object]]


class StoredRoom:
    """Its owner, and so many people who were let in one by one; every 50th is muted."""

    def __init__(self, folder: Path, size: int) -> None:
        file = f"sqlite:///{folder / 'chatelaine.db'}"
        migrate(file)
        self.database = Database(file, SystemClock())
        self.statements = 0
        event.listen(self.database._reader, "before_cursor_execute", self._count)
        event.listen(self.database._writer, "before_cursor_execute", self._count)
        self.people = [f"p{number}" for number in range(size)]

    def _count(self, *_: object) -> None:
        self.statements += 1

    async def fill(self) -> None:
        self.owner, self.room = await self.database.write(self._filled)

    def _filled(self, tx: Tx) -> tuple[Identity, str]:
        made = [_account(tx, person) for person in self.people]
        shown = Person(made[0].id, made[0].nickname)
        own = Grant(person_subject(shown.id), Level.OWN, None, tx.now())
        all_see = Grant(EVERYONE, Level.SEE, None, tx.now())
        settings = Settings("Kitchen", "", Preset.LISTED, History.ALL, archived=False, raised={})
        first = Delta(settings=settings, grants=(own, all_see), joined=(shown.id,))
        room = make_room(tx, shown, first)
        for person in self.people[1:]:
            given = Grant(person_subject(person), Level.POST, shown.id, tx.now())
            room.write(Kind.INVITED, shown, Delta(grants=(given,), joined=(person,)))
        for person in self.people[5::50]:
            cap = Cap(person, Level.READ, shown.id, tx.now())
            room.write(Kind.MUTED, shown, Delta(caps=(cap,)))
        return Identity(made[0], _session(tx, made[0].id)), room.head.room

    def questions(self) -> dict[str, Ask]:
        """What is measured, by what it is called."""
        last, room, read = self.people[-1], self.room, self.database.read
        rights, changing = RightsTable(self.database), Changing(Changes(self.database, Bus()))
        all_read = Wish(grants=(GrantWish(EVERYONE, Level.READ),))
        none = Wish(grants=(GrantWish(EVERYONE, None),))
        return {
            "explain, one person": lambda: read(lambda tx: explain(tx, last, room)),
            "who could read now": lambda: read(lambda tx: who_could(tx, room)),
            "who could read entry 2, and since": lambda: read(lambda tx: who_could(tx, room, 2)),
            "people x actions, a page": lambda: rights.page(self.owner, room),
            "people x actions, by action": lambda: rights.page(self.owner, room, action="post"),
            "preview of a change for all": lambda: changing.preview(self.owner, room, all_read),
            "saving a change for all, and back": lambda: _both(
                changing.save(self.owner, room, all_read), changing.save(self.owner, room, none)
            ),
        }


async def _both(first: Awaitable[object], second: Awaitable[object]) -> None:
    await first
    await second


def _account(tx: Tx, person: str) -> Account:
    made = Account(person, person, person, Role.MEMBER, State.ACTIVE, "", tx.now())
    accounts.add(tx, made, "no hash")
    facts = PersonFacts(person, Role.MEMBER)
    journal.note(tx, Change("made", person=person, facts=facts))
    return made


def _session(tx: Tx, account: str) -> Session:
    now = tx.now()
    session = Session(new_id(), account, "browser", "", now, now, now + 86_400_000)
    sessions.add(tx, session, new_id())
    return session


async def _asked(size: int, rounds: int) -> dict[str, tuple[list[float], int]]:
    """Milliseconds of CPU, each round, and the statements of the last."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        room = StoredRoom(Path(folder), size)
        await room.fill()
        for name, ask in room.questions().items():
            times = []
            for _ in range(rounds + 1):
                room.statements, begun = 0, time.process_time()
                await ask()
                times.append((time.process_time() - begun) * 1e3)
            found[name] = (times[1:], room.statements)
        room.database.close()
    return found


def stored(rounds: int, spread: Callable[[list[float], str], str]) -> Iterator[str]:
    """Each question of rooms of each size, and the power of the size with which it grows; lines."""
    found = {size: asyncio.run(_asked(size, rounds)) for size in SIZES}
    for name in found[SIZES[0]]:
        yield f"{name}:"
        for size in SIZES:
            times, statements = found[size][name]
            yield f"{size:>6} people  {spread(times, 'ms')}, {statements} statements"
        small, large = [statistics.median(found[size][name][0]) for size in SIZES[1:]]
        power = math.log(large / small) / math.log(SIZES[2] / SIZES[1])
        yield f"{'':>6} grows with the {power:.2f}th power of the people, from 1,000 to 5,000"
