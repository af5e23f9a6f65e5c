"""Who may do what in a room: the access list, trying a change out, saving it, the whole table."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from api.protocol import Id
from api.rest.handler import RestHandler
from core.access import EVERYONE, History, Subject, group_subject, person_subject
from core.errors import ChatError
from core.levels import Level
from rooms.changing import Changing
from rooms.rights_table import RightsTable
from rooms.wishes import CapWish, GrantWish, SettingsWish, Wish
from web.guards import Guard

LevelName = Literal["SEE", "ASK", "READ", "POST", "MODERATE", "OWN"]
Reason = Annotated[str, Meta(max_length=400)]
Ms = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Several = Meta(max_length=100)


class _Body(Struct, frozen=True, forbid_unknown_fields=True):
    """A body of these addresses."""


class GrantChange(_Body, frozen=True):
    """``id``: of the person or group; ``level`` None takes the grant back."""

    to: Literal["everyone", "group", "person"]
    level: LevelName | None
    id: Id | None = None
    until: Ms | None = None
    why: Reason = ""


class CapChange(_Body, frozen=True):
    """``kind`` "mute" or "ban"; ``lift`` ends it."""

    person: Id
    kind: Literal["mute", "ban"]
    lift: bool = False
    until: Ms | None = None
    why: Reason = ""


class SettingsChange(_Body, frozen=True):
    """What is left out stays. ``slow``: seconds between one person's messages, 0 for none."""

    raised: dict[str, LevelName] | None = None
    slow: Annotated[int, Meta(ge=0)] | None = None
    history: Literal["all", "joined"] | None = None
    reveal: bool = False
    archived: bool | None = None


class Change(_Body, frozen=True):
    """One change, saved as one entry. ``version``: refused if the rights changed since then."""

    grants: Annotated[list[GrantChange], Several] = []
    caps: Annotated[list[CapChange], Several] = []
    settings: SettingsChange | None = None
    version: Ms | None = None

    def wish(self) -> Wish:
        """Raises `bad_request` if a grant names nobody."""
        settings = self.settings
        return Wish(
            grants=tuple(
                GrantWish(_subject(it), Level[it.level] if it.level else None, it.until, it.why)
                for it in self.grants
            ),
            caps=tuple(
                CapWish(it.person, _CAPS[it.kind], it.lift, it.until, it.why) for it in self.caps
            ),
            settings=None if settings is None else _settings(settings),
        )


class Access(RestHandler):
    """GET: the access list. POST: change it."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, rights: RightsTable, changing: Changing) -> None:
        self._rights = rights
        self._changing = changing

    async def get(self, room: str) -> None:
        self.send_json(await self._rights.access(self.who, room))

    async def post(self, room: str) -> None:
        change = self.read_json(Change)
        self.send_json(await self._changing.save(self.who, room, change.wish(), change.version))


class AccessPreview(RestHandler):
    """POST: who would gain and lose what by a change; nothing is saved."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, changing: Changing) -> None:
        self._changing = changing

    async def post(self, room: str) -> None:
        change = self.read_json(Change)
        self.send_json(await self._changing.preview(self.who, room, change.wish()))


class Rights(RestHandler):
    """GET: people × actions, a page from ``offset`` on; only ``name`` or ``action`` if asked."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, rights: RightsTable) -> None:
        self._rights = rights

    async def get(self, room: str) -> None:
        action = self.get_query_argument("action", None) or None
        name = self.get_query_argument("name", "")
        offset = self.number("offset", 0) or 0
        self.send_json(await self._rights.page(self.who, room, name, action, offset))


def _subject(change: GrantChange) -> Subject:
    if change.to == "everyone":
        return EVERYONE
    if change.id is None:
        raise ChatError("bad_request")
    return group_subject(change.id) if change.to == "group" else person_subject(change.id)


_CAPS = {"mute": Level.READ, "ban": Level.HIDDEN}


def _settings(change: SettingsChange) -> SettingsWish:
    raised = change.raised
    return SettingsWish(
        raised=None if raised is None else {name: Level[level] for name, level in raised.items()},
        slow=change.slow,
        history=None if change.history is None else History(change.history),
        reveal=change.reveal,
        archived=change.archived,
    )
