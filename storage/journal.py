"""What happened to accounts and groups, in order, and where it is in rooms' logs too."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Row, func, insert, select

from core.access import PersonFacts
from storage.engine import Tx
from storage.schema import journal, journal_entries


class Change(Struct, frozen=True):
    """One line. ``person`` and ``facts``: whom it is about, and what they are after it.

    ``kind``: made, role, suspended, restored, deleted, ended, approved, joined, left (a group), ...
    """

    kind: str
    by: str | None = None
    person: str | None = None
    group: str | None = None
    facts: PersonFacts | None = None
    why: str = ""


class Line(Struct, frozen=True):
    """A change, when it happened, and the seq that it has in each room that it is an entry of."""

    id: int
    at: int
    change: Change
    seqs: Mapping[str, int]


def newest(tx: Tx) -> int:
    """The id of the newest line; 0 if there is none."""
    return tx.conn.execute(select(func.max(journal.c.id))).scalar_one() or 0


def note(tx: Tx, change: Change, seqs: Mapping[str, int] | None = None) -> None:
    """Write ``change`` down; ``seqs``: its entries in rooms' logs."""
    values = {
        "at": tx.now(),
        "kind": change.kind,
        "by": change.by,
        "person": change.person,
        "group": change.group,
        "facts": msgspec.json.encode(change.facts).decode() if change.facts else None,
        "why": change.why,
    }
    done = tx.conn.execute(insert(journal).values(values).returning(journal.c.id)).scalar_one()
    rows = [{"journal": done, "room": room, "seq": seq} for room, seq in (seqs or {}).items()]
    if rows:
        tx.conn.execute(insert(journal_entries), rows)


def lines(tx: Tx, room: str | None = None) -> list[Line]:
    """The whole journal, oldest first; with ``room``, `seqs` are of this room alone."""
    query = select(journal).order_by(journal.c.id)
    places = select(journal_entries)
    if room is not None:
        places = places.where(journal_entries.c.room == room)
    seqs: dict[int, dict[str, int]] = {}
    for row in tx.conn.execute(places):
        seqs.setdefault(row.journal, {})[row.room] = row.seq
    return [
        Line(row.id, row.at, _change(row), seqs.get(row.id, {})) for row in tx.conn.execute(query)
    ]


def latest(tx: Tx, person: str, kinds: Collection[str]) -> Line | None:
    """The last of these that happened to an account itself, without where else it is written."""
    query = select(journal).where(
        journal.c.person == person, journal.c.group.is_(None), journal.c.kind.in_(kinds)
    )
    row = tx.conn.execute(query.order_by(journal.c.id.desc()).limit(1)).first()
    return Line(row.id, row.at, _change(row), {}) if row else None


def _change(row: Row[Any]) -> Change:
    facts = decode_facts(row.facts) if row.facts else None
    return Change(row.kind, row.by, row.person, row.group, facts, row.why)


decode_facts = msgspec.json.Decoder(PersonFacts).decode
