"""Rooms and messages on a real database, with named people and a clock that a test holds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from auth import labels
from auth.passwords import Passwords
from auth.signup import Draft, SignUps
from auth.throttle import Limiter, Rate
from core.access import (
    Delta,
    Facts,
    Grant,
    History,
    PersonFacts,
    Preset,
    RoomFacts,
    group_subject,
)
from core.ids import new_id
from core.levels import Level
from core.log import Entry, Head, Kind, Span
from core.records import Account, Identity, Person, Role, Session, State
from live.bus import AsksChanged, Bus, Notice, ReadMoved, RoomMoved, RoomsChanged
from messages.history import History as Pages
from messages.posting import Kept, Posting
from messages.reading import Reading
from rooms.accounts import AccountKeeping
from rooms.approvals import Approvals
from rooms.asking import Asking
from rooms.blocking import Blocking
from rooms.bulk import Bulk
from rooms.changes import Changes
from rooms.changing import Changing
from rooms.default_grants import DefaultGrants
from rooms.direct import DirectRooms
from rooms.expiry import Sweeper
from rooms.glass import Glass
from rooms.groups import Groups
from rooms.hearing import Hearing
from rooms.invitations import Invitations
from rooms.inviting import Inviting
from rooms.ledger import open_room
from rooms.listing import Listing
from rooms.making import Making
from rooms.membership import Membership
from rooms.newcomers import Newcomers, newcomer, tell_of
from rooms.occupants import Occupancy
from rooms.overseeing import Overseeing
from rooms.permissions import level_of
from rooms.rights_table import RightsTable
from storage import access, accounts, journal, log, people, sessions
from storage.engine import Database, Tx
from storage.journal import Change

T = TypeVar("T")

DAY = 86_400_000
NOON = 1_800_000_000_000


class HeldClock:
    """Moves when a test says so, also back."""

    def __init__(self) -> None:
        self.ms = NOON

    def now(self) -> int:
        return self.ms

    def boot(self) -> float:
        return self.ms / 1000


class House:
    """The services as app.py wires them, on a copy of an empty, migrated database."""

    def __init__(
        self, folder: Path, empty_database: Path, *, rooms_by_admins: bool = False
    ) -> None:
        file = folder / "chatelaine.db"
        shutil.copy(empty_database, file)
        self.clock = HeldClock()
        self.database = Database(f"sqlite:///{file}", self.clock)
        self.bus = Bus()
        self.told: list[Notice] = []
        for notice in (RoomMoved, RoomsChanged, ReadMoved, AsksChanged):
            self.bus.on(notice, self.told.append)
        self._make_rooms(rooms_by_admins)
        self.hearing = Hearing(self.database)
        self.pages = Pages(self.database)
        self.posting = Posting(self.database, self.bus)
        self.reading = Reading(self.database, self.bus)

    def _make_rooms(self, rooms_by_admins: bool) -> None:
        changes = Changes(self.database, self.bus)
        generous = Limiter(Rate(10_000, 1), self.clock)
        self.making = Making(changes, generous, by_admins_only=rooms_by_admins)
        self.changing = Changing(changes)
        self.rights = RightsTable(self.database)
        self.membership = Membership(changes)
        self.inviting = Inviting(changes, generous)
        self.direct = DirectRooms(changes, generous, "members")
        self.blocking = Blocking(changes)
        self.asking = Asking(self.database, changes, self.bus, generous)
        self.listing = Listing(self.database)
        self.occupancy = Occupancy(self.database)
        self.invitations = Invitations(self.database, changes)
        self._passwords = Passwords(4, 1, {1: bytes(32)}, 8)
        self.signups = SignUps(
            self.database,
            self._passwords,
            Limiter(Rate(1_000, 1), self.clock),
            newcomer,
            lambda rooms: tell_of(self.bus, rooms),
        )
        self.newcomers = Newcomers(self.signups, changes)
        self.keeping = AccountKeeping(self.database, changes)
        self.approvals = Approvals(self.database, changes)
        self.groups = Groups(self.database, changes)
        self.default_grants = DefaultGrants(self.database, changes)
        self.bulk = Bulk(changes)
        self.glass = Glass(changes)
        self.overseeing = Overseeing(self.database)
        self.sweeper = Sweeper(self.database, self.bus)

    def close(self) -> None:
        self.database.close()
        self._passwords.close()

    # --- people --------------------------------------------------------------------------------

    async def person(self, name: str, role: Role = Role.MEMBER) -> Identity:
        """Someone with an account and a log-in."""
        account = Account(new_id(), name, name, role, State.ACTIVE, "", self.clock.now())

        def work(tx: Tx) -> Session:
            accounts.add(tx, account, "no hash")
            journal.note(tx, Change("made", person=account.id, facts=PersonFacts(account.id, role)))
            labels.claim_nickname(tx, name, account.id)
            return add_session(tx, account.id)

        return Identity(account, await self.database.write(work))

    async def another_login(
        self, who: Identity, level: Level | None = None, actions: frozenset[str] | None = None
    ) -> Identity:
        """``level`` and ``actions`` as a token's."""
        session = await self.database.write(
            lambda tx: add_session(tx, who.account.id, level, actions)
        )
        return Identity(who.account, session)

    async def log_out(self, who: Identity) -> None:
        await self.database.write(lambda tx: sessions.end(tx, who.account.id, [who.session.id]))

    async def sign_up(self, name: str, secret: str) -> tuple[Account, str | None]:
        """Someone new, by an invitation link."""
        return await self.newcomers.sign_up(Draft(name, name, False, "no hash", ""), secret)

    async def log_in(self, account: Account) -> Identity:
        session = await self.database.write(lambda tx: add_session(tx, account.id))
        return Identity(account, session)

    # --- rooms ---------------------------------------------------------------------------------

    async def room(
        self, owner: Identity, *, preset: Preset = Preset.PRIVATE, history: History = History.ALL
    ) -> str:
        return await self.making.make(owner, "Kitchen", preset=preset, history=history)

    async def invite(
        self, owner: Identity, room: str, *guests: Identity, level: Level = Level.POST
    ) -> None:
        for guest in guests:
            await self.inviting.invite(owner, room, guest.account.id, level)

    async def change(self, room: str, delta: Delta, by: Identity | None = None) -> Entry:
        """An access entry that no service makes yet."""
        shown = Person(by.account.id, by.account.nickname) if by else None
        return await self.database.write(
            lambda tx: open_room(tx, room).write(Kind.ACCESS, shown, delta)
        )

    async def give_group(self, room: str, group: str, level: Level = Level.READ) -> Entry:
        """A room names a group, as an owner can say."""
        grant = Grant(group_subject(group), level, None, self.clock.now())
        return await self.change(room, Delta(grants=(grant,)))

    async def crew(self, admin: Identity, *members: Identity, until: int | None = None) -> str:
        """A group with these people in it."""
        group = await self.groups.make(admin, "Crew")
        for member in members:
            await self.groups.add(admin, group, member.account.nickname, until)
        return group

    async def level(self, room: str, who: Identity) -> Level:
        """Someone's level in a room now."""

        def work(tx: Tx) -> Level:
            about = people.facts(tx, [who.account.id])[who.account.id]
            return level_of(Facts(about, access.room_facts(tx, room)))

        return await self.database.read(work)

    async def say(self, who: Identity, room: str, text: str, client_id: str = "") -> Kept:
        return await self.posting.post(who, room, client_id or new_id(), text)

    # --- what the database holds ----------------------------------------------------------------

    async def head(self, room: str) -> Head:
        head = await self.database.read(lambda tx: log.head_of(tx, room))
        assert head is not None
        return head

    async def entries(self, room: str) -> list[Entry]:
        return await self.database.read(lambda tx: log.after(tx, room, 0, 10_000))

    async def facts(self, room: str) -> RoomFacts:
        return await self.database.read(lambda tx: access.room_facts(tx, room))

    async def spans(self, room: str, who: Identity) -> list[Span]:
        return await self.database.read(lambda tx: access.spans_of(tx, room, who.account.id))

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await self.database.read(work)


def add_session(
    tx: Tx, account: str, level: Level | None = None, actions: frozenset[str] | None = None
) -> Session:
    now = tx.now()
    expires = now + 30 * DAY
    session = Session(new_id(), account, "browser", "", now, now, expires, level, actions)
    sessions.add(tx, session, new_id())
    return session
