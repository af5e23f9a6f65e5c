"""Making a room, and changing its name and topic."""

from __future__ import annotations

from auth.throttle import Limiter
from core.access import Delta, History, Preset, Settings
from core.errors import ChatError
from core.log import Kind
from core.records import Identity, Role
from rooms.acting import acting_in, actor, shown
from rooms.changes import Changes
from rooms.crowding import check_room_left
from rooms.default_grants import with_defaults
from rooms.ledger import Opened, make_room
from rooms.lines import one_line
from rooms.presets import first_delta
from storage.engine import Tx

NAME_LENGTH = 80
TOPIC_LENGTH = 250


class Making:
    """Makes rooms. ``by_admins_only``: the setting ``rooms_made_by``. ``limiter`` is by person."""

    def __init__(self, changes: Changes, limiter: Limiter, *, by_admins_only: bool) -> None:
        self._changes = changes
        self._limiter = limiter
        self._by_admins_only = by_admins_only

    def may_make(self, role: Role) -> bool:
        return role is Role.ADMIN or (role is Role.MEMBER and not self._by_admins_only)

    async def make(
        self,
        who: Identity,
        name: str,
        topic: str = "",
        preset: Preset = Preset.PRIVATE,
        history: History = History.ALL,
    ) -> str:
        """Make a room with ``who`` as its owner and first member; returns its id."""
        name, topic = clean_name(name), clean_topic(topic)
        if wait := self._limiter.take(who.account.id):
            raise ChatError("too_many_requests", retry_after=wait)

        def work(tx: Tx, touched: list[Opened]) -> str:
            person = actor(tx, who)
            if not self.may_make(person.role):
                raise ChatError("rooms_by_admins")
            if who.session.is_capped:
                raise ChatError("not_allowed")
            check_room_left(tx, [person.id])
            delta = first_delta(preset, name, topic, person.id, tx.now(), history)
            room = make_room(tx, shown(who), with_defaults(tx, delta))
            touched.append(room)
            return room.head.room

        return await self._changes.commit(work)

    async def describe(self, who: Identity, room: str, name: str | None, topic: str | None) -> None:
        """Change name, topic or both; what stays the same makes no entry."""
        name = clean_name(name) if name is not None else None
        topic = clean_topic(topic) if topic is not None else None

        def work(tx: Tx, touched: list[Opened]) -> None:
            acting = acting_in(tx, who, room, "settings")
            now = acting.room.settings
            if name is not None and name != now.name:
                acting.room.write(Kind.RENAMED, acting.shown, Delta(settings=Settings(name=name)))
            if topic is not None and topic != now.topic:
                acting.room.write(Kind.TOPIC, acting.shown, Delta(settings=Settings(topic=topic)))
            touched.append(acting.room)

        await self._changes.commit(work)


def clean_name(text: str) -> str:
    """A room's name as it is kept. Two rooms may bear the same one."""
    return one_line(text, 1, NAME_LENGTH, "room_name_bad")


def clean_topic(text: str) -> str:
    return one_line(text, 0, TOPIC_LENGTH, "room_topic_bad")
