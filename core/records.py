"""Records that cross packages."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from core.levels import Level


class Role(StrEnum):
    """What someone is on this server; it is not a right in any room."""

    GUEST = "guest"
    MEMBER = "member"
    ADMIN = "admin"


class State(StrEnum):
    """Whether an account may be used."""

    PENDING = "pending"
    """Signed up, and not let in by an admin yet."""
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


GONE = "deleted"
"""The nickname of every deleted account. It is a reserved word, so that nobody else can bear it;
pages and clients say it in their reader's language."""


class Reach(StrEnum):
    """Who may begin a direct room with someone."""

    EVERYONE = "everyone"
    SHARING = "sharing"
    """People who share a room with them."""
    NOBODY = "nobody"


class Account(Struct, frozen=True):
    """A person's account. ``name`` is for logging in; others see ``nickname`` only."""

    id: str
    name: str
    nickname: str
    role: Role
    state: State
    language: str
    created_at: int
    until: int | None = None
    """When it ends by itself (ms); for guests."""


class Session(Struct, frozen=True):
    """A log-in that has not ended. ``id`` is public; the cookie's secret is another value."""

    id: str
    account: str
    kind: str
    label: str
    created_at: int
    seen_at: int
    expires_at: int
    level: Level | None = None
    """At most at this level, as the personal token says that it was opened with; None without."""
    actions: frozenset[str] | None = None
    """Only these actions; None: all."""

    @property
    def is_capped(self) -> bool:
        """Whether it may do less in rooms than its person."""
        return self.level not in (None, Level.OWN) or self.actions is not None


class Identity(Struct, frozen=True):
    """Who a request comes from."""

    account: Account
    session: Session


class Person(Struct, frozen=True):
    """Someone, as others see them."""

    id: str
    nickname: str
