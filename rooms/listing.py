"""What someone sees of rooms: their own list, and the directory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts
from core.errors import ChatError
from core.records import Identity, Person
from rooms import own_rooms
from rooms.acting import actor, looking_in
from rooms.own_rooms import Room
from rooms.permissions import decide, level_of
from rooms.waiting import stand
from storage import access, asks, memberships
from storage import rooms as room_rows
from storage.engine import Database, Tx
from storage.gathering import Gathering


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
        self._lists = Gathering(database, own_rooms.lists)
        """Many are asked for at once when many come back, or something changes in a large room."""

    async def mine(self, who: Identity) -> list[Room]:
        """One's own rooms, in the order of joining. Raises `not_signed_in`."""
        found = await self._lists.ask(who.session.id)
        if found is None:
            raise ChatError("not_signed_in")
        return found

    async def one(self, who: Identity, room: str) -> Room:
        """One of one's own rooms. Raises `not_found`, or `not_member` if it is only in reach."""

        def work(tx: Tx) -> Room:
            person = looking_in(tx, who, room, "see").person
            found = own_rooms.one(tx, person, room)
            if found is None:
                raise ChatError("not_member")
            return found

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
