"""Notices between the parts of the program, and later between nodes.

A notice is a hint: it may be lost, repeated or late, and the database has the truth. Handlers are
quick and synchronous; one that fails does not keep the others from hearing.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from msgspec import Struct

from core.log import Entry
from core.records import Person

log = logging.getLogger(__name__)


class Notice(Struct, frozen=True):
    """Something that others may want to know of now."""


class RoomMoved(Notice, frozen=True):
    """A room's log has grown; ``entries`` are its newest, in order (maybe not all)."""

    room: str
    entries: tuple[Entry, ...] = ()


class RoomsChanged(Notice, frozen=True):
    """These people's lists of rooms, or what they may do there, may be others now."""

    people: frozenset[str]


class AsksChanged(Notice, frozen=True):
    """Someone asked to be let into ``room``, was answered, or waits no more.

    ``tell``: those who may answer, and who asked.
    """

    room: str
    tell: frozenset[str]


class SessionsEnded(Notice, frozen=True):
    """These log-ins (public ids) are over: close their sockets."""

    sessions: tuple[str, ...]


class PersonRenamed(Notice, frozen=True):
    """Someone has a new nickname; ``tell`` are those who see them."""

    person: Person
    tell: frozenset[str]


class ReadMoved(Notice, frozen=True):
    """Someone has read a room up to ``seq``."""

    person: str
    room: str
    seq: int


class TypingNotice(Notice, frozen=True):
    """Someone who may post in a room is typing there; they had its log up to ``seq``."""

    room: str
    person: Person
    seq: int


N = TypeVar("N", bound=Notice)


class Bus:
    """The bus of a single process."""

    def __init__(self) -> None:
        self._handlers: dict[type[Notice], list[Callable[[Any], None]]] = defaultdict(list)

    def on(self, notice: type[N], handler: Callable[[N], None]) -> None:
        """Call ``handler`` for every notice of this type from now on."""
        self._handlers[notice].append(handler)

    def publish(self, notice: Notice) -> None:
        """Tell everyone who listens; only after what it tells of is committed."""
        for handler in self._handlers[type(notice)]:
            try:
                handler(notice)
            except Exception:
                log.exception("a handler of %s failed", type(notice).__name__)
