"""Turns a wish into the delta of one entry, if whoever wishes may have it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from core.access import (
    Cap,
    Delta,
    Grant,
    History,
    PersonFacts,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
)
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Person, State
from rooms.acting import Acting, check
from rooms.actions import ACTIONS
from rooms.authority import check_may_give, check_outlasts_no_glass, check_outranks
from rooms.lines import WHY_LENGTH, one_line
from rooms.ownership import keep_an_owner
from rooms.wishes import CapWish, GrantWish, SettingsWish, Wish

SLOWEST = 6 * 3_600
LAST_DAY = 253_402_214_400_000
"""When the year 9999 has one day left (ms)."""
MUTE, BAN = Level.READ, Level.HIDDEN
RAISABLE = frozenset(
    action.name for action in ACTIONS.values() if Level.POST <= action.default < Level.OWN
)


class Known(Struct, frozen=True):
    """What is to be known of those whom a wish names: people by id, and groups that exist."""

    people: Mapping[str, PersonFacts]
    shown: Mapping[str, Person]
    groups: frozenset[str]
    idle: frozenset[str] = frozenset()
    """Owners of the room whose accounts are not in use."""


def delta_of(acting: Acting, wish: Wish, known: Known) -> Delta:
    """All that ``wish`` changes. Raises `ChatError` unless ``acting`` may have all of it."""
    facts = acting.room.facts
    delta = Delta()
    for grant in wish.grants:
        delta = _with_grant(delta, acting, grant, known)
    for cap in wish.caps:
        delta = _with_cap(delta, acting, cap, known)
    if wish.settings is not None:
        delta = replace(delta, settings=_settings(acting, wish.settings))
    check_outlasts_no_glass(acting.person, facts, delta)
    keep_an_owner(facts, delta, known.idle)
    return delta


def kind_of(delta: Delta) -> Kind:
    """What an entry that carries ``delta`` is called."""
    settings = delta.settings
    if delta.grants or delta.revoked or len(delta.caps) + len(delta.uncapped) > 1:
        return Kind.ACCESS
    if delta.caps:
        return Kind.BANNED if delta.caps[0].level is BAN else Kind.MUTED
    if delta.uncapped:
        return Kind.UNBANNED if delta.uncapped[0][1] == BAN else Kind.UNMUTED
    if settings is not None and settings.archived is not None:
        return Kind.ARCHIVED if settings.archived else Kind.UNARCHIVED
    return Kind.SETTINGS


# --- grants --------------------------------------------------------------------------------------


def _with_grant(delta: Delta, acting: Acting, wish: GrantWish, known: Known) -> Delta:
    present = acting.room.facts.grants.get(wish.subject)
    _check_subject(acting, wish, present, known)
    if wish.level is None:
        gone = () if present is None else (wish.subject,)
        return replace(delta, revoked=delta.revoked + gone)
    _check_end(acting, wish.until)
    if wish.level is Level.OWN and wish.until is not None:
        raise ChatError("owner_for_good")
    why = _reason(wish.why)
    new = Grant(wish.subject, wish.level, acting.person.id, acting.room.at, why, wish.until)
    if present is not None and _same(present, new):
        return delta
    return replace(delta, grants=(*delta.grants, new))


def _check_subject(acting: Acting, wish: GrantWish, present: Grant | None, known: Known) -> None:
    """That ``acting`` may change what this subject has."""
    kind, id = wish.subject
    if kind in (SubjectKind.EVERYONE, SubjectKind.GROUP):
        check("open", acting.facts)
        if kind is SubjectKind.GROUP and id not in known.groups:
            raise ChatError("group_not_found")
        if wish.level is not None:
            check_may_give(acting.person, acting.room.facts, wish.level)
    elif kind is SubjectKind.PERSON:
        _check_person(acting, wish, present, known)
    else:
        raise ChatError("not_allowed")


def _check_person(acting: Acting, wish: GrantWish, present: Grant | None, known: Known) -> None:
    person = wish.subject.id
    target = _target(person, known)
    higher = max(wish.level or Level.HIDDEN, present.level if present else Level.HIDDEN)
    steps_down = person == acting.person.id and not _gives(wish, present)
    for action in () if steps_down else _needed(wish, present, higher):
        check(action, acting.facts)
    check_outranks(acting.person, acting.room.facts, target, known.shown[person])
    if wish.level is not None and not steps_down:
        check_may_give(acting.person, acting.room.facts, wish.level)


def _needed(wish: GrantWish, present: Grant | None, higher: Level) -> Iterator[str]:
    if higher >= Level.MODERATE:
        yield "appoint"
        return
    if _gives(wish, present):
        yield "invite"
    if present is not None and _takes(present, wish.level, wish.until):
        yield "remove"


def _gives(wish: GrantWish, present: Grant | None) -> bool:
    """Whether it leaves anything but less than there was, and no longer."""
    if wish.level is None:
        return False
    return present is None or wish.level >= present.level or _ends_before(present.until, wish.until)


def _takes(present: Grant, level: Level | None, until: int | None) -> bool:
    return level is None or level < present.level or _ends_before(until, present.until)


def _ends_before(one: int | None, other: int | None) -> bool:
    return one is not None and (other is None or one < other)


def taken_from(facts: RoomFacts, delta: Delta) -> frozenset[str]:
    """Those of whose own grants ``delta`` leaves less, or nothing."""
    new = {grant.subject: grant for grant in delta.grants}
    changed = facts.grants.keys() & {*new, *delta.revoked}
    return frozenset(
        subject.id
        for subject in changed
        if subject.kind is SubjectKind.PERSON
        and (subject not in new or _takes(facts.grants[subject], *_terms(new[subject])))
    )


def _terms(grant: Grant) -> tuple[Level, int | None]:
    return grant.level, grant.until


def _same(one: Grant, other: Grant) -> bool:
    return (one.level, one.until, one.why) == (other.level, other.until, other.why)


# --- caps ----------------------------------------------------------------------------------------


def _with_cap(delta: Delta, acting: Acting, wish: CapWish, known: Known) -> Delta:
    check("ban" if wish.level is BAN else "mute", acting.facts)
    target = _target(wish.person, known)
    if target.id == acting.person.id or wish.level not in (MUTE, BAN):
        raise ChatError("not_allowed")
    check_outranks(acting.person, acting.room.facts, target, known.shown[target.id])
    present = acting.room.facts.caps.get(target.id, {}).get(wish.level)
    if wish.lift:
        gone = () if present is None else ((target.id, wish.level),)
        return replace(delta, uncapped=delta.uncapped + gone)
    _check_end(acting, wish.until)
    at, why = acting.room.at, _reason(wish.why)
    new = Cap(target.id, wish.level, acting.person.id, at, why, wish.until)
    inside = wish.level is BAN and target.id in acting.room.facts.members
    left = (*delta.left, target.id) if inside else delta.left
    return replace(delta, caps=(*delta.caps, new), left=left)


# --- settings ------------------------------------------------------------------------------------


def _settings(acting: Acting, wish: SettingsWish) -> Settings:
    now = acting.room.facts
    if wish.archived is not None:
        check("archive", acting.facts)
    others = (wish.raised, wish.slow, wish.history)
    if wish.reveal or any(value is not None for value in others):
        check("settings", acting.facts)
    if wish.slow is not None and not 0 <= wish.slow <= SLOWEST:
        raise ChatError("slow_bad")
    raised = _raised(wish.raised) if wish.raised is not None else None
    return Settings(
        raised=raised if raised != now.raised else None,
        slow=wish.slow if wish.slow != now.slow else None,
        archived=wish.archived if wish.archived != now.archived else None,
        history=wish.history if wish.history is not now.history else None,
        open_from=_open_from(now, wish, acting.room.head.seq + 1),
    )


def _open_from(now: RoomFacts, wish: SettingsWish, seq: int) -> int | None:
    """From where on everyone reads: what counted from joining stays closed, unless revealed."""
    if (wish.history or now.history) is not History.ALL:
        return None
    if wish.reveal:
        return 0 if now.open_from or now.history is History.JOINED else None
    return seq if now.history is History.JOINED else None


def _raised(wanted: Mapping[str, Level]) -> dict[str, Level]:
    """Only what is above the catalogue's default. Raises `bad_request`."""
    for action, level in wanted.items():
        if action not in RAISABLE or level < ACTIONS[action].floor:
            raise ChatError("bad_request")
    return {
        action: level for action, level in sorted(wanted.items()) if level > ACTIONS[action].default
    }


# --- what all share ------------------------------------------------------------------------------


def _target(person: str, known: Known) -> PersonFacts:
    found = known.people.get(person)
    if found is None or found.state is State.PENDING:
        raise ChatError("person_not_found")
    return found


def _check_end(acting: Acting, until: int | None) -> None:
    """Later than calendars go, no page that tells of it could be shown."""
    if until is not None and until <= acting.room.at:
        raise ChatError("until_past")
    if until is not None and until > LAST_DAY:
        raise ChatError("bad_request")


def _reason(why: str) -> str:
    return one_line(why, 0, WHY_LENGTH, "why_long")


def named(wish: Wish) -> frozenset[str]:
    """The people whom a wish names."""
    granted = {g.subject.id for g in wish.grants if g.subject.kind is SubjectKind.PERSON}
    return frozenset(granted | {cap.person for cap in wish.caps})


def groups_named(wish: Wish) -> list[Subject]:
    return [g.subject for g in wish.grants if g.subject.kind is SubjectKind.GROUP]
