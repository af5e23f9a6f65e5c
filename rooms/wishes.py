"""What someone wants changed in who may do what in a room, as data."""

from __future__ import annotations

from msgspec import Struct

from core.access import History, Subject
from core.levels import Level


class GrantWish(Struct, frozen=True):
    """Give ``subject`` this level and no other, or with None take its grant back."""

    subject: Subject
    level: Level | None
    until: int | None = None
    why: str = ""


class CapWish(Struct, frozen=True):
    """Keep ``person`` at ``level`` at most (READ: muted, HIDDEN: banned), or with ``lift`` not."""

    person: str
    level: Level
    lift: bool = False
    until: int | None = None
    why: str = ""


class SettingsWish(Struct, frozen=True):
    """None leaves a setting as it is.

    ``raised``: all actions that the room allows only from a higher level on. ``slow``: seconds.
    ``reveal``: with history *all*, also what was written while it counted from joining.
    """

    raised: dict[str, Level] | None = None
    slow: int | None = None
    history: History | None = None
    reveal: bool = False
    archived: bool | None = None


class Wish(Struct, frozen=True):
    """One change, saved as one entry."""

    grants: tuple[GrantWish, ...] = ()
    caps: tuple[CapWish, ...] = ()
    settings: SettingsWish | None = None
