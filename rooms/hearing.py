"""What the hub asks: may this log-in hear this room, and what does its log say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.access import Facts, History
from core.log import Entry, Head, Span
from live.source import Snapshot
from rooms.acting import facts_in
from rooms.permissions import decide
from storage import access, actors, log
from storage.engine import Database, Tx


class Hearing:
    """`live.source.Source` over the database and `decide`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def snapshot(self, room: str, session: str, *, whole: bool) -> Snapshot | None:
        def work(tx: Tx) -> Snapshot | None:
            person = actors.acting(tx, [session]).get(session)
            head = log.head_of(tx, room)
            if person is None:
                return None
            facts = facts_in(tx, person, room)
            if head is None or not self.may_hear(facts):
                return None
            return _snapshot(tx, head, facts, whole)

        return await self._database.read(work)

    async def entries_after(self, room: str, seq: int, limit: int) -> Sequence[Entry]:
        return await self._database.read(lambda tx: log.after(tx, room, seq, limit))

    async def heads(self, rooms: Iterable[str]) -> dict[str, tuple[int, str]]:
        wanted = list(rooms)
        return await self._database.read(lambda tx: log.heads_of(tx, wanted)) if wanted else {}

    def may_hear(self, facts: Facts) -> bool:
        member = facts.person.id in facts.room.members
        return member and decide("read", facts).allowed

    def may_post(self, facts: Facts) -> bool:
        return decide("post", facts).allowed


def _snapshot(tx: Tx, head: Head, facts: Facts, whole: bool) -> Snapshot:
    return Snapshot(
        head=head.seq,
        tag=head.tag,
        person=facts.person,
        spans=spans_of(tx, head.room, facts),
        room=access.room_facts(tx, head.room) if whole else None,
    )


def spans_of(tx: Tx, room: str, facts: Facts) -> tuple[Span, ...] | None:
    """What of a log a reader may read; None: all of it."""
    whole = facts.room.history is History.ALL
    if whole and facts.room.open_from == 0:
        return None
    own = tuple(access.spans_of(tx, room, facts.person.id))
    return (*own, Span(facts.room.open_from, None)) if whole else own
