"""The facts that rights are decided from, and how an entry of a room's log changes them."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import msgspec
from msgspec import Struct

from core.levels import Level
from core.records import Role, State


class SubjectKind(StrEnum):
    """Whom a grant is given to."""

    EVERYONE = "everyone"
    GROUP = "group"
    PERSON = "person"
    GLASS = "glass"
    """A person again: an admin who broke the glass, beside any grant of their own."""

    @property
    def is_personal(self) -> bool:
        """Whether it names one person."""
        return self in (SubjectKind.PERSON, SubjectKind.GLASS)


class Subject(NamedTuple):
    """One receiver of a grant; ``id`` is empty for everyone."""

    kind: SubjectKind
    id: str


EVERYONE = Subject(SubjectKind.EVERYONE, "")


def person_subject(person: str) -> Subject:
    return Subject(SubjectKind.PERSON, person)


def group_subject(group: str) -> Subject:
    return Subject(SubjectKind.GROUP, group)


def glass_subject(person: str) -> Subject:
    return Subject(SubjectKind.GLASS, person)


def own_subjects(person: str) -> tuple[Subject, Subject]:
    """By which a grant names ``person`` themself."""
    return person_subject(person), glass_subject(person)


class Preset(StrEnum):
    """The one-click shapes of a room."""

    OPEN = "open"
    LISTED = "listed"
    PRIVATE = "private"
    ANNOUNCEMENTS = "announcements"
    DIRECT = "direct"


class History(StrEnum):
    """What of the past a reader may read."""

    ALL = "all"
    JOINED = "joined"


class Grant(Struct, frozen=True):
    """Raises ``subject`` to ``level``. ``until`` is None or ms; it ends by an entry of the log."""

    subject: Subject
    level: Level
    by: str | None
    at: int
    why: str = ""
    until: int | None = None


class Cap(Struct, frozen=True):
    """Lowers ``person`` to ``level`` at most: READ is a mute, HIDDEN a ban."""

    person: str
    level: Level
    by: str | None
    at: int
    why: str = ""
    until: int | None = None

    @property
    def subject(self) -> Subject:
        """Whom it is about, as a grant says it."""
        return person_subject(self.person)


class PersonFacts(Struct, frozen=True, omit_defaults=True):
    """What about a person bears on rights anywhere."""

    id: str
    role: Role
    state: State = State.ACTIVE
    groups: frozenset[str] = frozenset()
    token_level: Level | None = None
    token_actions: frozenset[str] | None = None
    """What a token may do at all; None: whatever its level allows."""

    @property
    def without_token(self) -> PersonFacts:
        """The person, who may more than the token that they act by."""
        return msgspec.structs.replace(self, token_level=None, token_actions=None)


def with_token_of(person: PersonFacts, before: PersonFacts) -> PersonFacts:
    """What became of ``person``, who still acts by the same token."""
    return msgspec.structs.replace(
        person, token_level=before.token_level, token_actions=before.token_actions
    )


class Settings(Struct, frozen=True, omit_defaults=True):
    """A room's settings; in a delta, None means unchanged."""

    name: str | None = None
    topic: str | None = None
    preset: Preset | None = None
    history: History | None = None
    archived: bool | None = None
    raised: dict[str, Level] | None = None
    """Actions that this room allows only from a higher level on than the catalogue's default."""
    slow: int | None = None
    """Seconds between two posts of one person below MODERATE; 0: none."""
    open_from: int | None = None
    """With history *all*: entries from this seq on are for every reader, older ones by spans."""
    deleted: bool | None = None


class Delta(Struct, frozen=True, omit_defaults=True):
    """All that one access entry changes. Applied to facts, to tables and by replay alike."""

    settings: Settings | None = None
    grants: tuple[Grant, ...] = ()
    revoked: tuple[Subject, ...] = ()
    caps: tuple[Cap, ...] = ()
    uncapped: tuple[tuple[str, Level], ...] = ()
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    accounts: tuple[PersonFacts, ...] = ()
    """People whose account changed (role, state, groups), as they are now. Where a group is named
    that was not before: members of the room who are or once were in it, too."""

    @property
    def is_room_wide(self) -> bool:
        """Whether it can change the answer for people whom it does not name."""
        subjects = (*(grant.subject for grant in self.grants), *self.revoked)
        return not all(subject.kind.is_personal for subject in subjects) or self._resets

    @property
    def _resets(self) -> bool:
        settings = self.settings
        return settings is not None and (
            settings.archived is not None
            or settings.raised is not None
            or settings.history is not None
            or settings.slow is not None
        )

    @property
    def people(self) -> frozenset[str]:
        """Everyone whom it names."""
        subjects = (*(grant.subject for grant in self.grants), *self.revoked)
        named = {subject.id for subject in subjects if subject.kind.is_personal}
        named |= {cap.person for cap in self.caps} | {person for person, _ in self.uncapped}
        named |= {account.id for account in self.accounts}
        return frozenset(named | {*self.joined, *self.left})

    @property
    def told(self) -> frozenset[str]:
        """Those whom its readers are told of: not who is in a group that it names."""
        if any(grant.subject.kind is SubjectKind.GROUP for grant in self.grants):
            return msgspec.structs.replace(self, accounts=()).people
        return self.people

    @property
    def changes_rights(self) -> bool:
        """False for joins, leaves and renames alone, which change nobody's level."""
        return bool(
            self.is_room_wide
            or self.grants
            or self.revoked
            or self.caps
            or self.uncapped
            or self.accounts
        )


class RoomFacts:
    """What about a room bears on rights there. A room that is not there has no grants at all.

    Owned by one place at a time: `apply` changes it.
    """

    def __init__(
        self,
        settings: Settings,
        grants: tuple[Grant, ...] = (),
        caps: tuple[Cap, ...] = (),
        members: frozenset[str] = frozenset(),
    ) -> None:
        self.history = settings.history or History.ALL
        self.archived = bool(settings.archived)
        self.raised = dict(settings.raised or {})
        self.slow = settings.slow or 0
        self.open_from = settings.open_from or 0
        self.direct = settings.preset is Preset.DIRECT
        self.grants: dict[Subject, Grant] = {grant.subject: grant for grant in grants}
        self.caps: dict[str, dict[Level, Cap]] = {}
        self.members = set(members)
        for cap in caps:
            self.caps.setdefault(cap.person, {})[cap.level] = cap

    @property
    def people_granted(self) -> set[str]:
        """Those with a grant of their own."""
        return {subject.id for subject in self.grants if subject.kind.is_personal}

    @property
    def groups_granted(self) -> set[str]:
        return {subject.id for subject in self.grants if subject.kind is SubjectKind.GROUP}

    @property
    def all_caps(self) -> list[Cap]:
        return [cap for own in self.caps.values() for cap in own.values()]

    def apply(self, delta: Delta) -> None:
        """Become what the room is after the entry that carries ``delta``."""
        for subject in delta.revoked:
            self.grants.pop(subject, None)
        for grant in delta.grants:
            self.grants[grant.subject] = grant
        for person, level in delta.uncapped:
            self.caps.get(person, {}).pop(level, None)
        for cap in delta.caps:
            self.caps.setdefault(cap.person, {})[cap.level] = cap
        self.members.update(delta.joined)
        self.members.difference_update(delta.left)
        if delta.settings is not None:
            self._apply_settings(delta.settings)

    def _apply_settings(self, settings: Settings) -> None:
        if settings.history is not None:
            self.history = settings.history
        if settings.archived is not None:
            self.archived = settings.archived
        if settings.raised is not None:
            self.raised = dict(settings.raised)
        if settings.slow is not None:
            self.slow = settings.slow
        if settings.open_from is not None:
            self.open_from = settings.open_from

    def copy(self) -> RoomFacts:
        """Another one, that can be changed without this one."""
        other = RoomFacts(Settings(), tuple(self.grants.values()), (), frozenset(self.members))
        other.history, other.archived, other.raised = self.history, self.archived, dict(self.raised)
        other.slow, other.open_from = self.slow, self.open_from
        other.direct = self.direct
        other.caps = {person: dict(caps) for person, caps in self.caps.items()}
        return other


class Facts(NamedTuple):
    """All that a decision is made from. ``wait``: seconds until slow mode lets the person post
    again, as of the moment that is decided for."""

    person: PersonFacts
    room: RoomFacts
    wait: float = 0.0


encode_delta = msgspec.json.Encoder().encode
decode_delta = msgspec.json.Decoder(Delta).decode
