"""How far someone has read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts
from core.records import Identity
from live.bus import Bus, ReadMoved
from rooms.permissions import decide
from storage import access, memberships, people
from storage.engine import Database, Tx
from storage.group_commit import Done, GroupCommit

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
        self._commits: GroupCommit[Mark, None] = GroupCommit(
            database, self._write, lambda mark: (mark.person, mark.room)
        )

    async def read_up_to(self, who: Identity, room: str, seq: int) -> None:
        """Move the mark forward; a mark behind the one that is kept changes nothing, nor does a
        token that may not read."""
        actions = who.session.actions
        if actions is not None and "read" not in actions:
            return
        await self._commits.commit(Mark(who.account.id, room, seq))

    async def drain(self) -> None:
        """Commit what is in hand."""
        await self._commits.drain()

    def _write(self, tx: Tx, marks: Sequence[Mark]) -> Done[None]:
        """Who may not read a room any more moves nothing: what moves tells how long its log is."""
        about = people.facts(tx, (mark.person for mark in marks))
        crowded = _crowded(tx, marks)
        moved = [mark for mark in marks if _moves(tx, mark, about[mark.person], crowded)]
        return Done([None] * len(marks), partial(self._tell, moved))

    def _tell(self, moved: Sequence[Mark]) -> None:
        for mark in moved:
            self._bus.publish(ReadMoved(mark.person, mark.room, mark.seq))


def _moves(tx: Tx, mark: Mark, person: PersonFacts, crowded: Mapping[str, RoomFacts]) -> bool:
    room = crowded.get(mark.room) or access.facts_for(tx, mark.room, person.id, person.groups)
    if not decide("read", Facts(person, room)).allowed:
        return False
    return memberships.read_up_to(tx, person.id, mark.room, mark.seq)


def _crowded(tx: Tx, marks: Sequence[Mark]) -> dict[str, RoomFacts]:
    """The facts of rooms that many marks are in: one look is cheaper than one for each."""
    counted = Counter(mark.room for mark in marks)
    return {room: access.room_facts(tx, room) for room, count in counted.items() if count >= CROWD}
