"""Who may: grants, caps, memberships and spans, as the facts that rights are decided from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from core.access import (
    EVERYONE,
    Cap,
    Grant,
    History,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
    group_subject,
    own_subjects,
)
from core.levels import Level
from core.log import Span
from core.records import Person, Role, State
from storage.engine import Tx
from storage.people import batches
from storage.prepared import Prepared, PreparedList
from storage.rooms import settings_of, settings_of_many
from storage.schema import accounts, caps, grants, memberships, spans

NOWHERE = Settings(history=History.ALL, archived=False, raised={})


def room_facts(tx: Tx, room: str) -> RoomFacts:
    """Everything that decides who may do what in ``room``; no grants if there is no such room."""
    settings = settings_of(tx, room) or NOWHERE
    given = tuple(map(_grant, tx.conn.execute(_GRANTS.where(grants.c.room == room))))
    capped = tuple(map(_cap, tx.conn.execute(_CAPS.where(caps.c.room == room))))
    members = tx.conn.execute(select(memberships.c.person).where(memberships.c.room == room))
    return RoomFacts(settings, given, capped, frozenset(members.scalars()))


def facts_for(tx: Tx, room: str, person: str, groups: Iterable[str] = ()) -> RoomFacts:
    """As `room_facts`, but only what can bear on one person: cost does not grow with the room."""
    subjects = [(kind.value, id) for kind, id in _subjects(person, groups)]
    return RoomFacts(
        settings_of(tx, room) or NOWHERE,
        tuple(map(_grant, _GRANTS_FOR.rows(tx, subjects, room))),
        tuple(map(_cap, _CAPS_OF.rows(tx, room, person))),
        frozenset({person} if _IS_MEMBER.rows(tx, room, person) else ()),
    )


def facts_for_many(
    tx: Tx, rooms: Iterable[str], person: str, groups: Iterable[str] = ()
) -> dict[str, RoomFacts]:
    """`facts_for` every one of ``rooms``, in as many statements as for one."""
    wanted = list(rooms)
    settings = settings_of_many(tx, wanted)
    given: dict[str, list[Grant]] = defaultdict(list)
    capped: dict[str, list[Cap]] = defaultdict(list)
    inside: set[str] = set()
    for some in batches(wanted):
        reach = _GRANTS.add_columns(grants.c.room)
        reach = reach.where(grants.c.room.in_(some), _given_to(person, groups))
        for row in tx.conn.execute(reach):
            given[row.room].append(_grant(row[:-1]))
        own = _CAPS.add_columns(caps.c.room).where(caps.c.room.in_(some), caps.c.person == person)
        for row in tx.conn.execute(own):
            capped[row.room].append(_cap(row[:-1]))
        joined = select(memberships.c.room).where(
            memberships.c.room.in_(some), memberships.c.person == person
        )
        inside.update(tx.conn.execute(joined).scalars())
    return {
        room: RoomFacts(
            settings.get(room, NOWHERE),
            tuple(given[room]),
            tuple(capped[room]),
            frozenset({person} if room in inside else ()),
        )
        for room in wanted
    }


def rooms_within_reach(tx: Tx, person: str, groups: Iterable[str] = ()) -> list[str]:
    """Rooms in which someone has any grant: candidates only, `decide` has the last word."""
    query = select(grants.c.room).where(_given_to(person, groups)).distinct()
    return list(tx.conn.execute(query.order_by(grants.c.room)).scalars())


def spans_of(tx: Tx, room: str, person: str) -> list[Span]:
    """The intervals of a *since joining* log that someone may read, oldest first."""
    query = (
        select(spans.c.from_seq, spans.c.to_seq)
        .where(spans.c.room == room, spans.c.person == person)
        .order_by(spans.c.from_seq)
    )
    return [Span(row.from_seq, row.to_seq) for row in tx.conn.execute(query)]


def all_spans(tx: Tx, room: str) -> dict[str, list[Span]]:
    """Everyone's intervals of a room's log, by person."""
    query = select(spans).where(spans.c.room == room).order_by(spans.c.from_seq)
    found: dict[str, list[Span]] = defaultdict(list)
    for row in tx.conn.execute(query):
        found[row.person].append(Span(row.from_seq, row.to_seq))
    return found


def with_guests(tx: Tx, rooms: Iterable[str]) -> set[str]:
    """Those of ``rooms`` that a guest has a personal grant to read."""
    return {room for (room,) in _WITH_GUESTS.rows(tx, [(room,) for room in sorted(set(rooms))])}


def concerning(tx: Tx, person: str) -> list[str]:
    """Rooms that someone is in, or has a grant of their own in."""
    granted = select(grants.c.room).where(_is_one_of(own_subjects(person)))
    joined = select(memberships.c.room).where(memberships.c.person == person)
    return sorted(tx.conn.execute(granted.union(joined)).scalars())


def owners(tx: Tx, rooms: Iterable[str]) -> dict[str, list[Person]]:
    """The people in use who own each room by a personal grant: whom to ask."""
    found: dict[str, list[Person]] = defaultdict(list)
    for some in batches(rooms):
        query = (
            select(grants.c.room, accounts.c.id, accounts.c.nickname)
            .join(accounts, accounts.c.id == grants.c.subject)
            .where(
                grants.c.room.in_(some),
                grants.c.subject_kind == SubjectKind.PERSON.value,
                grants.c.level == int(Level.OWN),
                accounts.c.state == State.ACTIVE.value,
            )
            .order_by(accounts.c.nickname)
        )
        for row in tx.conn.execute(query):
            found[row.room].append(Person(row.id, row.nickname))
    return found


def _given_to(person: str, groups: Iterable[str]) -> Any:
    return _is_one_of(_subjects(person, groups))


def _subjects(person: str, groups: Iterable[str]) -> list[Subject]:
    """To whom a grant may be given that bears on someone."""
    return [EVERYONE, *own_subjects(person), *(group_subject(group) for group in sorted(groups))]


def _is_one_of(subjects: Sequence[Subject]) -> Any:
    return or_(
        *(
            and_(grants.c.subject_kind == subject.kind.value, grants.c.subject == subject.id)
            for subject in subjects
        )
    )


def _grant(row: Sequence[Any]) -> Grant:
    kind, subject, level, given_by, given_at, why, until = row
    return Grant(Subject(SubjectKind(kind), subject), Level(level), given_by, given_at, why, until)


def _cap(row: Sequence[Any]) -> Cap:
    person, level, given_by, given_at, why, until = row
    return Cap(person, Level(level), given_by, given_at, why, until)


_GIVEN = ("level", "given_by", "given_at", "why", "until")
_GRANTS = select(*(grants.c[name] for name in ("subject_kind", "subject", *_GIVEN)))
_CAPS = select(*(caps.c[name] for name in ("person", *_GIVEN)))
_GRANTS_FOR = PreparedList(
    2,
    lambda keys: _GRANTS.where(
        grants.c.room == bindparam("room"),
        or_(*(and_(grants.c.subject_kind == kind, grants.c.subject == id) for kind, id in keys)),
    ),
    "room",
)
_WITH_GUESTS = PreparedList(
    1,
    lambda rooms: (
        select(grants.c.room)
        .join(accounts, accounts.c.id == grants.c.subject)
        .where(
            grants.c.room.in_([room for (room,) in rooms]),
            grants.c.subject_kind == SubjectKind.PERSON.value,
            grants.c.level >= int(Level.READ),
            accounts.c.role == Role.GUEST.value,
        )
        .distinct()
    ),
)
_CAPS_OF = Prepared(
    _CAPS.where(caps.c.room == bindparam("room"), caps.c.person == bindparam("person")),
    "room",
    "person",
)
_IS_MEMBER = Prepared(
    select(memberships.c.person).where(
        memberships.c.room == bindparam("room"), memberships.c.person == bindparam("person")
    ),
    "room",
    "person",
)
