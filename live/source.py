"""What the hub asks the database, through whoever knows SQL and rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from core.access import Facts, PersonFacts, RoomFacts
from core.log import Entry, Span


class Snapshot(Struct, frozen=True):
    """Someone and a room, as of entry ``head``, from one read transaction.

    ``spans`` None: the whole log may be read. ``room`` is there only if it was asked for.
    """

    head: int
    tag: str
    person: PersonFacts
    spans: tuple[Span, ...] | None
    room: RoomFacts | None


class Source(Protocol):
    """The database's side of live delivery. All raise `ChatError("storage_down")`."""

    async def snapshot(self, room: str, session: str, *, whole: bool) -> Snapshot | None:
        """None if this log-in may not hear this room, or the room does not exist."""
        ...

    async def entries_after(self, room: str, seq: int, limit: int) -> Sequence[Entry]: ...

    async def heads(self, rooms: Iterable[str]) -> dict[str, tuple[int, str]]:
        """(seq, tag) of each room that exists."""
        ...

    def may_hear(self, facts: Facts) -> bool:
        """By `decide`, for someone who must also be a member."""
        ...

    def may_post(self, facts: Facts) -> bool:
        """By `decide`."""
        ...
