"""What a group has in many rooms at once, for whoever runs the machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from core.access import Delta, Grant, Preset, Subject, group_subject
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from rooms.changes import Changes
from rooms.groups import name_key
from rooms.ledger import Opened, open_rooms
from rooms.lines import WHY_LENGTH, one_line
from storage import groups, journal, overview
from storage.engine import Tx
from storage.journal import Change


class RoomRefused(ChatError):
    """As its code says, of this one of the rooms."""

    def __init__(self, code: str, room: str) -> None:
        super().__init__(code)
        self.room = room


class Bulk:
    """Each change is an entry of its room that has no author. All of them are made, or none."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def give(
        self, group: str, level: Level, rooms: Sequence[str] | None, why: str = ""
    ) -> list[str]:
        """Give the group of this name ``level``, and no other; ``rooms`` None: in all of them.

        Returns the rooms where that changed something. Raises `group_not_found`, `why_long`, and
        `RoomRefused`: `not_found` or `access_closed`.
        """
        why = one_line(why, 0, WHY_LENGTH, "why_long")

        def delta(room: Opened, subject: Subject) -> Delta:
            present = room.facts.grants.get(subject)
            if present is not None and present.level is level and present.until is None:
                return Delta()
            return Delta(grants=(Grant(subject, level, None, room.at, why),))

        return await self._change(group, rooms, delta, Change("group_given", why=why))

    async def take(self, group: str, rooms: Sequence[str], why: str = "") -> list[str]:
        """Take back all that the group of this name has in ``rooms``; as `give`."""
        why = one_line(why, 0, WHY_LENGTH, "why_long")

        def delta(room: Opened, subject: Subject) -> Delta:
            return Delta(revoked=(subject,)) if subject in room.facts.grants else Delta()

        return await self._change(group, rooms, delta, Change("group_taken", why=why))

    async def _change(
        self,
        name: str,
        rooms: Sequence[str] | None,
        delta: Callable[[Opened, Subject], Delta],
        what: Change,
    ) -> list[str]:
        def work(tx: Tx, touched: list[Opened]) -> list[str]:
            group = groups.by_key(tx, name_key(name))
            if group is None:
                raise ChatError("group_not_found")
            for room in _opened(tx, overview.grantable(tx) if rooms is None else rooms):
                if (change := delta(room, group_subject(group.id))) != Delta():
                    room.write(Kind.ACCESS, None, change)
                    touched.append(room)
            seqs = {room.head.room: room.head.seq for room in touched}
            if seqs:
                journal.note(tx, Change(what.kind, group=group.id, why=what.why), seqs)
            return list(seqs)

        return await self._changes.commit(work)


def _opened(tx: Tx, wanted: Iterable[str]) -> list[Opened]:
    wanted = list(wanted)
    found = open_rooms(tx, wanted)
    for room in wanted:
        if room not in found or found[room].settings.deleted:
            raise RoomRefused("not_found", room)
        if found[room].settings.preset is Preset.DIRECT:
            raise RoomRefused("access_closed", room)
    return list(found.values())
