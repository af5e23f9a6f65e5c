"""Bringing people into a room by nickname, and removing them."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from auth.throttle import Limiter
from core.access import Delta, Facts, Grant, PersonFacts, person_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity, State
from rooms.acting import Acting, acting_in
from rooms.authority import check_may_give, check_outlasts_no_glass, check_outranks, is_banned
from rooms.changes import Changes
from rooms.crowding import check_room_left
from rooms.finding import by_nickname
from rooms.ledger import Opened
from rooms.ownership import keep_an_owner, personal_grant
from rooms.permissions import decide, level_of
from storage import people, removals
from storage.engine import Tx


class Invitee(Struct, frozen=True):
    """Someone after an invitation: at which level they are, and whether they came in by it."""

    id: str
    nickname: str
    level: str
    may_post: bool
    joined: bool


class Inviting:
    """Gives people a level in a room, and takes it back. ``limiter`` is by who invites."""

    def __init__(self, changes: Changes, limiter: Limiter) -> None:
        self._changes = changes
        self._limiter = limiter

    async def invite(self, who: Identity, room: str, whom: str, level: Level) -> Invitee:
        """Give ``whom`` at least ``level`` in the room, and put it into their list."""
        return await self._invite(who, room, level, lambda tx, inviter: whom)

    async def invite_by_nickname(
        self, who: Identity, room: str, nickname: str, level: Level
    ) -> Invitee:
        """As `invite`. Guests find only people that they share a room with."""
        return await self._invite(
            who, room, level, lambda tx, inviter: by_nickname(tx, inviter, nickname)
        )

    async def _invite(
        self, who: Identity, room: str, level: Level, find: Callable[[Tx, PersonFacts], str]
    ) -> Invitee:
        if wait := self._limiter.take(who.account.id):
            raise ChatError("too_many_requests", retry_after=wait)

        def work(tx: Tx, touched: list[Opened]) -> Invitee:
            acting = acting_in(tx, who, room, "invite")
            target = _target(tx, find(tx, acting.person))
            check_may_give(acting.person, acting.room.facts, level)
            _check_not_banned(tx, acting, target)
            delta = invitation_delta(tx, acting, target, level)
            removals.forget(tx, room, target.id)
            if delta != Delta():
                kind = Kind.INVITED if delta.joined else Kind.ACCESS
                acting.room.write(kind, acting.shown, delta)
                touched.append(acting.room)
            return invitee(tx, acting.room.facts_for(target), joined=bool(delta.joined))

        return await self._changes.commit(work)

    async def remove(self, who: Identity, room: str, person: str) -> bool:
        """Take back someone's personal grant and end their membership.

        True if they can still read the room, by a grant that is not theirs alone.
        """

        def work(tx: Tx, touched: list[Opened]) -> bool:
            acting = acting_in(tx, who, room, "remove")
            target = _target(tx, person)
            facts = acting.room.facts
            revoked = personal_grant(facts, person)
            left = (person,) if person in facts.members else ()
            if not revoked and not left:
                raise ChatError("person_not_found")
            _check_outranks(tx, acting, target)
            delta = Delta(revoked=revoked, left=left)
            keep_an_owner(facts, delta, acting.room.idle_owners())
            acting.room.write(Kind.REMOVED, acting.shown, delta)
            removals.note(tx, room, person, acting.room.at)
            touched.append(acting.room)
            return level_of(acting.room.facts_for(target)) >= Level.READ

        return await self._changes.commit(work)


def invitation_delta(tx: Tx, acting: Acting, target: PersonFacts, level: Level) -> Delta:
    """What an invitation to ``level`` changes: maybe nothing, and never a level downwards.

    Raises `person_outranks` if it would change someone at or above the one who acts, and
    `grant_too_high` if they give it to themself through broken glass.
    """
    facts = acting.room.facts
    joined = () if target.id in facts.members else (target.id,)
    check_room_left(tx, joined)
    present = facts.grants.get(person_subject(target.id))
    if present is not None and present.level >= level:
        return Delta(joined=joined)
    _check_outranks(tx, acting, target)
    grant = Grant(person_subject(target.id), level, acting.person.id, acting.room.at)
    delta = Delta(grants=(grant,), joined=joined)
    check_outlasts_no_glass(acting.person, facts, delta)
    return delta


def invitee(tx: Tx, facts: Facts, *, joined: bool) -> Invitee:
    shown = people.person(tx, facts.person.id)
    level = level_of(facts).name
    return Invitee(shown.id, shown.nickname, level, decide("post", facts).allowed, joined)


def _target(tx: Tx, person: str) -> PersonFacts:
    found = people.facts_of(tx, person)
    if found is None or found.state is State.PENDING:
        raise ChatError("person_not_found")
    return found


def _check_outranks(tx: Tx, acting: Acting, target: PersonFacts) -> None:
    check_outranks(acting.person, acting.room.facts, target, people.person(tx, target.id))


def _check_not_banned(tx: Tx, acting: Acting, target: PersonFacts) -> None:
    if is_banned(acting.room.facts, target.id):
        raise ChatError("person_banned", nickname=people.person(tx, target.id).nickname)
