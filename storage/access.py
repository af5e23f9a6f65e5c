"""Who may: grants, caps, memberships and readable spans, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Grant,
    History,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
)
from core.levels import Level
from core.log import Span
from core.records import Person, Role
from storage.engine import Tx
from storage.people import batches
from storage.rooms import settings_of, write_settings
from storage.schema import accounts, caps, grants, memberships, spans

NOWHERE = Settings(history=History.ALL, archived=False, raised={})


def room_facts(tx: Tx, room: str) -> RoomFacts:
    """Everything that decides who may do what in ``room``; no grants if there is no such room."""
    settings = settings_of(tx, room) or NOWHERE
    given = tuple(map(_grant, tx.conn.execute(select(grants).where(grants.c.room == room))))
    capped = tuple(map(_cap, tx.conn.execute(select(caps).where(caps.c.room == room))))
    members = tx.conn.execute(select(memberships.c.person).where(memberships.c.room == room))
    return RoomFacts(settings, given, capped, frozenset(members.scalars()))


def facts_for(tx: Tx, room: str, person: str, groups: Iterable[str] = ()) -> RoomFacts:
    """As `room_facts`, but only what can bear on one person: cost does not grow with the room."""
    settings = settings_of(tx, room) or NOWHERE
    mine = [EVERYONE, Subject(SubjectKind.PERSON, person)]
    mine += [Subject(SubjectKind.GROUP, group) for group in groups]
    given = tx.conn.execute(select(grants).where(grants.c.room == room, _is_one_of(mine)))
    capped = tx.conn.execute(select(caps).where(caps.c.room == room, caps.c.person == person))
    member = is_member(tx, room, person)
    return RoomFacts(
        settings,
        tuple(map(_grant, given)),
        tuple(map(_cap, capped)),
        frozenset({person} if member else ()),
    )


def rooms_within_reach(tx: Tx, person: str, groups: Iterable[str] = ()) -> list[str]:
    """Rooms in which someone has any grant: candidates only, `decide` has the last word."""
    mine = [EVERYONE, Subject(SubjectKind.PERSON, person)]
    mine += [Subject(SubjectKind.GROUP, group) for group in groups]
    query = select(grants.c.room).where(_is_one_of(mine)).distinct().order_by(grants.c.room)
    return list(tx.conn.execute(query).scalars())


def is_member(tx: Tx, room: str, person: str) -> bool:
    query = select(memberships.c.room).where(
        memberships.c.room == room, memberships.c.person == person
    )
    return tx.conn.execute(query).first() is not None


def spans_of(tx: Tx, room: str, person: str) -> list[Span]:
    """The intervals of a *since joining* log that someone may read, oldest first."""
    query = (
        select(spans.c.from_seq, spans.c.to_seq)
        .where(spans.c.room == room, spans.c.person == person)
        .order_by(spans.c.from_seq)
    )
    return [Span(row.from_seq, row.to_seq) for row in tx.conn.execute(query)]


def apply_delta(tx: Tx, room: str, at: int, seq: int, delta: Delta) -> None:
    """Bring the tables to what the entry ``seq`` says."""
    for subject in delta.revoked:
        tx.conn.execute(delete(grants).where(grants.c.room == room, _is_one_of([subject])))
    for person, level in delta.uncapped:
        tx.conn.execute(
            delete(caps).where(
                caps.c.room == room, caps.c.person == person, caps.c.level == int(level)
            )
        )
    for grant in delta.grants:
        tx.conn.execute(delete(grants).where(grants.c.room == room, _is_one_of([grant.subject])))
        tx.conn.execute(insert(grants).values(room=room, **_grant_values(grant)))
    for cap in delta.caps:
        tx.conn.execute(
            delete(caps).where(
                caps.c.room == room, caps.c.person == cap.person, caps.c.level == int(cap.level)
            )
        )
        tx.conn.execute(insert(caps).values(room=room, **_cap_values(cap)))
    _apply_members(tx, room, at, seq, delta)
    if delta.settings is not None:
        write_settings(tx, room, delta.settings)


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


def _is_one_of(subjects: Sequence[Subject]) -> Any:
    return or_(
        *(
            and_(grants.c.subject_kind == subject.kind.value, grants.c.subject == subject.id)
            for subject in subjects
        )
    )


def _grant(row: Row[Any]) -> Grant:
    subject = Subject(SubjectKind(row.subject_kind), row.subject)
    return Grant(subject, Level(row.level), row.given_by, row.given_at, row.why, row.until)


def _cap(row: Row[Any]) -> Cap:
    return Cap(row.person, Level(row.level), row.given_by, row.given_at, row.why, row.until)


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


def guest_reads(tx: Tx, room: str) -> bool:
    """Whether a guest has a personal grant to read the room."""
    query = (
        select(grants.c.subject)
        .join(accounts, accounts.c.id == grants.c.subject)
        .where(
            grants.c.room == room,
            grants.c.subject_kind == SubjectKind.PERSON.value,
            grants.c.level >= int(Level.READ),
            accounts.c.role == Role.GUEST.value,
        )
        .limit(1)
    )
    return tx.conn.execute(query).first() is not None


def owners(tx: Tx, room: str) -> list[Person]:
    """The people who own the room by a personal grant: whom to ask."""
    query = (
        select(accounts.c.id, accounts.c.nickname)
        .join(grants, grants.c.subject == accounts.c.id)
        .where(
            grants.c.room == room,
            grants.c.subject_kind == SubjectKind.PERSON.value,
            grants.c.level == int(Level.OWN),
        )
        .order_by(accounts.c.nickname)
    )
    return [Person(row.id, row.nickname) for row in tx.conn.execute(query)]
