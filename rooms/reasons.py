"""Why someone may or may not, as data: for those who may see everyone's reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from core.access import Cap, Grant, SubjectKind
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
        self, tx: Tx, reasons: Iterable[Grant | Cap], others: Iterable[str | None]
    ) -> None:
        ids = {id for id in others if id}
        named: set[str] = set()
        for reason in reasons:
            ids |= {id for id in (reason.by, _person(reason)) if id}
            named |= {_group(reason)} - {""}
        self._shown = {id: person.nickname for id, person in people.persons(tx, ids).items()}
        self._groups = groups.named(tx, named)

    def person(self, id: str | None) -> str | None:
        """What is not there any more goes by its id."""
        return self._shown.get(id, id) if id else None

    def reason(self, reason: Grant | Cap) -> Reason:
        cap = isinstance(reason, Cap)
        group = _group(reason)
        return Reason(
            kind="cap" if cap else "grant",
            subject="person" if isinstance(reason, Cap) else reason.subject.kind.value,
            name=self._groups.get(group, group) or self.person(_person(reason)) or "",
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


def _person(reason: Grant | Cap) -> str:
    if isinstance(reason, Cap):
        return reason.person
    return reason.subject.id if reason.subject.kind.is_personal else ""


def _group(reason: Grant | Cap) -> str:
    grouped = isinstance(reason, Grant) and reason.subject.kind is SubjectKind.GROUP
    return reason.subject.id if isinstance(reason, Grant) and grouped else ""
