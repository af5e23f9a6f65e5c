"""Blocks: whose messages someone does not want to get in direct rooms."""

from __future__ import annotations

from core.access import Delta, PersonFacts
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity
from rooms.acting import actor, shown
from rooms.changes import Changes
from rooms.direct import block_cap
from rooms.finding import by_id
from rooms.ledger import Opened, open_room
from storage import blocks, direct
from storage.engine import Tx


class Blocking:
    """In their direct room, the blocked one can only read; without one, they cannot begin one."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def block(self, who: Identity, person: str) -> None:
        """Raises `person_not_found`, `not_yourself`; `not_allowed` for a token with caps."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            me = _uncapped(tx, who)
            other = by_id(tx, me, person)
            if other == me.id:
                raise ChatError("not_yourself")
            blocks.add(tx, me.id, other)
            touched.extend(_write(tx, who, other, blocked=True))

        await self._changes.commit(work)

    async def unblock(self, who: Identity, person: str) -> None:
        """Whom one does not block stays as they are."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            me = _uncapped(tx, who)
            blocks.remove(tx, me.id, person)
            touched.extend(_write(tx, who, person, blocked=False))

        await self._changes.commit(work)


def _uncapped(tx: Tx, who: Identity) -> PersonFacts:
    """A token with caps does not choose for its person."""
    if who.session.is_capped:
        raise ChatError("not_allowed")
    return actor(tx, who)


def _write(tx: Tx, who: Identity, other: str, *, blocked: bool) -> list[Opened]:
    """Bring their direct room, if there is one, to what the block says."""
    room = direct.room_of(tx, (who.account.id, other))
    if room is None:
        return []
    opened = open_room(tx, room)
    if blocked != (Level.READ in opened.facts.caps.get(other, {})):
        opened.write(Kind.QUIET, shown(who), _delta(other, opened.at, blocked=blocked))
        opened.affected.add(who.account.id)
    return [opened]


def _delta(other: str, at: int, *, blocked: bool) -> Delta:
    if blocked:
        return Delta(caps=(block_cap(other, at),))
    return Delta(uncapped=((other, Level.READ),))
