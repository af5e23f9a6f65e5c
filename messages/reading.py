"""How far someone has read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts
from core.errors import ChatError
from core.records import Identity
from live.bus import Bus, ReadMoved
from rooms.permissions import decide
from storage import access, memberships, people
from storage.engine import Database, Tx
from storage.group_commit import GroupCommit

CROWD = 10


class Mark(Struct, frozen=True):
    """Someone has read a room up to ``seq``."""

    person: str
    room: str
    seq: int


class Reading:
    """Keeps reading marks, many in one commit; only members who may read have one."""

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
    """Who may not read a room any more moves nothing: what moves tells how long its log is."""
    about = people.facts(tx, (mark.person for mark in marks))
    crowded = _crowded(tx, marks)
    return [mark if _moves(tx, mark, about[mark.person], crowded) else None for mark in marks]


def _moves(tx: Tx, mark: Mark, person: PersonFacts, crowded: Mapping[str, RoomFacts]) -> bool:
    room = crowded.get(mark.room) or access.facts_for(tx, mark.room, person.id, person.groups)
    if not decide("read", Facts(person, room)).allowed:
        return False
    return memberships.read_up_to(tx, person.id, mark.room, mark.seq)


def _crowded(tx: Tx, marks: Sequence[Mark]) -> dict[str, RoomFacts]:
    """The facts of rooms that many marks are in: one look is cheaper than one for each."""
    counted = Counter(mark.room for mark in marks)
    return {room: access.room_facts(tx, room) for room, count in counted.items() if count >= CROWD}
