"""Whether a room's access entries are those that were once written: its chain of hashes, followed.

Pure. Each entry's hash is over the one before it and all that it says; seqs have no holes. So an
entry that was changed, taken out, cut off at the end or moved shows, unless whoever did it wrote
every later hash anew: against that helps a head that was noted elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from core.access import decode_delta
from core.log import Entry, Head, Kind
from core.records import Person
from rooms.ledger import FIRST_HASH, link
from storage.evidence import Raw

MOST_TRIED = 50
"""Of so many entries that do not fit it is asked whether they only changed places."""


class Fault(Struct, frozen=True):
    """What is wrong, at which entry if at one, and in a sentence.

    ``kind``: changed, missing, reordered, cut, head, table, account.
    """

    kind: str
    seq: int | None
    text: str


class Evidence(NamedTuple):
    """A room's log as it was found."""

    head: Head
    rows: Sequence[Raw]
    holes: Sequence[int]
    newest: int


class _Row(NamedTuple):
    """A row, and the entry in it if it is one."""

    raw: Raw
    entry: Entry | None
    previous: str

    @property
    def fits(self) -> bool:
        entry = self.entry
        return entry is not None and link(self.previous, entry) == self.raw.access_hash


def chain_faults(found: Evidence, noted: str | None = None) -> list[Fault]:
    """All that is wrong with the log, by seq. ``noted``: a head's hash of an earlier day."""
    rows = _linked(found)
    faults = [*_missing(found, rows), *_misfits(found, rows), *_head_faults(found)]
    if noted is not None and noted not in {FIRST_HASH, *(row.access_hash for row in found.rows)}:
        faults.append(_not_there(found, noted))
    last = found.head.seq + 1
    return sorted(faults, key=lambda fault: last if fault.seq is None else fault.seq)


def entries_of(found: Evidence) -> list[Entry]:
    """The access entries that can be read, right or not."""
    return [row.entry for row in _linked(found) if row.entry is not None]


def _linked(found: Evidence) -> list[_Row]:
    previous, rows = FIRST_HASH, []
    for raw in found.rows:
        rows.append(_Row(raw, _entry(found.head, raw), previous))
        previous = raw.access_hash or previous
    return rows


def _entry(head: Head, raw: Raw) -> Entry | None:
    """None for what the server never writes: a post with a hash, a change that is none."""
    try:
        kind, delta = Kind(raw.kind), decode_delta(raw.delta or "")
    except (ValueError, msgspec.MsgspecError):
        return None
    by = Person(raw.author, "") if raw.author else None
    entry = Entry(head.room, raw.seq, head.tag, raw.at, kind, by, delta=delta)
    return None if kind is Kind.POST else entry


def _missing(found: Evidence, rows: Sequence[_Row]) -> Iterator[Fault]:
    """A hole in an unbroken chain was a message."""
    for seq in found.holes:
        if seq > found.newest:
            yield Fault("cut", seq, f"The log ends at {found.newest}: entry {seq} and later ones"
                        " were cut off.")  # fmt: skip
            return
        after = next((row for row in rows if row.raw.seq > seq), None)
        what = "a message" if after and after.fits else "an access entry, or several"
        yield Fault("missing", seq, f"Entry {seq} is missing: {what}.")


def _misfits(found: Evidence, rows: Sequence[_Row]) -> Iterator[Fault]:
    misfits = [row for row in rows if not row.fits]
    moved = _moved(misfits[:MOST_TRIED])
    for row in misfits:
        seq = row.raw.seq
        if seq in moved:
            yield Fault("reordered", seq, f"Entry {seq} was entry {moved[seq]} once.")
        elif not _is_after_hole(found, rows, seq):
            yield Fault("changed", seq, f"Entry {seq} does not fit its hash: it was changed, or the"
                        " hash before it was.")  # fmt: skip


def _moved(misfits: Sequence[_Row]) -> dict[int, int]:
    """The entries that fit where another stands, and where: seq → the seq it had."""
    moved: dict[int, int] = {}
    hashes = {one for row in misfits for one in (row.previous, row.raw.access_hash) if one}
    for row in misfits:
        for other in misfits:
            if other is not row and _fitted(row, other.raw.seq, hashes):
                moved[row.raw.seq] = other.raw.seq
    return moved


def _fitted(row: _Row, seq: int, hashes: set[str]) -> bool:
    if row.entry is None:
        return False
    entry = replace(row.entry, seq=seq)
    return any(link(previous, entry) in hashes for previous in hashes)


def _is_after_hole(found: Evidence, rows: Sequence[_Row], seq: int) -> bool:
    """What is missing breaks the link of the next: that is not another fault."""
    before = max((row.raw.seq for row in rows if row.raw.seq < seq), default=0)
    return any(before < hole < seq for hole in found.holes)


def _head_faults(found: Evidence) -> Iterator[Fault]:
    head = found.head
    if found.newest > head.seq:
        yield Fault("head", None, f"The log goes on to {found.newest}, its head says {head.seq}.")
    last = next((row.access_hash for row in reversed(found.rows)), FIRST_HASH)
    if last != head.access_hash:
        yield Fault("head", None, "The head bears another hash than the last access entry.")


def _not_there(found: Evidence, noted: str) -> Fault:
    last = found.rows[-1].seq if found.rows else 0
    text = (
        f"No access entry bears the head's hash {noted[:12]}…: the log was cut after entry {last},"
        " or written anew."
    )
    return Fault("cut", None, text)
