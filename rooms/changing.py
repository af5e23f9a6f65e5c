"""Changing who may do what in a room: tried out first, then saved as one entry."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from core.access import Delta, Preset, Settings, SubjectKind
from core.errors import ChatError
from core.log import Kind
from core.records import Identity, Person, Role
from rooms.acting import Acting, acting_in
from rooms.actions import ACTIONS
from rooms.changes import Changes
from rooms.effects import Actions, gains_and_losses
from rooms.granting import BAN, Known, delta_of, groups_named, kind_of, named, taken_from
from rooms.ledger import Opened
from rooms.permissions import level_of
from rooms.wishes import Wish
from storage import groups, log, memberships, people, removals
from storage.engine import Tx

MOST_NAMED = 100
"""People named in a preview for each set of actions; all are counted."""


class Effect(Struct, frozen=True):
    """``count`` people gain (or lose) these ``actions``; the first of them by name."""

    actions: list[str]
    people: list[Person]
    count: int


class Preview(Struct, frozen=True):
    """What saving would do, as of the room's access ``version``."""

    version: int
    gains: list[Effect]
    loses: list[Effect]


class Saved(Struct, frozen=True):
    """``levels``: what the people whom the wish named have now, by id."""

    version: int
    levels: dict[str, str]


class Changing:
    """For those who may; what each part of a wish needs is decided under the lock."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def preview(self, who: Identity, room: str, wish: Wish) -> Preview:
        """Exactly who would gain and lose what. Raises as `save`; writes nothing."""

        def work(tx: Tx) -> Preview:
            acting, delta = _ready(tx, who, room, wish)
            wide = delta.is_room_wide
            about = people.everybody(tx) if wide else people.facts(tx, delta.people)
            gains, losses = gains_and_losses(acting.room.facts, delta, about.values())
            known = _may_know(tx, acting)
            return Preview(
                acting.room.head.access_version,
                _effects(tx, gains, known),
                _effects(tx, losses, known),
            )

        return await self._changes.look(work)

    async def save(self, who: Identity, room: str, wish: Wish, version: int | None = None) -> Saved:
        """Make the change; what changes nothing makes no entry.

        Raises `access_changed` if ``version`` is not the room's any more, `person_outranks`,
        `grant_too_high`, `last_owner`, ...
        """

        def work(tx: Tx, touched: list[Opened]) -> Saved:
            acting, delta = _ready(tx, who, room, wish)
            if version not in (None, acting.room.head.access_version):
                raise ChatError("access_changed")
            if delta != Delta() and delta != Delta(settings=Settings()):
                _remember_taken(tx, acting, delta)
                acting.room.write(kind_of(delta), acting.shown, delta)
                touched.append(acting.room)
            return Saved(acting.room.head.access_version, _levels(tx, acting, wish))

        return await self._changes.commit(work)

    async def delete(self, who: Identity, room: str) -> None:
        """The room is gone for everyone, and its texts with it; who could read it stays known."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            acting = acting_in(tx, who, room, "delete")
            acting.room.write(Kind.DELETED, acting.shown, _everything_away(acting.room))
            log.blank(tx, room)
            touched.append(acting.room)

        await self._changes.commit(work)


def _ready(tx: Tx, who: Identity, room: str, wish: Wish) -> tuple[Acting, Delta]:
    acting = acting_in(tx, who, room, "read")
    if acting.room.settings.preset is Preset.DIRECT:
        raise ChatError("access_closed")
    wanted = named(wish)
    known = Known(
        people=people.facts(tx, wanted),
        shown=people.persons(tx, wanted),
        groups=frozenset(groups.named(tx, [subject.id for subject in groups_named(wish)])),
        idle=acting.room.idle_owners(),
    )
    return acting, delta_of(acting, wish, known)


def _everything_away(room: Opened) -> Delta:
    facts = room.facts
    return Delta(
        settings=Settings(archived=True, deleted=True),
        revoked=tuple(facts.grants),
        uncapped=tuple((who, level) for who, caps in facts.caps.items() for level in caps),
        left=tuple(sorted(facts.members)),
    )


def _remember_taken(tx: Tx, acting: Acting, delta: Delta) -> None:
    """Before it is written: a link made earlier gives nobody back what others take from them."""
    banned = {cap.person for cap in delta.caps if cap.level is BAN}
    taken = taken_from(acting.room.facts, delta) - {acting.person.id}
    for person in sorted(banned | taken):
        removals.note(tx, acting.room.head.room, person, acting.room.at)


def _levels(tx: Tx, acting: Acting, wish: Wish) -> dict[str, str]:
    about = people.facts(tx, named(wish))
    return {person: level_of(acting.room.facts_for(facts)).name for person, facts in about.items()}


def _may_know(tx: Tx, acting: Acting) -> frozenset[str] | None:
    """Whom a preview may name: a guest knows only those in a common room; None: everyone."""
    if acting.person.role is not Role.GUEST:
        return None
    granted = {s.id for s in acting.room.facts.grants if s.kind is SubjectKind.PERSON}
    return frozenset(memberships.sharing_a_room(tx, acting.person.id)) | granted


def _effects(
    tx: Tx, by_actions: Mapping[Actions, list[str]], known: frozenset[str] | None
) -> list[Effect]:
    found = []
    for actions, ids in by_actions.items():
        shown = people.persons(tx, ids if known is None else known.intersection(ids))
        by_name = sorted(shown.values(), key=lambda person: (person.nickname.casefold(), person.id))
        in_order = [action for action in ACTIONS if action in actions]
        found.append(Effect(in_order, by_name[:MOST_NAMED], len(ids)))
    return sorted(found, key=lambda effect: -effect.count)
