"""What has run out ends by entries: rule 6 of docs/room-log.md.

Whatever decides or writes in a transaction runs `expire_due` first, so that no entry after an end
comes before the entry that says so. Quiet rooms are swept every second.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from core.access import Delta
from core.errors import ChatError
from core.log import Head, Kind
from live.bus import Bus, SessionsEnded
from rooms.acting import tell_of_rooms
from rooms.ledger import Opened, open_rooms
from rooms.standing import Ended, suspend, take_out_of_group
from storage import expiries, log, people
from storage.engine import Database, Tx
from storage.journal import Change

EVERY = 1.0
"""Seconds between two sweeps."""

_log = logging.getLogger(__name__)


def is_due(tx: Tx, locked: Iterable[Head]) -> bool:
    """Whether `expire_due` has to run before the rooms of these locked heads are written to.

    The same question in one statement: what has ended by the database's clock anywhere; where that
    was set back, by the time that the next entry of these rooms will bear.
    """
    ahead = (head.next_expiry is not None and head.next_expiry <= head.last_at for head in locked)
    return any(ahead) or expiries.any_due(tx, tx.now())


def expire_due(tx: Tx) -> Ended:
    """End by entries what has run out.

    By the database's clock; where that was set back, by the time that a room's next entry will
    bear, as any room may be about to be written to.
    """
    ended = Ended([], [])
    _end_people(tx, tx.now(), None, ended)
    ahead = {head.room: head.last_at for head in log.heads_due(tx)}
    for room in sorted({*expiries.rooms_due(tx, tx.now()), *ahead}):
        at = max(tx.now(), ahead.get(room, 0))
        _end_people(tx, at, room, ended)
        _end_own(tx, room, ended)
    return ended


def _end_people(tx: Tx, at: int, room: str | None, ended: Ended) -> None:
    for account in expiries.accounts_due(tx, at, room):
        if (person := people.facts_of(tx, account)) is not None:
            over = suspend(tx, person, Change("ended"), kind=Kind.EXPIRED)
            ended.rooms.extend(over.rooms)
            ended.sessions.extend(over.sessions)
    for group, member in expiries.memberships_due(tx, at, room):
        if (person := people.facts_of(tx, member)) is not None:
            ended.rooms.extend(take_out_of_group(tx, person, group, None, Kind.EXPIRED))


def _end_own(tx: Tx, room: str, ended: Ended) -> None:
    """Grants and caps of the room itself."""
    opened = open_rooms(tx, [room])[room]
    delta = _over(opened)
    if delta != Delta():
        opened.write(Kind.EXPIRED, None, delta)
        ended.rooms.append(opened)
    else:
        opened.settle()


def _over(room: Opened) -> Delta:
    return Delta(
        revoked=tuple(
            grant.subject
            for grant in room.facts.grants.values()
            if grant.until is not None and grant.until <= room.at
        ),
        uncapped=tuple(
            (cap.person, cap.level)
            for cap in room.facts.all_caps
            if cap.until is not None and cap.until <= room.at
        ),
    )


class Sweeper:
    """Ends what has run out in rooms where nobody writes."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.sweep()
            except ChatError:
                _log.warning("what has run out cannot be ended now; it is tried again")

    async def sweep(self) -> None:
        """Nothing is written, nor the writer troubled, if nothing is due."""
        if await self._database.read(lambda tx: expiries.any_due(tx, tx.now())):
            announce(self._bus, await self._database.write(expire_due))


def announce(bus: Bus, ended: Ended) -> None:
    """After the commit."""
    tell_of_rooms(bus, ended.rooms)
    if ended.sessions:
        bus.publish(SessionsEnded(tuple(ended.sessions)))
