"""What the hub needs of an open connection."""

from __future__ import annotations

from typing import Protocol

from core.access import PersonFacts
from core.log import Entry
from core.records import Person


class Listener(Protocol):
    """One open connection of someone whose log-in was checked.

    `send` never waits and never raises: a connection whose backlog grows too large closes itself,
    and its client resumes from its last ``seq``.
    """

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
        """Wait until the backlog is short again, or the connection closed."""
        ...


class Framing(Protocol):
    """Ready WebSocket frames, made once for all who get the same bytes."""

    def entry(self, entry: Entry) -> bytes: ...

    def withheld(self, entry: Entry) -> bytes: ...

    def subscribed(self, request: int, room: str, seq: int, tag: str, reload: bool) -> bytes: ...

    def lost(self, room: str, seq: int, request: int | None) -> bytes: ...

    def presence(self, room: str, here: list[Person]) -> bytes: ...


class Subscription:
    """One connection's place in one room: everything up to ``pos`` was handed to it."""

    __slots__ = ("facts", "listener", "lost", "pos", "room")

    def __init__(self, listener: Listener, facts: PersonFacts, room: str, pos: int) -> None:
        self.listener = listener
        self.facts = facts
        self.room = room
        self.pos = pos
        self.lost = False
