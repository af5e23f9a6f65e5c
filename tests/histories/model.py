"""A room by its log, written another way than the program: sets of rules that hold or do not.

No level is computed. For each question it is asked whether some rule lifts a person onto the rung
that it needs, and whether any keeps them off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from core.access import Delta
from core.log import Entry

RUNGS = ("HIDDEN", "SEE", "ASK", "READ", "POST", "MODERATE", "OWN")
Aside = tuple[int, Delta]
"""What happened to accounts outside the log, after the entry with this seq."""


@dataclass(frozen=True)
class After:
    """Who could do what after an entry."""

    readers: frozenset[str]
    hearers: frozenset[str]
    posters: frozenset[str]


@dataclass
class Rules:
    people: Sequence[str]
    guests: frozenset[str]
    grants: set[tuple[str, str, str]] = field(default_factory=set)
    caps: set[tuple[str, str]] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    unusable: set[str] = field(default_factory=set)
    in_group: set[tuple[str, str]] = field(default_factory=set)
    archived: bool = False
    post_from: str = "POST"

    def take(self, delta: Delta) -> None:
        gone = {(subject.kind.value, subject.id) for subject in delta.revoked}
        gone |= {(grant.subject.kind.value, grant.subject.id) for grant in delta.grants}
        self.grants = {rule for rule in self.grants if rule[:2] not in gone}
        for grant in delta.grants:
            self.grants.add((grant.subject.kind.value, grant.subject.id, grant.level.name))
        self.caps -= {(person, level.name) for person, level in delta.uncapped}
        self.caps |= {(cap.person, cap.level.name) for cap in delta.caps}
        self.members = (self.members | set(delta.joined)) - set(delta.left)
        for account in delta.accounts:
            self.unusable -= {account.id}
            self.unusable |= {account.id} if account.state.value != "active" else set()
            self.in_group = {pair for pair in self.in_group if pair[0] != account.id}
            self.in_group |= {(account.id, group) for group in account.groups}
        if delta.settings is not None and delta.settings.archived is not None:
            self.archived = delta.settings.archived
        if delta.settings is not None and delta.settings.raised is not None:
            raised = delta.settings.raised.get("post")
            self.post_from = raised.name if raised is not None else "POST"

    def stands_on(self, who: str, rung: str) -> bool:
        height = RUNGS.index(rung)
        lifted = any(
            RUNGS.index(level) >= height and self._is_for(who, kind, id)
            for kind, id, level in self.grants
        )
        kept_off = any(person == who and RUNGS.index(level) < height for person, level in self.caps)
        return lifted and not kept_off and who not in self.unusable

    def _is_for(self, who: str, kind: str, id: str) -> bool:
        if kind == "everyone":
            return who not in self.guests
        return id == who if kind in ("person", "glass") else (who, id) in self.in_group

    def after(self) -> After:
        readers = frozenset(who for who in self.people if self.stands_on(who, "READ"))
        posting = frozenset(who for who in self.people if self.stands_on(who, self.post_from))
        return After(
            readers, readers & frozenset(self.members), frozenset() if self.archived else posting
        )


class Truth:
    """What may be said of one room, from its log alone and what happened to accounts aside."""

    def __init__(
        self,
        log: Sequence[Entry],
        people: Sequence[str],
        guests: Iterable[str],
        asides: Sequence[Aside],
        *,
        since_joining: bool,
    ) -> None:
        self.log = log
        self.rules = Rules(people, frozenset(guests))
        self.since_joining = since_joining
        nobody: frozenset[str] = frozenset()
        self.states = [After(nobody, nobody, nobody)]
        """By seq; where something happened aside, readers are those before and after it."""
        for entry in log:
            if entry.delta is not None:
                self.rules.take(entry.delta)
            now = self.rules.after()
            for _, delta in (aside for aside in asides if aside[0] == entry.seq):
                self.rules.take(delta)
                later = self.rules.after()
                now = After(now.readers | later.readers, later.hearers, later.posters)
            self.states.append(now)

    def intervals(self, who: str, head: int) -> list[tuple[int, int]]:
        """The entries that someone may read as of ``head``, if they may read at all."""
        if not self.since_joining:
            return [(1, head)]
        found: list[tuple[int, int]] = []
        since = None
        for seq in range(1, head + 1):
            hears = who in self.states[seq].hearers
            if hears and since is None:
                since = seq
            elif not hears and since is not None:
                found.append((since, seq))
                since = None
        return found + ([(since, head)] if since is not None else [])

    def shows(self, who: str, seq: int, head: int) -> bool:
        return any(first <= seq <= last for first, last in self.intervals(who, head))

    def loss_after(self, who: str, head: int) -> int | None:
        """The entry at which someone who heard the room at ``head`` did not any more."""
        later = range(head + 1, len(self.states))
        return next((seq for seq in later if who not in self.states[seq].hearers), None)
