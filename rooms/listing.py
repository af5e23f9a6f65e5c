"""What someone sees of rooms: their own list, and the directory."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from msgspec import Struct

from core.access import (
    EVERYONE,
    Facts,
    PersonFacts,
    Preset,
    RoomFacts,
    Settings,
    own_subjects,
)
from core.errors import ChatError
from core.levels import Level
from core.records import Identity, Person
from rooms.acting import actor, looking_in
from rooms.permissions import decide, level_of, rank_of, required
from rooms.waiting import stand, waiting
from storage import access, asks, blocks, direct, memberships
from storage import rooms as room_rows
from storage.engine import Database, Tx
from storage.memberships import Membership


class Permissions(Struct, frozen=True):
    """What you may do in a room, by `decide`."""

    post: bool
    invite: bool
    remove: bool
    mute: bool
    ban: bool
    rights: bool
    appoint: bool
    open: bool
    settings: bool
    archive: bool
    delete: bool


class Room(Struct, frozen=True):
    """A room in your list. ``unread`` counts others' posts after ``read_seq``, 100 at most.

    ``restricted``: not everyone on this server can read it. ``guests``: a guest can.
    ``leaving_gives_up``: leaving gives up the only right to come back. ``slow``: seconds between
    two posts of one person. ``posting``: the level from which on one may post. ``asks``: how
    many wait to be let in, if you may do that. ``peer``: of a direct room, which has no name, the
    other one; ``blocked``: you block them.
    """

    id: str
    name: str
    topic: str
    preset: str
    level: str
    may: Permissions
    restricted: bool
    guests: bool
    leaving_gives_up: bool
    archived: bool
    slow: int
    history: str
    posting: str
    seq: int
    tag: str
    read_seq: int
    unread: int
    last_at: int
    asks: int
    peer: Person | None = None
    blocked: bool = False


class Listed(Struct, frozen=True):
    """A room in the directory. ``owners``: whom to ask. ``people``: how many are in it.

    ``may_ask``: to be let in. ``asked_at``: you did, and wait for the answer. ``ask_again_at``: you
    were told no, and may ask again from then on.
    """

    id: str
    name: str
    topic: str
    level: str
    may_join: bool
    member: bool
    owners: list[Person]
    people: int
    may_ask: bool
    asked_at: int | None
    ask_again_at: int | None


class Listing:
    """Answers from one snapshot each; `decide` has the last word on every row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mine(self, who: Identity) -> list[Room]:
        """One's own rooms, in the order of joining."""

        def work(tx: Tx) -> list[Room]:
            person = actor(tx, who)
            return _rooms(tx, person, memberships.of_person(tx, person.id))

        return await self._database.read(work)

    async def one(self, who: Identity, room: str) -> Room:
        """One of one's own rooms. Raises `not_found`, or `not_member` if it is only in reach."""

        def work(tx: Tx) -> Room:
            person = looking_in(tx, who, room, "see").person
            own = [row for row in memberships.of_person(tx, person.id) if row.room == room]
            found = _rooms(tx, person, own)
            if not found:
                raise ChatError("not_member")
            return found[0]

        return await self._database.read(work)

    async def directory(self, who: Identity) -> list[Listed]:
        """Every room that one may see, by name. Direct rooms are nobody's to find."""

        def work(tx: Tx) -> list[Listed]:
            person = actor(tx, who)
            reach = access.rooms_within_reach(tx, person.id, person.groups)
            facts = access.facts_for_many(tx, reach, person.id, person.groups)
            seen = [
                room
                for room in reach
                if not facts[room].direct and decide("see", Facts(person, facts[room])).allowed
            ]
            return sorted(_listed(tx, person, facts, seen), key=lambda row: (row.name, row.id))

        return await self._database.read(work)


def _rooms(tx: Tx, person: PersonFacts, own: Sequence[Membership]) -> list[Room]:
    """Those of ``own`` that may be read."""
    ids = [row.room for row in own]
    settings = room_rows.settings_of_many(tx, ids)
    facts = access.facts_for_many(tx, ids, person.id, person.groups)
    guests = access.with_guests(tx, ids)
    unread = memberships.unread(tx, person.id, ids)
    peers = direct.peers(tx, person.id, [room for room in ids if facts[room].direct])
    blocked = {other.id for other in blocks.of_person(tx, person.id)} if peers else set()
    kept = [room for room in ids if decide("invite", Facts(person, facts[room])).allowed]
    asked = waiting(tx, kept)
    return [
        _room(
            row,
            settings[row.room],
            Facts(person, facts[row.room]),
            guests=row.room in guests,
            unread=unread[row.room],
            peer=peers.get(row.room),
            blocked=blocked,
            asks=len(asked.get(row.room, ())),
        )
        for row in own
        if decide("read", Facts(person, facts[row.room])).allowed
    ]


def _room(
    row: Membership,
    settings: Settings,
    facts: Facts,
    *,
    guests: bool,
    unread: int,
    asks: int,
    peer: Person | None,
    blocked: Container[str],
) -> Room:
    return Room(
        id=row.room,
        name=settings.name or "",
        topic=settings.topic or "",
        preset=(settings.preset or Preset.PRIVATE).value,
        level=level_of(facts).name,
        may=Permissions(**{name: decide(name, facts).allowed for name in _MAY}),
        restricted=everyone_level(facts.room) < Level.READ,
        guests=guests,
        leaving_gives_up=not (facts.room.direct or _can_come_back(facts)),
        archived=facts.room.archived,
        slow=facts.room.slow,
        history=facts.room.history.value,
        posting=required("post", facts.room).name,
        seq=row.seq,
        tag=row.tag,
        read_seq=row.read_seq,
        unread=unread,
        last_at=row.last_at,
        asks=asks,
        peer=peer,
        blocked=peer is not None and peer.id in blocked,
    )


_MAY = Permissions.__struct_fields__


def everyone_level(facts: RoomFacts) -> Level:
    """The level that everyone signed in, but no guest, has at least before caps."""
    grant = facts.grants.get(EVERYONE)
    return grant.level if grant else Level.HIDDEN


def _can_come_back(facts: Facts) -> bool:
    """Whether someone may still read once they gave up their personal grant, and not by glass."""
    own = own_subjects(facts.person.id)
    lasting = tuple(grant for subject, grant in facts.room.grants.items() if subject not in own)
    return rank_of(Facts(facts.person, RoomFacts(Settings(), lasting))) >= Level.READ


def _listed(
    tx: Tx, person: PersonFacts, facts: Mapping[str, RoomFacts], seen: Sequence[str]
) -> Iterator[Listed]:
    settings = room_rows.settings_of_many(tx, seen)
    counts = memberships.counts(tx, seen)
    owners = access.owners(tx, seen)
    asked, now = asks.of_person(tx, person.id), tx.now()
    for room in seen:
        mine = Facts(person, facts[room])
        yield Listed(
            id=room,
            name=settings[room].name or "",
            topic=settings[room].topic or "",
            level=level_of(mine).name,
            may_join=decide("join", mine).allowed,
            member=person.id in mine.room.members,
            owners=owners.get(room, []),
            people=counts.get(room, 0),
            **stand(mine, asked.get(room), now)._asdict(),
        )
