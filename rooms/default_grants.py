"""What every room gives from its first entry on, besides its preset."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from core.access import EVERYONE, Delta, Grant, Subject, group_subject
from core.errors import ChatError
from core.levels import Level
from core.records import Identity
from rooms.acting import admin
from rooms.changes import Changes
from rooms.ledger import Opened
from storage import default_grants, groups, journal
from storage.default_grants import DefaultGrant
from storage.engine import Database, Tx
from storage.journal import Change

LEVELS = (Level.SEE, Level.ASK, Level.READ, Level.POST, Level.MODERATE)
"""What can be given to many at once: owners are made one by one."""


class ShownDefault(Struct, frozen=True):
    """``group`` and ``name`` are empty for everyone."""

    group: str
    name: str
    level: Level


class DefaultGrants:
    """Admins say what new rooms give; rooms that are there already stay as they are."""

    def __init__(self, database: Database, changes: Changes) -> None:
        self._database = database
        self._changes = changes

    async def every(self, who: Identity) -> list[ShownDefault]:
        def work(tx: Tx) -> list[ShownDefault]:
            admin(tx, who)
            given = default_grants.every(tx)
            names = groups.named(tx, (grant.subject.id for grant in given if grant.subject.id))
            return [
                ShownDefault(it.subject.id, names.get(it.subject.id, ""), it.level) for it in given
            ]

        return await self._database.read(work)

    async def give(self, who: Identity, group: str, level: Level) -> None:
        """To ``group``, or with an empty id to everyone: instead of what they get now.

        Raises `group_gives_room` if an admin would let a group that they are in read new rooms.
        """
        if level not in LEVELS:
            raise ChatError("bad_request")

        def work(tx: Tx, touched: list[Opened]) -> None:
            by = admin(tx, who)
            subject = _subject(tx, group)
            if level >= Level.READ and group in by.groups:
                raise ChatError("group_gives_room")
            default_grants.put(tx, DefaultGrant(subject, level))
            journal.note(tx, Change("default_given", by.id, group=group or None, why=level.name))

        await self._changes.commit(work)

    async def take(self, who: Identity, group: str) -> None:
        """Nothing happens if nothing was given."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            by = admin(tx, who).id
            if default_grants.take(tx, group_subject(group) if group else EVERYONE):
                journal.note(tx, Change("default_taken", by, group=group or None))

        await self._changes.commit(work)


def with_defaults(tx: Tx, first: Delta) -> Delta:
    """A room's first entry, with what every new room gives. Nobody gets less than by ``first``."""
    return replace(first, grants=tuple(_merged(tx, first)))


def _merged(tx: Tx, first: Delta) -> Iterator[Grant]:
    given = {it.subject: it.level for it in default_grants.every(tx)}
    for grant in first.grants:
        if given.get(grant.subject, Level.HIDDEN) > grant.level:
            continue
        given.pop(grant.subject, None)
        yield grant
    for subject, level in given.items():
        yield Grant(subject, level, None, tx.now())


def _subject(tx: Tx, group: str) -> Subject:
    if not group:
        return EVERYONE
    if groups.get(tx, group) is None:
        raise ChatError("group_not_found")
    return group_subject(group)
