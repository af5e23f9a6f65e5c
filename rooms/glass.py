"""Breaking the glass: how an admin comes to read or repair a room for a while, and all see it."""

from __future__ import annotations

from core.access import Delta, Grant, Preset, glass_subject
from core.clock import HOUR
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity
from rooms.acting import admin, shown
from rooms.changes import Changes
from rooms.ledger import Opened, open_room
from rooms.lines import WHY_LENGTH, one_line
from storage import journal
from storage.engine import Tx
from storage.journal import Change

LEVELS = (Level.READ, Level.OWN)
MOST_HOURS = 24


class Glass:
    """Gives admins a grant of its own kind. It ends by itself, may act on owners, and is none."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes

    async def shatter(self, who: Identity, room: str, level: Level, hours: int, why: str) -> None:
        """Take ``level``, READ or OWN, in the room for ``hours``; the room is told, and why.

        Caps of one's own are lifted: a room whose owners ban every admin can be repaired too.
        """
        why = one_line(why, 1, WHY_LENGTH, "why_missing")
        if level not in LEVELS:
            raise ChatError("bad_request")
        if not 1 <= hours <= MOST_HOURS:
            raise ChatError("glass_hours")

        def work(tx: Tx, touched: list[Opened]) -> None:
            me = admin(tx, who)
            opened = _open(tx, room)
            until = opened.at + hours * HOUR
            grant = Grant(glass_subject(me.id), level, me.id, opened.at, why, until)
            lifted = tuple((me.id, cap) for cap in opened.facts.caps.get(me.id, {}))
            opened.write(Kind.GLASS, shown(who), Delta(grants=(grant,), uncapped=lifted))
            what = Change("glass", me.id, me.id, why=why)
            journal.note(tx, what, {room: opened.head.seq})
            touched.append(opened)

        await self._changes.commit(work)

    async def mend(self, who: Identity, room: str, person: str) -> None:
        """End before its time what ``person`` took; any admin may. Raises `not_found`."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            me = admin(tx, who)
            opened = _open(tx, room)
            subject = glass_subject(person)
            if subject not in opened.facts.grants:
                raise ChatError("not_found")
            opened.write(Kind.GLASS, shown(who), Delta(revoked=(subject,)))
            what = Change("glass_ended", me.id, person)
            journal.note(tx, what, {room: opened.head.seq})
            touched.append(opened)

        await self._changes.commit(work)


def _open(tx: Tx, room: str) -> Opened:
    """Of direct rooms admins know only how many there are."""
    opened = open_room(tx, room)
    if opened.settings.preset is Preset.DIRECT or opened.settings.deleted:
        raise ChatError("not_found")
    return opened
