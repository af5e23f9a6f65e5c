"""Joining and leaving: a subscription to a room, not a right in it."""

from __future__ import annotations

from core.access import Delta, Grant, PersonFacts, person_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Account, Identity, Person, Role
from rooms.acting import Acting, acting_in, check
from rooms.changes import Changes
from rooms.crowding import check_room_left
from rooms.ledger import Opened, open_rooms
from rooms.ownership import has_owner, keep_an_owner, personal_grant
from storage import rooms
from storage.engine import Tx


class Membership:
    """People come into rooms and go."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def join(self, who: Identity, room: str) -> None:
        """Put the room into one's list. Joining twice is joining once."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            acting = acting_in(tx, who, room, "join")
            if acting.person.id not in acting.room.facts.members:
                check_room_left(tx, [acting.person.id])
                delta = Delta(joined=(acting.person.id,))
                kind = Kind.QUIET if acting.room.facts.direct else Kind.JOINED
                acting.room.write(kind, acting.shown, delta)
                touched.append(acting.room)

        await self._changes.commit(work)

    async def leave(self, who: Identity, room: str) -> None:
        """Take the room out of one's list, and give up one's personal grant if there is one.

        A direct room is only hidden: it comes back with the next message, of either. A token
        narrowed to some actions leaves by the right to join.
        """
        needed = "see" if who.session.actions is None else "join"

        def work(tx: Tx, touched: list[Opened]) -> None:
            acting = acting_in(tx, who, room, needed)
            me, facts = acting.person.id, acting.room.facts
            if me not in facts.members:
                raise ChatError("not_member")
            given_up = () if facts.direct else personal_grant(facts, me)
            if given_up:
                _check_may_give_up(acting)
            delta = Delta(left=(me,), revoked=given_up)
            keep_an_owner(facts, delta, acting.room.idle_owners())
            acting.room.write(Kind.QUIET if facts.direct else Kind.LEFT, acting.shown, delta)
            touched.append(acting.room)

        await self._changes.commit(work)


def _check_may_give_up(acting: Acting) -> None:
    """A token does not give up more than it may use itself."""
    own = acting.room.facts.grants.get(person_subject(acting.person.id))
    most = acting.person.token_level
    if own is not None and most is not None and own.level > most:
        raise ChatError("not_allowed")


def arrive(tx: Tx, account: Account) -> list[Opened]:
    """Put someone new into every room that awaits newcomers and that they may join.

    The first admin becomes the owner of those that have none.
    """
    person = PersonFacts(account.id, account.role)
    opened = open_rooms(tx, rooms.awaiting_newcomers(tx))
    for room in opened.values():
        _arrive_in(room, person, Person(account.id, account.nickname))
    return [room for room in opened.values() if room.written]


def _arrive_in(room: Opened, person: PersonFacts, shown: Person) -> None:
    grants: tuple[Grant, ...] = ()
    if person.role is Role.ADMIN and not has_owner(room.facts):
        grants = (Grant(person_subject(person.id), Level.OWN, None, room.at),)
    try:
        check("join", room.facts_for(person))
    except ChatError:
        return
    room.write(Kind.JOINED, shown, Delta(joined=(person.id,), grants=grants))
