"""What happens to accounts and groups, written into the log of every room where it counts.

An account concerns the rooms that its person is in or has a grant of their own in; a group, those
whose access list names it. Rule 2 of docs/room-log.md: heads are locked first, entries say the new
facts, then the tables follow, all in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from core.access import Delta, PersonFacts, own_subjects
from core.log import Kind
from core.records import Person, State
from rooms.ledger import Opened, open_rooms
from storage import access, accounts, groups, journal, sessions
from storage.engine import Tx
from storage.journal import Change


class Ended(NamedTuple):
    """What to announce after the commit: rooms written to, log-ins that are over."""

    rooms: list[Opened]
    sessions: list[str]


def change_account(
    tx: Tx,
    new: PersonFacts,
    change: Callable[[], None],
    what: Change,
    by: Person | None = None,
    kind: Kind = Kind.ACCOUNT,
) -> list[Opened]:
    """Someone's role or state becomes that of ``new``; ``change`` writes it to the tables."""
    rooms = access.concerning(tx, new.id)
    return _write(tx, new, rooms, change, replace(what, person=new.id, facts=new), by, kind)


def suspend(
    tx: Tx, person: PersonFacts, what: Change, by: Person | None = None, kind: Kind = Kind.ACCOUNT
) -> Ended:
    """The account may not be used; its log-ins are over. What it had stays, for when it may."""

    def change() -> None:
        accounts.set_state(tx, person.id, State.SUSPENDED)

    new = replace(person, state=State.SUSPENDED)
    opened = change_account(tx, new, change, what, by, kind)
    return Ended(opened, sessions.end_all(tx, person.id))


def delete(tx: Tx, person: PersonFacts, what: Change, by: Person) -> Ended:
    """The account is over for good.

    Its log-ins end; it is in no group, and in no room with a grant of its own, any more. What it
    is called and logs in with is the caller's to erase, in the same transaction.
    """

    def change() -> None:
        accounts.set_state(tx, person.id, State.DELETED)
        for group in sorted(person.groups):
            groups.take_out(tx, group, person.id)

    new = PersonFacts(person.id, person.role, State.DELETED)
    rooms = access.concerning(tx, person.id)
    what = replace(what, person=person.id)
    opened = _write(tx, new, rooms, change, what, by, Kind.ACCOUNT, partial(_out_of, person.id))
    return Ended(opened, sessions.end_all(tx, person.id))


def _out_of(person: str, room: Opened) -> Delta:
    return Delta(
        revoked=tuple(subject for subject in own_subjects(person) if subject in room.facts.grants),
        left=(person,) if person in room.facts.members else (),
    )


def put_in_group(
    tx: Tx, person: PersonFacts, group: str, by: Person, until: int | None
) -> list[Opened]:
    """Make someone a member of a group until ``until`` (ms), or for good."""

    def change() -> None:
        groups.put_in(tx, group, person.id, by=by.id, until=until)

    new = replace(person, groups=person.groups | {group})
    return _change_group(tx, new, group, change, Change("joined", by.id), by, Kind.ACCOUNT)


def take_out_of_group(
    tx: Tx, person: PersonFacts, group: str, by: Person | None, kind: Kind = Kind.ACCOUNT
) -> list[Opened]:
    def change() -> None:
        groups.take_out(tx, group, person.id)

    new = replace(person, groups=person.groups - {group})
    what = Change("left" if by else "ended", by.id if by else None)
    return _change_group(tx, new, group, change, what, by, kind)


def _change_group(
    tx: Tx,
    new: PersonFacts,
    group: str,
    change: Callable[[], None],
    what: Change,
    by: Person | None,
    kind: Kind,
) -> list[Opened]:
    rooms = groups.rooms_naming(tx, group)
    what = replace(what, person=new.id, group=group, facts=new)
    return _write(tx, new, rooms, change, what, by, kind)


def _write(
    tx: Tx,
    new: PersonFacts,
    rooms: Iterable[str],
    change: Callable[[], None],
    what: Change,
    by: Person | None,
    kind: Kind,
    more: Callable[[Opened], Delta] = lambda room: Delta(),
) -> list[Opened]:
    """``more``: what else the same entry changes in a room."""
    opened = list(open_rooms(tx, rooms).values())
    bare = new.without_token
    for room in opened:
        room.write(kind, by, replace(more(room), accounts=(bare,)))
    change()
    for room in opened:
        room.settle()
    journal.note(tx, replace(what, facts=bare), {room.head.room: room.head.seq for room in opened})
    return opened
