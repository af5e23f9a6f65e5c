"""Every change of access on this server, for admins: what changed, never what was said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from msgspec import Struct

from core.access import Cap, Delta, Grant, PersonFacts, Settings, Subject, SubjectKind
from core.levels import Level
from core.records import Identity, State
from rooms.acting import admin
from rooms.finding import people_called, rooms_called
from storage import access_log, groups, people
from storage.access_log import Found, Mark, Wanted
from storage.engine import Database, Tx

T = TypeVar("T")


class Part(Struct, frozen=True):
    """One thing that a row changes. ``verb`` is a word of `VERBS`; the rest is what it is about."""

    verb: str
    who: str = ""
    level: Level | None = None
    until: int | None = None
    value: str = ""


VERBS = (
    "granted", "revoked", "capped", "uncapped", "joined", "left", "name", "topic", "history",
    "archived", "unarchived", "raised", "slow", "open_from", "deleted", "role", "state", "groups",
)  # fmt: skip


class Row(Struct, frozen=True):
    """One entry, or a line of the journal (then without a room). ``seq``: the entry's."""

    mark: Mark
    room_name: str
    kind: str
    by: str
    people: list[str]
    group: str
    parts: list[Part]
    why: str

    @property
    def is_entry(self) -> bool:
        return self.mark.room != ""


class Sought(Struct, frozen=True):
    """What an admin typed. ``kind``: of entries; of the journal with ``journal``."""

    room: str = ""
    person: str = ""
    kind: str = ""
    journal: bool = False
    since: int | None = None
    until: int | None = None


class Page(Struct, frozen=True):
    """Rows, newest first. ``more``: where the next page goes on, None at the end."""

    rows: list[Row]
    more: Mark | None


class AccessLog:
    """Pages of the whole log, each from one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        who: Identity,
        sought: Sought,
        after: Mark | None,
        limit: int,
        form: Callable[[Page], T],
    ) -> T:
        """``form`` makes of a page what is wanted, in the database's thread: it may be slow."""

        def work(tx: Tx) -> T:
            admin(tx, who)
            return form(page_of(tx, sought, after, limit))

        return await self._database.read(work)


def page_of(tx: Tx, sought: Sought, after: Mark | None, limit: int) -> Page:
    wanted = _wanted(tx, sought)
    if wanted is None:
        return Page([], None)
    found = access_log.page(tx, wanted, after, limit + 1)
    shown = found[:limit]
    return Page(_rows(tx, shown), shown[-1].mark if len(found) > limit else None)


def _wanted(tx: Tx, sought: Sought) -> Wanted | None:
    """None if nobody, or no room, is called that."""
    rooms = rooms_called(tx, sought.room) if sought.room else None
    meant = people_called(tx, sought.person) if sought.person else None
    if rooms == [] or meant == []:
        return None
    return Wanted(
        rooms=rooms,
        people=meant,
        kind=sought.kind or None,
        journal=sought.journal,
        since=sought.since,
        until=sought.until,
    )


# --- what a row says -----------------------------------------------------------------------------


def _rows(tx: Tx, found: Iterable[Found]) -> list[Row]:
    all_found = list(found)
    ids = {id for one in all_found for id in _people_in(one)}
    shown = {id: person.nickname for id, person in people.persons(tx, ids).items()}
    named = groups.named(tx, {id for one in all_found for id in _groups_in(one)})
    return [_row(one, shown, named) for one in all_found]


def _people_in(found: Found) -> set[str]:
    ids = set(found.delta.people) if found.delta else set()
    person = found.change.person if found.change else None
    return ids | {id for id in (found.by, person) if id}


def _groups_in(found: Found) -> set[str]:
    delta, change = found.delta or Delta(), found.change
    subjects = [*(grant.subject for grant in delta.grants), *delta.revoked]
    ids = {subject.id for subject in subjects if subject.kind is SubjectKind.GROUP}
    for facts in _facts_in(found):
        ids |= facts.groups
    return ids | ({change.group} if change and change.group else set())


def _facts_in(found: Found) -> list[PersonFacts]:
    own = found.change.facts if found.change else None
    return [*(found.delta.accounts if found.delta else ()), *([own] if own else [])]


def _row(found: Found, shown: dict[str, str], named: dict[str, str]) -> Row:
    change, delta = found.change, found.delta or Delta()
    concerned = sorted(delta.people) if found.delta else [change.person] if change else []
    given = [*(grant.why for grant in delta.grants), *(cap.why for cap in delta.caps)]
    why = [change.why] if change else given
    group = (change.group if change else None) or ""
    return Row(
        mark=found.mark,
        room_name=found.room_name,
        kind=found.kind,
        by=shown.get(found.by or "", found.by or ""),
        people=[shown.get(id, id) for id in concerned if id],
        group=named.get(group, group),
        parts=[*_parts(delta, shown, named), *_accounts(found, shown, named)],
        why="; ".join(dict.fromkeys(text for text in why if text)),
    )


def _parts(delta: Delta, shown: dict[str, str], named: dict[str, str]) -> Iterator[Part]:
    def who(subject: Subject) -> str:
        names = named if subject.kind is SubjectKind.GROUP else shown
        return names.get(subject.id, subject.id)

    for subject in delta.revoked:
        yield Part("revoked", who(subject), value=subject.kind.value)
    for person, level in delta.uncapped:
        yield Part("uncapped", shown.get(person, person), level)
    for grant in delta.grants:
        yield _given("granted", who(grant.subject), grant)
    for cap in delta.caps:
        yield _given("capped", who(cap.subject), cap)
    yield from (Part("joined", shown.get(person, person)) for person in delta.joined)
    yield from (Part("left", shown.get(person, person)) for person in delta.left)
    yield from _settings(delta.settings or Settings())


def _given(verb: str, who: str, given: Grant | Cap) -> Part:
    return Part(verb, who, given.level, given.until, given.subject.kind.value)


def _settings(changes: Settings) -> Iterator[Part]:
    """A topic is text that people wrote: it is not shown. Nor is what every new room is."""
    told = {
        "name": changes.name,
        "topic": None if changes.topic in (None, "") else "",
        "history": changes.history and changes.history.value,
        "slow": None if changes.slow is None else str(changes.slow),
        "open_from": None if changes.open_from is None else str(changes.open_from),
        "deleted": "" if changes.deleted else None,
    }
    yield from (Part(verb, value=value) for verb, value in told.items() if value is not None)
    if changes.archived is not None and changes.preset is None:
        yield Part("archived" if changes.archived else "unarchived")
    for action, level in sorted((changes.raised or {}).items()):
        yield Part("raised", value=action, level=level)


def _accounts(found: Found, shown: dict[str, str], named: dict[str, str]) -> Iterator[Part]:
    """What someone is after it."""
    for facts in _facts_in(found):
        who = shown.get(facts.id, facts.id)
        yield Part("role", who, value=facts.role.value)
        if facts.state is not State.ACTIVE:
            yield Part("state", who, value=facts.state.value)
        if facts.groups:
            inside = sorted(named.get(group, group) for group in facts.groups)
            yield Part("groups", who, value=", ".join(inside))
