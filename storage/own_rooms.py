"""What lists of rooms are made from, for many people in as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec import Struct
from sqlalchemy import and_, bindparam, exists, func, or_, select

from core.access import Cap, Grant, History, RoomFacts, Settings, Subject, SubjectKind
from core.levels import Level
from core.log import Kind
from storage.engine import Tx
from storage.people import batches
from storage.schema import caps, entries, grants, heads, memberships, spans
from storage.schema import rooms as room_rows

UNREAD_LIMIT = 100


class OwnRoom(Struct, frozen=True):
    """One room in someone's list, and where its log and their reading stand.

    ``unread``: others' posts after their mark, of those that they may read; counting stops at
    `UNREAD_LIMIT`.
    """

    person: str
    room: str
    read_seq: int
    seq: int
    tag: str
    last_at: int
    unread: int


_PEOPLE = memberships.c.person.in_(bindparam("people", expanding=True))
_ROOMS = grants.c.room.in_(bindparam("rooms", expanding=True))

_IN_A_SPAN = (
    exists()
    .where(
        spans.c.room == entries.c.room,
        spans.c.person == memberships.c.person,
        spans.c.from_seq <= entries.c.seq,
        or_(spans.c.to_seq.is_(None), spans.c.to_seq >= entries.c.seq),
    )
    .correlate(entries, memberships)
)
"""What `storage.log.within` says of someone's spans."""

_UNREAD = (
    select(entries.c.seq)
    .where(
        entries.c.room == memberships.c.room,
        entries.c.seq > memberships.c.read_seq,
        entries.c.kind == Kind.POST.value,
        entries.c.author != memberships.c.person,
        or_(
            and_(room_rows.c.history == History.ALL.value, room_rows.c.open_from <= entries.c.seq),
            _IN_A_SPAN,
        ),
    )
    .limit(UNREAD_LIMIT)
    .correlate(memberships, room_rows)
    .subquery()
)

_OWN = (
    select(
        memberships.c.person,
        memberships.c.room,
        memberships.c.read_seq,
        heads.c.seq,
        heads.c.tag,
        heads.c.last_at,
        select(func.count()).select_from(_UNREAD).scalar_subquery(),
    )
    .join(heads, heads.c.room == memberships.c.room)
    .join(room_rows, room_rows.c.id == memberships.c.room)
    .where(_PEOPLE)
    .order_by(memberships.c.person, memberships.c.joined_at, memberships.c.room)
)


def of_people(tx: Tx, people: Iterable[str]) -> dict[str, list[OwnRoom]]:
    """By person, in the order of joining; who is in no room is left out."""
    found: dict[str, list[OwnRoom]] = defaultdict(list)
    for some in batches(people):
        for row in tx.conn.execute(_OWN, {"people": some}):
            found[row[0]].append(OwnRoom(*row))
    return found


_GRANT = (
    grants.c.room,
    grants.c.subject_kind,
    grants.c.subject,
    grants.c.level,
    grants.c.given_by,
    grants.c.given_at,
    grants.c.why,
    grants.c.until,
)
_PERSONAL = [kind.value for kind in SubjectKind if kind.is_personal]
_SHARED = [kind.value for kind in SubjectKind if not kind.is_personal]

_SHARED_GRANTS = select(*_GRANT).where(_ROOMS, grants.c.subject_kind.in_(_SHARED))
_OWN_GRANTS = (
    select(*_GRANT)
    .select_from(memberships)
    .join(
        grants,
        and_(
            grants.c.room == memberships.c.room,
            grants.c.subject_kind.in_(_PERSONAL),
            grants.c.subject == memberships.c.person,
        ),
    )
    .where(_PEOPLE)
)
_OWN_CAPS = (
    select(
        caps.c.room,
        caps.c.person,
        caps.c.level,
        caps.c.given_by,
        caps.c.given_at,
        caps.c.why,
        caps.c.until,
    )
    .select_from(memberships)
    .join(caps, and_(caps.c.room == memberships.c.room, caps.c.person == memberships.c.person))
    .where(_PEOPLE)
)


def facts(
    tx: Tx, settings: Mapping[str, Settings], own: Mapping[str, Iterable[OwnRoom]]
) -> dict[str, RoomFacts]:
    """The facts of the rooms of ``settings``, but of their people only those of ``own``: all that
    bears on what these may do in the rooms of their lists."""
    given: dict[str, list[Grant]] = defaultdict(list)
    capped: dict[str, list[Cap]] = defaultdict(list)
    inside: dict[str, set[str]] = defaultdict(set)
    for some in batches(settings):
        for row in tx.conn.execute(_SHARED_GRANTS, {"rooms": some}):
            given[row[0]].append(_grant(*row))
    for some in batches(own):
        for row in tx.conn.execute(_OWN_GRANTS, {"people": some}):
            given[row[0]].append(_grant(*row))
        for room, person, level, *more in tx.conn.execute(_OWN_CAPS, {"people": some}):
            capped[room].append(Cap(person, Level(level), *more))
    for person, rows in own.items():
        for one in rows:
            inside[one.room].add(person)
    return {
        room: RoomFacts(rules, tuple(given[room]), tuple(capped[room]), frozenset(inside[room]))
        for room, rules in settings.items()
    }


def _grant(
    _room: str,
    kind: str,
    subject: str,
    level: int,
    by: str | None,
    at: int,
    why: str,
    until: int | None,
) -> Grant:
    return Grant(Subject(SubjectKind(kind), subject), Level(level), by, at, why, until)
