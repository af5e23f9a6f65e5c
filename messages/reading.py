"""How far someone has read."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from core.errors import ChatError
from core.records import Identity
from live.bus import Bus, ReadMoved
from storage import memberships
from storage.engine import Database, Tx
from storage.group_commit import GroupCommit


class Mark(Struct, frozen=True):
    """Someone has read a room up to ``seq``."""

    person: str
    room: str
    seq: int


class Reading:
    """Keeps reading marks, many in one commit; only members have one."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._bus = bus
        self._commits: GroupCommit[Mark, Mark | None] = GroupCommit(
            database, _write, lambda mark: (mark.person, mark.room), self._tell
        )

    async def read_up_to(self, who: Identity, room: str, seq: int) -> None:
        """Move the mark forward; a mark behind the one that is kept changes nothing, nor does a
        token that may not read."""
        actions = who.session.actions
        if actions is not None and "read" not in actions:
            return
        await self._commits.submit(Mark(who.account.id, room, seq))

    async def drain(self) -> None:
        """Commit what is in hand."""
        await self._commits.drain()

    def _tell(self, moved: Sequence[Mark | ChatError | None]) -> None:
        for mark in moved:
            if isinstance(mark, Mark):
                self._bus.publish(ReadMoved(mark.person, mark.room, mark.seq))


def _write(tx: Tx, marks: Sequence[Mark]) -> list[Mark | None]:
    return [
        mark if memberships.read_up_to(tx, mark.person, mark.room, mark.seq) else None
        for mark in marks
    ]
