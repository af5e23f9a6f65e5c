"""Looks for tampering: the chain of a room's log, and the tables that it adds up to."""

from __future__ import annotations

from msgspec import Struct

from core.access import PersonFacts
from core.errors import ChatError
from rooms.chain import Evidence, Fault, chain_faults, entries_of
from rooms.replay import steps_of
from rooms.tables import Tables, account_faults, table_faults
from storage import access, evidence, journal, log, people, rooms
from storage.engine import Tx


class Verified(Struct, frozen=True):
    """What was found in one room; without faults all is as it was written.

    ``entries``: how many access entries there are.
    """

    room: str
    name: str
    entries: int
    seq: int
    hash: str
    faults: list[Fault]


class Verdict(Struct, frozen=True):
    """What was found in all the rooms that were asked about, and in accounts and groups."""

    rooms: list[Verified]
    accounts: list[Fault]

    @property
    def is_well(self) -> bool:
        return not self.accounts and not any(room.faults for room in self.rooms)


def verify(tx: Tx, room: str, noted: str | None = None) -> Verified:
    """``noted``: a head's hash from an earlier day. Raises `not_found`."""
    head, settings = log.head_of(tx, room), rooms.settings_of(tx, room)
    if head is None or settings is None:
        raise ChatError("not_found")
    newest = evidence.newest(tx, room)
    last = max(head.seq, newest)
    rows = evidence.access_rows(tx, room)
    found = Evidence(head, rows, evidence.holes(tx, room, last), newest)
    marks = log.journal_marks(tx, room)
    steps = steps_of(room, entries_of(found), journal.lines(tx, room), marks)
    tables = Tables(settings, access.room_facts(tx, room), access.all_spans(tx, room))
    faults = [*chain_faults(found, noted), *table_faults(steps, tables)]
    return Verified(room, settings.name or "", len(rows), head.seq, head.access_hash, faults)


def verify_accounts(tx: Tx) -> list[Fault]:
    """Whether accounts and groups are what the journal says of them."""
    told: dict[str, PersonFacts] = {}
    for line in journal.lines(tx):
        if line.change.facts is not None:
            told[line.change.facts.id] = line.change.facts
    return account_faults(told, people.facts(tx, people.everyone_ever(tx)))
