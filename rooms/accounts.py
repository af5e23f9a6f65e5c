"""What admins do with accounts: end and give back their use, change what they are, end log-ins.

Each is an entry in the log of every room that it concerns and a line of the journal with its reason
(rooms/standing.py). For everyone but admins there is nothing here: `not_found`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from auth import labels
from core.access import PersonFacts
from core.clock import DAY
from core.errors import ChatError
from core.records import GONE, Account, Identity, Person, Role, Session, State
from rooms.acting import admin, shown
from rooms.changes import Changes
from rooms.ledger import Opened
from rooms.lines import WHY_LENGTH, one_line
from rooms.standing import change_account, delete, suspend
from storage import (
    access,
    accounts,
    groups,
    journal,
    log,
    memberships,
    ownerless,
    people,
    sessions,
    tokens,
)
from storage.engine import Database, Tx
from storage.journal import Change
from storage.memberships import Numbers
from storage.ownerless import NamedRoom

LONGEST_DAYS = 365
BECAME = {
    State.ACTIVE: ("made", "approved", "restored"),
    State.SUSPENDED: ("suspended", "ended"),
}
"""The states of accounts that are looked after, and the journal's lines by which they came."""


class KeptAccount(Struct, frozen=True):
    """All that an admin sees of an account: of rooms only how many, unless they have no owner."""

    account: Account
    groups: list[str]
    numbers: Numbers
    sessions: list[Session]
    since: int
    """When the account became what it is (ms)."""
    by: str | None
    """The nickname of who made it so; None when it came by itself."""
    why: str
    ownerless: list[NamedRoom]
    """What they own, and nobody else who can log in."""


class AccountKeeping:
    """Admins look after accounts. Reasons have at most 200 characters: `why_long`."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    # --- whether it may be used ------------------------------------------------------------------

    async def suspend(self, who: Identity, person: str, why: str = "") -> list[NamedRoom]:
        """End the log-ins, and take away every right until `restore`.

        Returns the rooms that this leaves without an owner. Raises `last_admin`, `not_yourself`.
        """

        def work(tx: Tx, touched: list[Opened]) -> tuple[list[NamedRoom], list[str]]:
            case = _open(tx, who, person)
            _check_may_lose(tx, case)
            over: list[str] = []
            if case.target.state is State.ACTIVE:
                what = Change("suspended", case.by.id, why=_reason(why))
                ended = suspend(tx, case.target, what, case.by)
                touched.extend(ended.rooms)
                over = ended.sessions
            return _left_ownerless(tx, ownerless.owned_by(tx, person)), over

        left, over = await self._changes.commit(work)
        self._changes.tell_ended(over)
        return left

    async def restore(self, who: Identity, person: str, why: str = "") -> None:
        """Give the use of a suspended account back, where it was. An end that is past is none."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            case = _open(tx, who, person)
            if case.target.state is State.ACTIVE:
                return

            def change() -> None:
                accounts.set_state(tx, person, State.ACTIVE)
                if case.account.until is not None and case.account.until <= _now_in(tx, person):
                    accounts.set_until(tx, person, None)

            what = Change("restored", case.by.id, why=_reason(why))
            new = replace(case.target, state=State.ACTIVE)
            touched.extend(change_account(tx, new, change, what, case.by))

        await self._changes.commit(work)

    async def delete(self, who: Identity, person: str, why: str = "") -> list[NamedRoom]:
        """End an account for good: log-ins, tokens, password, groups, memberships, own grants.

        What they wrote stays, as that of "deleted" (`core.records.GONE`): one nickname for all of
        them, so that nothing tells who it was; pages and clients say it in their reader's language.
        Name and nickname are held for 90 days, so that nobody passes for them. Nothing of this can
        be undone. Returns the rooms that this leaves without an owner. Raises `last_admin`,
        `not_yourself`.
        """

        def work(tx: Tx, touched: list[Opened]) -> tuple[list[NamedRoom], list[str], set[str]]:
            case = _open(tx, who, person)
            _check_may_lose(tx, case)
            owned = ownerless.owned_by(tx, person)
            seen_by = set(memberships.sharing_a_room(tx, person))
            labels.give_up(tx, person)
            tokens.drop_all(tx, person)
            accounts.erase(tx, person, f"{GONE} {person}", GONE)
            what = Change("deleted", case.by.id, why=_reason(why))
            ended = delete(tx, case.target, what, case.by)
            touched.extend(ended.rooms)
            return _left_ownerless(tx, owned), ended.sessions, seen_by

        left, over, seen_by = await self._changes.commit(work)
        self._changes.tell_ended(over)
        self._changes.tell_renamed(Person(person, GONE), frozenset(seen_by - {person}))
        return left

    # --- what it is ------------------------------------------------------------------------------

    async def change_role(self, who: Identity, person: str, role: Role, why: str = "") -> None:
        """Only guests' accounts end by themselves. Raises `last_admin`, `not_yourself`."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            case = _open(tx, who, person)
            if case.target.role is role:
                return
            _check_may_lose(tx, case)

            def change() -> None:
                accounts.set_role(tx, person, role)
                accounts.set_until(tx, person, None)

            new = replace(case.target, role=role)
            what = Change("role", case.by.id, why=_reason(why))
            touched.extend(change_account(tx, new, change, what, case.by))

        await self._changes.commit(work)

    async def set_end(self, who: Identity, person: str, days: int | None, why: str = "") -> None:
        """Let a guest's account end after ``days``, or not by itself.

        Raises `guest_days`, and `bad_request` for others than guests.
        """
        if days is not None and not 1 <= days <= LONGEST_DAYS:
            raise ChatError("guest_days")

        def work(tx: Tx, touched: list[Opened]) -> None:
            case = _open(tx, who, person)
            if case.target.role is not Role.GUEST:
                raise ChatError("bad_request")
            until = None if days is None else _now_in(tx, person) + days * DAY

            def change() -> None:
                accounts.set_until(tx, person, until)

            what = Change("until", case.by.id, why=_reason(why))
            touched.extend(change_account(tx, case.target, change, what, case.by))

        await self._changes.commit(work)

    # --- its log-ins -----------------------------------------------------------------------------

    async def end_session(self, who: Identity, person: str, session: str) -> None:
        """End one of someone's log-ins, if it is live."""

        def work(tx: Tx) -> list[str]:
            _open(tx, who, person)
            return sessions.end(tx, person, [session])

        self._changes.tell_ended(await self._database.write(work))

    async def end_sessions(self, who: Identity, person: str) -> None:
        """End all of someone's log-ins, but the one that is asked from."""

        def work(tx: Tx) -> list[str]:
            _open(tx, who, person)
            return sessions.end_all(tx, person, keep=who.session.id)

        self._changes.tell_ended(await self._database.write(work))

    # --- what admins see -------------------------------------------------------------------------

    async def look(self, who: Identity, person: str) -> KeptAccount:
        return await self._database.read(lambda tx: _kept(tx, _open(tx, who, person)))

    async def ownerless(self, who: Identity) -> list[NamedRoom]:
        """Every room that nobody can manage now."""

        def work(tx: Tx) -> list[NamedRoom]:
            admin(tx, who)
            return ownerless.every(tx)

        return await self._database.read(work)


class _Case(NamedTuple):
    """An admin, and the account in use or suspended that they look after."""

    by: Person
    account: Account
    target: PersonFacts


def _open(tx: Tx, who: Identity, person: str) -> _Case:
    admin(tx, who)
    account, target = accounts.get(tx, person), people.facts_of(tx, person)
    if account is None or target is None or account.state not in BECAME:
        raise ChatError("not_found")
    return _Case(shown(who), account, target)


def _check_may_lose(tx: Tx, case: _Case) -> None:
    """The server keeps an admin, and nobody shuts themself out."""
    is_admin = case.target.role is Role.ADMIN and case.target.state is State.ACTIVE
    if is_admin and not accounts.another_admin(tx, case.target.id):
        raise ChatError("last_admin")
    if case.target.id == case.by.id:
        raise ChatError("not_yourself")


def _reason(why: str) -> str:
    return one_line(why, 0, WHY_LENGTH, "why_long")


def _now_in(tx: Tx, person: str) -> int:
    """By the clock, or by the newest entry of a room of theirs, if the clock was set back."""
    heads = log.lock_heads(tx, access.concerning(tx, person))
    return max([tx.now(), *(head.last_at for head in heads.values())])


def _left_ownerless(tx: Tx, owned: Collection[str]) -> list[NamedRoom]:
    return [room for room in ownerless.every(tx) if room.id in owned]


def _kept(tx: Tx, case: _Case) -> KeptAccount:
    person = case.target.id
    last = journal.latest(tx, person, BECAME[case.target.state])
    by = last.change.by if last else None
    return KeptAccount(
        account=case.account,
        groups=sorted(groups.named(tx, case.target.groups).values()),
        numbers=memberships.how_many(tx, person),
        sessions=sessions.of_account(tx, person),
        since=last.at if last else case.account.created_at,
        by=people.person(tx, by).nickname if by else None,
        why=last.change.why if last else "",
        ownerless=_left_ownerless(tx, ownerless.owned_by(tx, person)),
    )
