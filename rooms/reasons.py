"""Why someone may or may not, as data: for those who may see everyone's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from core.access import Cap, Grant, Subject, SubjectKind
from core.records import Person
from rooms.permissions import Decision
from storage import groups, people
from storage.engine import Tx


class Reason(Struct, frozen=True):
    """A grant or a cap. ``subject``: everyone, group, person, glass; ``name``: the group's or the
    person's. ``by``: the giver's nickname."""

    kind: str
    subject: str
    name: str
    level: str
    by: str | None
    at: int
    why: str
    until: int | None


class Able(Struct, frozen=True):
    """Someone, their level, and what made it so."""

    id: str
    nickname: str
    level: str
    because: list[Reason]


class Names:
    """Nicknames and group names, read at once."""

    def __init__(
        self, tx: Tx, reasons: Iterable[Grant | Cap], others: Iterable[str | None] = ()
    ) -> None:
        told = list(reasons)
        subjects = {reason.subject for reason in told}
        personal = (subject.id for subject in subjects if subject.kind.is_personal)
        ids = [*others, *(reason.by for reason in told), *personal]
        self._people = people.persons(tx, (id for id in ids if id))
        self._groups = groups.named(tx, (s.id for s in subjects if s.kind is SubjectKind.GROUP))

    def who(self, id: str | None) -> Person | None:
        return self._people.get(id) if id else None

    def person(self, id: str | None) -> str | None:
        """What is not there any more goes by its id."""
        found = self.who(id)
        return found.nickname if found else id or None

    def group(self, id: str) -> str | None:
        return self._groups.get(id)

    def subject(self, subject: Subject) -> str:
        """The group's name or the person's; empty for everyone."""
        if subject.kind is SubjectKind.GROUP:
            return self.group(subject.id) or subject.id
        return self.person(subject.id) or ""

    def reason(self, reason: Grant | Cap) -> Reason:
        return Reason(
            kind="cap" if isinstance(reason, Cap) else "grant",
            subject=reason.subject.kind.value,
            name=self.subject(reason.subject),
            level=reason.level.name,
            by=self.person(reason.by),
            at=reason.at,
            why=reason.why,
            until=reason.until,
        )

    def able(self, decided: Mapping[str, Decision]) -> list[Able]:
        """By nickname."""
        rows = [
            Able(
                id,
                self.person(id) or "",
                decision.level.name,
                [self.reason(reason) for reason in decision.because],
            )
            for id, decision in decided.items()
        ]
        return sorted(rows, key=lambda row: (row.nickname.casefold(), row.id))
