"""An entry of a room's log, as every part of the program hands it on."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from core.access import Delta
from core.records import Person


class Kind(StrEnum):
    """What happened. All but POST change who may do what, who is in the room, or its settings."""

    POST = "post"
    MADE = "made"
    JOINED = "joined"
    LEFT = "left"
    INVITED = "invited"
    REMOVED = "removed"
    RENAMED = "renamed"
    TOPIC = "topic"
    ACCESS = "access"
    """Someone's rights, a group's or everyone's; the kinds below say it more exactly."""
    MUTED = "muted"
    UNMUTED = "unmuted"
    BANNED = "banned"
    UNBANNED = "unbanned"
    LET_IN = "let_in"
    EXPIRED = "expired"
    ACCOUNT = "account"
    """A member's account changed: its role, its groups, or whether it may be used."""
    GLASS = "glass"
    """An admin broke the glass."""
    SETTINGS = "settings"
    ARCHIVED = "archived"
    UNARCHIVED = "unarchived"
    DELETED = "deleted"
    QUIET = "quiet"
    """Between the two of a direct room: hiding it, its coming back, a block. Shown to neither."""
    WITHHELD = "withheld"
    """Never stored: stands for an entry that this reader may not see."""


class Entry(Struct, frozen=True):
    """One entry. ``text``, ``client_id`` only for posts; ``delta`` for all others."""

    room: str
    seq: int
    tag: str
    at: int
    kind: Kind
    by: Person | None = None
    people: tuple[Person, ...] = ()
    delta: Delta | None = None
    text: str | None = None
    client_id: str | None = None


class Head(Struct, frozen=True):
    """Where a room's log stands."""

    room: str
    seq: int
    access_version: int
    next_expiry: int | None
    last_at: int
    tag: str
    access_hash: str


class Span(Struct, frozen=True):
    """An interval of a log that someone may read; ``end`` None is still open."""

    start: int
    end: int | None

    def holds(self, seq: int) -> bool:
        return self.start <= seq and (self.end is None or seq <= self.end)
