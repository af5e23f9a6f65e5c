"""Everybody who can stand in some relation to a room, and rooms in which they all do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, insert, select, true

from core.access import (
    Cap,
    Delta,
    Grant,
    History,
    Preset,
    Subject,
    glass_subject,
    person_subject,
)
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Person as Shown
from core.records import Role
from rooms.ledger import Opened, make_room
from rooms.presets import first_delta
from storage import accounts, invitations
from storage.engine import Tx
from storage.invitations import Invitation
from storage.schema import asks, metadata
from tests.house import House
from tests.people import Asker, Person, Speaker

HIDDEN, SEE, ASK, READ = Level.HIDDEN, Level.SEE, Level.ASK, Level.READ
POST, MODERATE, OWN = Level.POST, Level.MODERATE, Level.OWN

LEVELS: dict[str, Level | None] = {
    "anonymous": None,
    "stranger": HIDDEN,
    "asked": ASK,
    "invited": POST,
    "banned": HIDDEN,
    "muted": READ,
    "guest": POST,
    "former": HIDDEN,
    "member": POST,
    "moderator": MODERATE,
    "owner": OWN,
    "admin": HIDDEN,
    "glass": READ,
    "bot": READ,
}
"""Everybody, and the level that they have in the room.

``asked`` waits for an answer, ``invited`` has not joined, ``former`` was a member, ``glass`` is an
admin who broke the glass to read; ``bot`` has a token of the owner's that may read. All others from
``banned`` to ``owner`` are members.
"""

INSIDE = {"banned": POST, "muted": POST, "guest": POST, "member": POST, "moderator": MODERATE}
OUTSIDE = {"asked": ASK, "invited": POST}
CAPPED = {"banned": HIDDEN, "muted": READ}
EXTRAS = ("target", "newcomer")
"""Two more: a member to act on, and a stranger to bring in."""

VOLATILE = ("sessions", "tokens", "refusals")
"""When a log-in was used, and what was refused, is noted."""


@dataclass
class Town:
    """``room`` is the one in which everybody is now, ``link`` a link into it."""

    house: House
    people: dict[str, Asker]
    room: str = ""
    link: str = ""

    def id(self, name: str) -> str:
        return self.speaker(name).id

    def speaker(self, name: str) -> Speaker:
        person = self.people[name]
        assert isinstance(person, Speaker)
        return person

    async def renew(self) -> None:
        """Everybody in another room."""
        self.link = new_id()
        self.room = await self.house.chatelaine.database.write(self._furnish)

    async def contents(self) -> dict[str, Any]:
        """All that the database holds of the room, and of none; not what every request touches."""

        def rows(tx: Tx, table: Table) -> list[Any]:
            here = table.c.room == self.room if "room" in table.c else true()
            return list(tx.conn.execute(select(table).where(here)))

        def work(tx: Tx) -> dict[str, Any]:
            tables = [table for table in metadata.sorted_tables if table.name not in VOLATILE]
            return {table.name: rows(tx, table) for table in tables}

        return await self.house.chatelaine.database.read(work)

    # --- inside ----------------------------------------------------------------------------------

    def _furnish(self, tx: Tx) -> str:
        owner = self.speaker("owner")
        by, now = Shown(owner.id, owner.nickname), tx.now()
        first = first_delta(Preset.PRIVATE, "Kitchen", "", owner.id, now, History.ALL)
        room = make_room(tx, by, first)
        room.write(Kind.INVITED, by, self._everybody(owner.id, now))
        self._let_go(room)
        self._ask(tx, room.head.room, now)
        self._make_link(tx, room.head.room, owner.id, now)
        return room.head.room

    def _everybody(self, owner: str, now: int) -> Delta:
        """Levels as in the tables above."""
        inside = {**INSIDE, "former": POST, "target": POST}
        granted: dict[Subject, Level] = {
            person_subject(self.id(name)): level for name, level in {**inside, **OUTSIDE}.items()
        }
        granted[glass_subject(self.id("glass"))] = READ
        return Delta(
            grants=tuple(Grant(who, level, owner, now) for who, level in granted.items()),
            caps=tuple(Cap(self.id(name), level, owner, now) for name, level in CAPPED.items()),
            joined=tuple(self.id(name) for name in inside),
        )

    def _let_go(self, room: Opened) -> None:
        former = self.speaker("former")
        gone = Delta(left=(former.id,), revoked=(person_subject(former.id),))
        room.write(Kind.LEFT, Shown(former.id, former.nickname), gone)

    def _ask(self, tx: Tx, room: str, now: int) -> None:
        row = {"room": room, "person": self.id("asked"), "text": "Let me in", "at": now}
        tx.conn.execute(insert(asks).values(row))

    def _make_link(self, tx: Tx, room: str, owner: str, now: int) -> None:
        later = now + 86_400_000
        made = Invitation(self.link, owner, room, Role.GUEST, POST, now, later, 1, 0)
        invitations.add(tx, made, new_id())


async def settle(house: House) -> Town:
    """Everybody comes to the house; they are called "somemember" and so on."""
    people: dict[str, Asker] = {"admin": await house.person("someadmin", admin=True)}
    names = [name for name in LEVELS if name not in ("anonymous", "admin", "guest", "bot")]
    for name in (*names, *EXTRAS):
        people[name] = await house.person(f"some{name}")
    owner, admin = people["owner"], people["admin"]
    assert isinstance(owner, Person) and isinstance(admin, Person)
    lobby = await admin.make_room("Lobby")
    made = await admin.api("POST", f"rooms/{lobby}/links", {"role": "guest"})
    people["guest"] = guest = await house.person("someguest", link=made["url"])
    await guest.leave(lobby)
    people["bot"] = await owner.bot("READ")
    people["anonymous"] = house.visitor()
    town = Town(house, people)
    glass = town.id("glass")
    await house.chatelaine.database.write(lambda tx: accounts.set_role(tx, glass, Role.ADMIN))
    await town.renew()
    return town
