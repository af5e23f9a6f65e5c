"""Brings the tables of access to what an entry of a room's log says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, update

from core.access import Cap, Delta, Grant, History, Subject
from storage.engine import Tx
from storage.people import batches
from storage.rooms import write_settings
from storage.schema import caps, grants, memberships, spans


def apply_delta(tx: Tx, room: str, at: int, seq: int, delta: Delta) -> None:
    """After this the tables say what ``delta``, the entry ``seq``, says."""
    for subject in delta.revoked:
        _take_grant(tx, room, subject)
    for person, level in delta.uncapped:
        _take_cap(tx, room, person, level)
    for grant in delta.grants:
        _take_grant(tx, room, grant.subject)
        tx.conn.execute(insert(grants).values(room=room, **_grant_values(grant)))
    for cap in delta.caps:
        _take_cap(tx, room, cap.person, cap.level)
        tx.conn.execute(insert(caps).values(room=room, **_cap_values(cap)))
    _apply_members(tx, room, at, seq, delta)
    if delta.settings is not None:
        write_settings(tx, room, delta.settings)


def _take_grant(tx: Tx, room: str, subject: Subject) -> None:
    tx.conn.execute(
        delete(grants).where(
            grants.c.room == room,
            grants.c.subject_kind == subject.kind.value,
            grants.c.subject == subject.id,
        )
    )


def _take_cap(tx: Tx, room: str, person: str, level: int) -> None:
    tx.conn.execute(
        delete(caps).where(caps.c.room == room, caps.c.person == person, caps.c.level == int(level))
    )


def _apply_members(tx: Tx, room: str, at: int, seq: int, delta: Delta) -> None:
    for some in batches(delta.left):
        tx.conn.execute(
            delete(memberships).where(memberships.c.room == room, memberships.c.person.in_(some))
        )
    new = [
        {"room": room, "person": person, "joined_at": at, "read_seq": seq}
        for person in delta.joined
    ]
    if new:
        tx.conn.execute(insert(memberships), new)


def open_span(tx: Tx, room: str, people: Sequence[str], seq: int, history: History) -> None:
    """From ``seq`` on, these people may read."""
    for some in batches(people):
        same = (spans.c.room == room) & (spans.c.from_seq == seq) & spans.c.person.in_(some)
        tx.conn.execute(delete(spans).where(same))
    rows = [
        {"room": room, "person": person, "from_seq": seq, "to_seq": None, "history": history.value}
        for person in people
    ]
    if rows:
        tx.conn.execute(insert(spans), rows)


def close_span(tx: Tx, room: str, people: Iterable[str], seq: int) -> None:
    """``seq`` is the last that these people may read."""
    for some in batches(people):
        tx.conn.execute(
            update(spans)
            .where(spans.c.room == room, spans.c.person.in_(some), spans.c.to_seq.is_(None))
            .values(to_seq=seq)
        )


def _grant_values(grant: Grant) -> dict[str, Any]:
    kind, subject = grant.subject
    return {"subject_kind": kind.value, "subject": subject, **_given(grant)}


def _cap_values(cap: Cap) -> dict[str, Any]:
    return {"person": cap.person, **_given(cap)}


def _given(item: Grant | Cap) -> dict[str, Any]:
    return {
        "level": int(item.level),
        "given_by": item.by,
        "given_at": item.at,
        "why": item.why,
        "until": item.until,
    }
