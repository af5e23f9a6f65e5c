"""What every new room gives besides its preset."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import delete, insert, select

from core.access import Subject, SubjectKind
from core.levels import Level
from storage.engine import Tx
from storage.schema import default_grants


class DefaultGrant(Struct, frozen=True):
    """A grant to be, for a group or for everyone."""

    subject: Subject
    level: Level


def every(tx: Tx) -> list[DefaultGrant]:
    query = select(default_grants).order_by(default_grants.c.subject_kind, default_grants.c.subject)
    return [
        DefaultGrant(Subject(SubjectKind(row.subject_kind), row.subject), Level(row.level))
        for row in tx.conn.execute(query)
    ]


def level_of(tx: Tx, group: str) -> Level:
    """What new rooms give to a group."""
    query = select(default_grants.c.level).where(
        default_grants.c.subject_kind == SubjectKind.GROUP.value,
        default_grants.c.subject == group,
    )
    return Level(tx.conn.execute(query).scalar_one_or_none() or Level.HIDDEN)


def put(tx: Tx, grant: DefaultGrant) -> None:
    """Instead of what its subject is given now."""
    take(tx, grant.subject)
    kind, subject = grant.subject
    values = {"subject_kind": kind.value, "subject": subject, "level": int(grant.level)}
    tx.conn.execute(insert(default_grants).values(values))


def take(tx: Tx, subject: Subject) -> bool:
    """False if there was none."""
    same = (default_grants.c.subject_kind == subject.kind.value) & (
        default_grants.c.subject == subject.id
    )
    return tx.conn.execute(delete(default_grants).where(same)).rowcount == 1
