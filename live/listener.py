"""What the hub needs of an open connection."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from core.access import PersonFacts
from core.log import Entry
from core.records import Person


class Listener(Protocol):
    """One open connection of someone whose log-in was checked.

    `send` never waits and never raises: a connection whose backlog grows too large closes itself,
    and its client resumes from its last ``seq``. `write`, `keep` and `failed` are what `send` is
    made of, for `live.fanout`, which hands the same frame to many.
    """

    @property
    def write(self) -> Callable[[bytes], int]:
        """Takes a frame, or a part of it, and returns how much; or raises OSError."""
        ...

    def keep(self, frame: bytes, sent: int) -> None:
        """`write` took only ``sent`` bytes of ``frame``."""
        ...

    def failed(self, frame: bytes, error: OSError) -> None:
        """`write` raised ``error`` for ``frame``."""
        ...

    @property
    def closed(self) -> bool: ...

    @property
    def person(self) -> Person: ...

    def send(self, frame: bytes) -> None:
        """Hand over one ready WebSocket frame."""
        ...

    def fall_behind(self) -> None:
        """Close with the code that means: reconnect and resume."""
        ...

    async def drained(self) -> None:
        """Wait until nothing waits to be sent, or the connection is closed."""
        ...


class Framing(Protocol):
    """Ready WebSocket frames, made once for all who get the same bytes."""

    def entry(self, entry: Entry) -> bytes: ...

    def withheld(self, entry: Entry) -> bytes: ...

    def subscribed(self, request: int, room: str, seq: int, tag: str, reload: bool) -> bytes: ...

    def lost(self, room: str, seq: int, request: int | None) -> bytes: ...

    def presence(self, room: str, here: list[Person], others: int) -> bytes: ...


class Subscription:
    """One connection's place in one room.

    Until it has caught up, everything up to ``pos`` was handed to it; from then on its place is
    the feed's.
    """

    __slots__ = ("facts", "listener", "lost", "pos", "room")

    def __init__(self, listener: Listener, facts: PersonFacts, room: str, pos: int) -> None:
        self.listener = listener
        self.facts = facts
        self.room = room
        self.pos = pos
        self.lost = False
