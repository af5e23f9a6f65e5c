"""What lists of rooms are made from, for many people in as many statements as for one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
)

from core.access import Cap, Grant, History, RoomFacts, Settings, Subject, SubjectKind
from core.levels import Level
from core.log import Kind
from storage.access import NOWHERE
from storage.engine import Tx
from storage.people import batches
from storage.prepared import Keys, PreparedList
from storage.rooms import settings_of_many
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
_CAP = (
    caps.c.room,
    caps.c.person,
    caps.c.level,
    caps.c.given_by,
    caps.c.given_at,
    caps.c.why,
    caps.c.until,
)
_PERSONAL = [kind.value for kind in SubjectKind if kind.is_personal]
_SHARED = [kind.value for kind in SubjectKind if not kind.is_personal]
_SHARED_GRANTS = select(*_GRANT).where(_ROOMS, grants.c.subject_kind.in_(_SHARED))


def _own_grants(members: ColumnElement[bool]) -> Select[Any]:
    given = and_(
        grants.c.room == memberships.c.room,
        or_(*(grants.c.subject_kind == kind for kind in _PERSONAL)),
        grants.c.subject == memberships.c.person,
    )
    return select(*_GRANT).select_from(memberships).join(grants, given).where(members)


def _own_caps(members: ColumnElement[bool]) -> Select[Any]:
    capped = and_(caps.c.room == memberships.c.room, caps.c.person == memberships.c.person)
    return select(*_CAP).select_from(memberships).join(caps, capped).where(members)


def _at(keys: Keys) -> ColumnElement[bool]:
    """One comparison for each place: for a list of pairs SQLite would read the whole table."""
    one = (and_(memberships.c.room == it, memberships.c.person == who) for it, who in keys)
    return or_(false(), *one)


_GRANTS_OF_PEOPLE, _CAPS_OF_PEOPLE = _own_grants(_PEOPLE), _own_caps(_PEOPLE)
_GRANTS_AT = PreparedList(2, lambda keys: _own_grants(_at(keys)))
_CAPS_AT = PreparedList(2, lambda keys: _own_caps(_at(keys)))
_INSIDE = PreparedList(
    2, lambda keys: select(memberships.c.room, memberships.c.person).where(_at(keys))
)


def facts(
    tx: Tx, settings: Mapping[str, Settings], own: Mapping[str, Iterable[OwnRoom]]
) -> dict[str, RoomFacts]:
    """The facts of the rooms of ``settings``, but of their people only those of ``own``: all that
    bears on what these may do in the rooms of their lists."""
    loaded = _Loaded(tx, settings)
    for person, rows in own.items():
        for one in rows:
            loaded.inside[one.room].add(person)
    for some in batches(own):
        loaded.add_grants(tx.conn.execute(_GRANTS_OF_PEOPLE, {"people": some}))
        loaded.add_caps(tx.conn.execute(_CAPS_OF_PEOPLE, {"people": some}))
    return loaded.facts()


def facts_at(tx: Tx, places: Iterable[tuple[str, str]]) -> dict[str, RoomFacts]:
    """By room of ``places``, each a room and a person: all that bears on what these people may do
    in these rooms, if they are members; of others only that they are none."""
    wanted = sorted(set(places))
    rooms = {room for room, _ in wanted}
    loaded = _Loaded(tx, dict.fromkeys(rooms, NOWHERE) | settings_of_many(tx, rooms))
    for room, person in _INSIDE.rows(tx, wanted):
        loaded.inside[room].add(person)
    loaded.add_grants(_GRANTS_AT.rows(tx, wanted))
    loaded.add_caps(_CAPS_AT.rows(tx, wanted))
    return loaded.facts()


class _Loaded:
    """Facts of rooms while they are read."""

    def __init__(self, tx: Tx, settings: Mapping[str, Settings]) -> None:
        self.inside: dict[str, set[str]] = defaultdict(set)
        self._settings = settings
        self._given: dict[str, list[Grant]] = defaultdict(list)
        self._capped: dict[str, list[Cap]] = defaultdict(list)
        for some in batches(settings):
            self.add_grants(tx.conn.execute(_SHARED_GRANTS, {"rooms": some}))

    def add_grants(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self._given[row[0]].append(_grant(*row))

    def add_caps(self, rows: Iterable[Sequence[Any]]) -> None:
        for room, person, level, *more in rows:
            self._capped[room].append(Cap(person, Level(level), *more))

    def facts(self) -> dict[str, RoomFacts]:
        return {
            room: RoomFacts(
                settings,
                tuple(self._given[room]),
                tuple(self._capped[room]),
                frozenset(self.inside[room]),
            )
            for room, settings in self._settings.items()
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
