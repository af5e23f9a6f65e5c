"""People × actions: what everyone may do in a room, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from core.access import EVERYONE, Cap, Facts, Grant, PersonFacts, RoomFacts
from core.levels import Level
from core.records import Identity, Person, Role
from rooms.acting import looking_in
from rooms.actions import ACTIONS, check_is_action
from rooms.alike import Alike
from rooms.effects import allowed
from rooms.granting import RAISABLE
from rooms.permissions import Decision, decide, level_of, required
from rooms.reasons import Names
from storage import access, groups, log, people
from storage.engine import Database, Tx

LARGEST_PAGE = 100


class Given(Struct, frozen=True):
    """One grant or cap, for those who may see reasons. ``group``: its name, for a group's grant."""

    kind: str
    level: str
    person: Person | None
    group: str | None
    by: Person | None
    at: int
    until: int | None
    why: str
    subject: str
    """The id of the person or group; empty for everyone."""


class Row(Struct, frozen=True):
    """Someone, what they may do, and what makes it so: the highest grants and the lowest caps."""

    person: Person
    role: str
    level: str
    member: bool
    actions: list[str]
    because: list[Given]


class Table(Struct, frozen=True):
    """Rows of one page, and how many there are in all.

    ``needs``: the level from which on this room allows each action.
    """

    rows: list[Row]
    total: int
    needs: dict[str, str]


class Group(Struct, frozen=True):
    """A group that can be let in."""

    id: str
    name: str


class AccessList(Struct, frozen=True):
    """All grants, caps and settings of a room, as of its access ``version``.

    ``raisable``: the actions that it may allow from a higher level on; ``groups``: those that an
    owner can let in.
    """

    version: int
    grants: list[Given]
    caps: list[Given]
    needs: dict[str, str]
    raisable: list[str]
    slow: int
    history: str
    open_from: int
    archived: bool
    groups: list[Group]


class RightsTable:
    """For those who may see everyone's rights (`rights`); one snapshot each."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def access(self, who: Identity, room: str) -> AccessList:
        def work(tx: Tx) -> AccessList:
            reader, facts = _looking(tx, who, room)
            head = log.head_of(tx, room)
            assert head is not None
            owns = decide("open", Facts(reader, facts)).allowed
            every = groups.every(tx) if owns else []
            names = Names(tx, [*facts.grants.values(), *facts.all_caps])
            return AccessList(
                version=head.access_version,
                grants=[_given(grant, names) for grant in facts.grants.values()],
                caps=[_given(cap, names) for cap in facts.all_caps],
                needs=_needs(facts),
                raisable=sorted(RAISABLE),
                slow=facts.slow,
                history=facts.history.value,
                open_from=facts.open_from,
                archived=facts.archived,
                groups=[Group(group.id, group.name) for group in every],
            )

        return await self._database.read(work)

    async def page(
        self, who: Identity, room: str, name: str = "", action: str | None = None, offset: int = 0
    ) -> Table:
        """Whoever may see the room or is named there, by nickname; those whose nickname holds
        ``name`` and who may do ``action``, from the ``offset``-th on. Raises `bad_request`."""
        if action is not None:
            check_is_action(action)

        def work(tx: Tx) -> Table:
            reader, facts = _looking(tx, who, room)
            wide = facts.grants.get(EVERYONE)
            found = _those_concerned(tx, reader, facts, wide_level=wide.level if wide else None)
            if action is not None:
                may = Alike(facts, lambda mine: decide(action, mine).allowed)
                found = {id: about for id, about in found.items() if may(about)}
            shown = _matching(people.persons(tx, found), name)
            page = shown[offset : offset + LARGEST_PAGE]
            return Table(_rows(tx, page, found, facts), len(shown), _needs(facts))

        return await self._database.read(work)


def _looking(tx: Tx, who: Identity, room: str) -> tuple[PersonFacts, RoomFacts]:
    return looking_in(tx, who, room, "rights").person, access.room_facts(tx, room)


def _those_concerned(
    tx: Tx, reader: PersonFacts, facts: RoomFacts, wide_level: Level | None
) -> dict[str, PersonFacts]:
    """Everyone at SEE or above, or with a cap or a grant of their own. Guests see who is inside."""
    named = facts.people_granted | facts.caps.keys() | facts.members
    everybody = wide_level is not None and reader.role is not Role.GUEST
    inside = {id for group in facts.groups_granted for id in groups.people_in(tx, group)}
    about = people.everybody(tx) if everybody else people.facts(tx, named | inside)
    level = Alike(facts, level_of)
    return {id: it for id, it in about.items() if id in named or level(it) >= Level.SEE}


def _matching(shown: dict[str, Person], name: str) -> list[Person]:
    wanted = name.strip().casefold()
    found = [person for person in shown.values() if wanted in person.nickname.casefold()]
    return sorted(found, key=lambda person: (person.nickname.casefold(), person.id))


def _rows(
    tx: Tx, page: Sequence[Person], about: Mapping[str, PersonFacts], room: RoomFacts
) -> list[Row]:
    decided = {it.id: decide("see", Facts(about[it.id], room)) for it in page}
    names = Names(tx, [reason for it in decided.values() for reason in it.because])
    return [_row(it, decided[it.id], Facts(about[it.id], room), names) for it in page]


def _row(shown: Person, decision: Decision, facts: Facts, names: Names) -> Row:
    can = allowed(facts)
    return Row(
        person=shown,
        role=facts.person.role.value,
        level=decision.level.name,
        member=shown.id in facts.room.members,
        actions=[name for name in ACTIONS if name in can],
        because=[_given(reason, names) for reason in decision.because],
    )


def _needs(facts: RoomFacts) -> dict[str, str]:
    return {action: required(action, facts).name for action in ACTIONS}


def _given(item: Grant | Cap, names: Names) -> Given:
    return Given(
        kind="cap" if isinstance(item, Cap) else item.subject.kind.value,
        level=item.level.name,
        person=names.who(item.subject.id),
        group=names.group(item.subject.id),
        by=names.who(item.by),
        at=item.at,
        until=item.until,
        why=item.why,
        subject=item.subject.id,
    )
