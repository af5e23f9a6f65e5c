"""Direct rooms: two people, closed to everyone else and to every change of who they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from auth.throttle import Limiter
from core.access import (
    Cap,
    Delta,
    Facts,
    Grant,
    History,
    PersonFacts,
    Preset,
    RoomFacts,
    Settings,
    person_subject,
)
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity, Reach, Role, State
from rooms.acting import actor, check, shown
from rooms.changes import Changes
from rooms.crowding import check_room_left
from rooms.finding import by_id, by_nickname
from rooms.ledger import Opened, make_room, open_room
from storage import accounts, blocks, direct, memberships, people
from storage.engine import Tx

Openers = Literal["members", "everyone", "nobody"]


class Beginning(NamedTuple):
    """All that bears on whether someone may begin a direct room with someone else."""

    role: Role
    """Of who begins."""
    state: State
    """Of the other, as all that follows."""
    reach: Reach
    shares: bool
    blocks: bool


class Opening(NamedTuple):
    """A direct room, and whether it is new."""

    room: str
    made: bool


def may_begin(it: Beginning, by: Openers) -> bool:
    """``by`` is the setting ``direct_by``. A room that is there already goes on without this."""
    if by == "nobody" or (by == "members" and it.role is Role.GUEST):
        return False
    reached = it.reach is Reach.EVERYONE or (it.reach is Reach.SHARING and it.shares)
    return reached and it.state is State.ACTIVE and not it.blocks


class DirectRooms:
    """Opens them. ``limiter`` is by person, and counts openings of any outcome."""

    def __init__(self, changes: Changes, limiter: Limiter, by: Openers) -> None:
        self._changes = changes
        self._limiter = limiter
        self._by = by

    def may_begin(self, role: Role) -> bool:
        """Whether the server lets such people begin direct rooms with anyone at all."""
        return may_begin(Beginning(role, State.ACTIVE, Reach.EVERYONE, True, False), self._by)

    async def open(self, who: Identity, person: str) -> Opening:
        """The room of these two is in one's list now; the other's list gets it with a message.

        Raises `direct_refused`, one answer for every reason; `person_not_found`, `direct_self`.
        """
        return await self._open(who, lambda tx, opener: by_id(tx, opener, person))

    async def open_by_nickname(self, who: Identity, nickname: str) -> Opening:
        """As `open`."""
        return await self._open(who, lambda tx, opener: by_nickname(tx, opener, nickname))

    async def _open(self, who: Identity, find: Callable[[Tx, PersonFacts], str]) -> Opening:
        if wait := self._limiter.take(who.account.id):
            raise ChatError("too_many_requests", retry_after=wait)

        def work(tx: Tx, touched: list[Opened]) -> Opening:
            opener = actor(tx, who)
            other = find(tx, opener)
            if other == opener.id:
                raise ChatError("direct_self")
            room = direct.room_of(tx, (opener.id, other))
            beginning = _beginning(tx, opener, other)
            if room is not None:
                touched.append(_come_back(tx, who, opener, room))
            elif may_begin(beginning, self._by):
                touched.append(_make(tx, who, opener, other))
            else:
                raise ChatError("direct_refused")
            return Opening(touched[0].head.room, made=room is None)

        return await self._changes.commit(work)


def _beginning(tx: Tx, opener: PersonFacts, other: str) -> Beginning:
    """Always by the same statements, so that nothing tells what a refusal is for."""
    return Beginning(
        role=opener.role,
        state=people.facts(tx, [other])[other].state,
        reach=accounts.reach_of(tx, other),
        shares=memberships.share_a_room(tx, opener.id, other),
        blocks=blocks.blocks_them(tx, other, opener.id),
    )


def _come_back(tx: Tx, who: Identity, opener: PersonFacts, room: str) -> Opened:
    opened = open_room(tx, room)
    check("join", opened.facts_for(opener))
    if opener.id not in opened.facts.members:
        check_room_left(tx, [opener.id])
        opened.write(Kind.QUIET, shown(who), Delta(joined=(opener.id,)))
    return opened


def _make(tx: Tx, who: Identity, opener: PersonFacts, other: str) -> Opened:
    check_room_left(tx, [opener.id])
    blocked = blocks.blocks_them(tx, opener.id, other)
    delta = _first_delta(opener.id, other, tx.now(), blocked=blocked)
    grants = Facts(opener, RoomFacts(Settings(), delta.grants))
    check("post", grants)
    room = make_room(tx, shown(who), delta, direct=direct.key_of((opener.id, other)))
    room.affected = {opener.id}
    return room


def _first_delta(opener: str, other: str, at: int, *, blocked: bool) -> Delta:
    settings = Settings(
        name="",
        topic="",
        preset=Preset.DIRECT,
        history=History.ALL,
        archived=False,
        raised={},
    )
    both = (opener, other)
    return Delta(
        settings=settings,
        grants=tuple(Grant(person_subject(one), Level.POST, opener, at) for one in both),
        caps=(block_cap(other, at),) if blocked else (),
        joined=(opener,),
    )


def block_cap(person: str, at: int) -> Cap:
    """What a block is in the room: its reasons are nobody's to read there."""
    return Cap(person, Level.READ, None, at)
