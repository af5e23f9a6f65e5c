"""Groups of people: who is in one has what rooms give to it."""

from __future__ import annotations

from unicodedata import normalize

from msgspec import Struct
from msgspec.structs import replace

from auth import labels
from core.access import Delta, Facts, PersonFacts, glass_subject, group_subject
from core.errors import ChatError
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from core.records import Identity, Person, State
from rooms.acting import admin, shown
from rooms.changes import Changes
from rooms.ledger import Opened, open_rooms
from rooms.lines import one_line
from rooms.permissions import decide
from rooms.standing import put_in_group, take_out_of_group
from storage import access, default_grants, groups, journal, people, rooms
from storage.engine import Database, Tx
from storage.groups import Group, Member
from storage.journal import Change

NAME_LENGTH = 80
ABOUT_LENGTH = 250
_KEY_LENGTH = 100


class GroupSize(Struct, frozen=True):
    """A group as it is listed."""

    group: Group
    people: int
    rooms: int


class NamingRoom(Struct, frozen=True):
    """A room whose access list names a group. ``name`` is all that admins are told of it here."""

    id: str
    name: str
    level: Level


class WholeGroup(Struct, frozen=True):
    """A group, who is in it, and where it counts."""

    group: Group
    members: list[Member]
    rooms: list[NamingRoom]
    added_by: dict[str, Person]


class Groups:
    """Admins make groups and say who is in them. Each change is an entry of every room concerned,
    in the same transaction."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def every(self, who: Identity) -> list[GroupSize]:
        """By name."""

        def work(tx: Tx) -> list[GroupSize]:
            admin(tx, who)
            sizes = groups.sizes(tx)
            return [
                GroupSize(group, sizes.get(group.id, 0), len(groups.rooms_naming(tx, group.id)))
                for group in groups.every(tx)
            ]

        return await self._database.read(work)

    async def one(self, who: Identity, group: str) -> WholeGroup:
        def work(tx: Tx) -> WholeGroup:
            admin(tx, who)
            found, members = _get(tx, group), groups.members(tx, group)
            adders = people.persons(tx, (it.added_by for it in members if it.added_by))
            return WholeGroup(found, members, _naming(tx, group), adders)

        return await self._database.read(work)

    # --- what groups there are -------------------------------------------------------------------

    async def make(self, who: Identity, name: str, about: str = "") -> str:
        """Returns its id. Raises `group_name_taken` for a name that another has."""
        name, about = clean_name(name), _clean_about(about)

        def work(tx: Tx, touched: list[Opened]) -> str:
            by = admin(tx, who).id
            _check_free(tx, name, "")
            made = Group(new_id(), name, name_key(name), about, by, tx.now())
            groups.add(tx, made)
            journal.note(tx, Change("group_made", by, group=made.id, why=name))
            return made.id

        return await self._changes.commit(work)

    async def change(self, who: Identity, group: str, name: str, about: str) -> None:
        """Its name and what it is for: nobody's rights."""
        name, about = clean_name(name), _clean_about(about)

        def work(tx: Tx, touched: list[Opened]) -> None:
            by = admin(tx, who).id
            _get(tx, group)
            _check_free(tx, name, group)
            groups.change(tx, group, name, name_key(name), about)
            journal.note(tx, Change("group_changed", by, group=group, why=name))

        await self._changes.commit(work)

    async def delete(self, who: Identity, group: str) -> None:
        """What rooms gave to it is taken back; an owner is a person, so no room loses its last."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            by = admin(tx, who).id
            found, subject = _get(tx, group), group_subject(group)
            for room in open_rooms(tx, groups.rooms_naming(tx, group)).values():
                room.write(Kind.ACCESS, shown(who), Delta(revoked=(subject,)))
                touched.append(room)
            default_grants.take(tx, subject)
            inside = [member.person for member in groups.members(tx, group)]
            groups.remove(tx, group)
            seqs = {room.head.room: room.head.seq for room in touched}
            journal.note(tx, Change("group_deleted", by, group=group, why=found.name), seqs)
            for person, facts in people.facts(tx, inside).items():
                journal.note(tx, Change("left", by, person, group, facts))

        await self._changes.commit(work)

    # --- who is in them --------------------------------------------------------------------------

    async def add(
        self, who: Identity, group: str, nickname: str, until: int | None = None
    ) -> Person:
        """Until ``until`` (ms), or for good; who is in it already gets another end.

        Raises `group_gives_room` if an admin would give themself a room to read.
        """

        def work(tx: Tx, touched: list[Opened]) -> Person:
            me = admin(tx, who)
            _get(tx, group)
            if until is not None and until <= tx.now():
                raise ChatError("until_past")
            person = _find(tx, nickname)
            if person.id == me.id:
                _check_gives_no_room(tx, person, group)
            touched.extend(put_in_group(tx, person, group, shown(who), until))
            return people.person(tx, person.id)

        return await self._changes.commit(work)

    async def take_out(self, who: Identity, group: str, person: str) -> None:
        """Raises `person_not_found` if they are not in it."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            admin(tx, who)
            _get(tx, group)
            facts = people.facts_of(tx, person)
            if facts is None or group not in facts.groups:
                raise ChatError("person_not_found")
            touched.extend(take_out_of_group(tx, facts, group, shown(who)))

        await self._changes.commit(work)


def clean_name(text: str) -> str:
    """A group's name as it is kept."""
    name = one_line(text, 1, NAME_LENGTH, "group_name_bad")
    if len(name_key(name)) > _KEY_LENGTH:
        raise ChatError("group_name_bad")
    return name


def name_key(name: str) -> str:
    """By what names are compared: neither case nor width tells two groups apart."""
    return normalize("NFKC", normalize("NFKC", " ".join(name.split())).casefold())


def _clean_about(text: str) -> str:
    return one_line(text, 0, ABOUT_LENGTH, "group_about_bad")


def _get(tx: Tx, group: str) -> Group:
    found = groups.get(tx, group)
    if found is None:
        raise ChatError("group_not_found")
    return found


def _check_free(tx: Tx, name: str, group: str) -> None:
    """Whether no group but ``group`` has this name."""
    found = groups.by_key(tx, name_key(name))
    if found is not None and found.id != group:
        raise ChatError("group_name_taken")


def _find(tx: Tx, nickname: str) -> PersonFacts:
    found = labels.by_nickname(tx, nickname)
    facts = people.facts_of(tx, found) if found else None
    if facts is None or facts.state is State.PENDING:
        raise ChatError("person_not_found")
    return facts


def _check_gives_no_room(tx: Tx, person: PersonFacts, group: str) -> None:
    """Decided with the rooms locked: what they could read without the group, and with it. What
    they read through broken glass, they would then read for good. New rooms count too."""
    if default_grants.level_of(tx, group) >= Level.READ:
        raise ChatError("group_gives_room")
    without = replace(person, groups=person.groups - {group})
    within = replace(person, groups=person.groups | {group})
    for room in open_rooms(tx, groups.rooms_naming(tx, group)).values():
        if _reads(within, room) and not _reads(without, room):
            raise ChatError("group_gives_room")


def _reads(person: PersonFacts, room: Opened) -> bool:
    lasting = room.facts.copy()
    lasting.grants.pop(glass_subject(person.id), None)
    return decide("read", Facts(person, lasting)).allowed


def _naming(tx: Tx, group: str) -> list[NamingRoom]:
    named = groups.rooms_naming(tx, group)
    subject = group_subject(group)
    facts = {room: access.facts_for(tx, room, "", [group]) for room in named}
    settings = rooms.settings_of_many(tx, named)
    found = [
        NamingRoom(room, settings[room].name or "", facts[room].grants[subject].level)
        for room in named
    ]
    return sorted(found, key=lambda room: (room.name.casefold(), room.id))
