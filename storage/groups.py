"""Groups of people, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct, structs
from sqlalchemy import delete, func, insert, select, update

from core.access import SubjectKind
from storage.engine import Tx
from storage.people import batches
from storage.schema import accounts, grants, group_members, groups, journal


class Group(Struct, frozen=True):
    """A named set of people. ``key``: the name as it is compared."""

    id: str
    name: str
    key: str
    about: str
    made_by: str | None
    created_at: int


class Member(Struct, frozen=True):
    """Someone in a group. ``until``: when it ends by itself (ms)."""

    person: str
    nickname: str
    added_by: str | None
    added_at: int
    until: int | None


def add(tx: Tx, group: Group) -> None:
    tx.conn.execute(insert(groups).values(**structs.asdict(group)))


def change(tx: Tx, group: str, name: str, key: str, about: str) -> None:
    statement = update(groups).where(groups.c.id == group)
    tx.conn.execute(statement.values(name=name, key=key, about=about))


def remove(tx: Tx, group: str) -> None:
    """Nothing names it any more."""
    tx.conn.execute(delete(group_members).where(group_members.c.group == group))
    tx.conn.execute(delete(groups).where(groups.c.id == group))


def get(tx: Tx, group: str) -> Group | None:
    row = tx.conn.execute(select(groups).where(groups.c.id == group)).one_or_none()
    return Group(*row) if row else None


def by_key(tx: Tx, key: str) -> Group | None:
    row = tx.conn.execute(select(groups).where(groups.c.key == key)).one_or_none()
    return Group(*row) if row else None


def every(tx: Tx) -> list[Group]:
    """All groups, by name."""
    return [Group(*row) for row in tx.conn.execute(select(groups).order_by(groups.c.name))]


def named(tx: Tx, ids: Iterable[str]) -> dict[str, str]:
    """Names, by id."""
    found: dict[str, str] = {}
    for some in batches(ids):
        query = select(groups.c.id, groups.c.name).where(groups.c.id.in_(some))
        found.update((row.id, row.name) for row in tx.conn.execute(query))
    return found


def members(tx: Tx, group: str) -> list[Member]:
    """Who is in a group, by nickname."""
    query = (
        select(
            group_members.c.person,
            accounts.c.nickname,
            group_members.c.added_by,
            group_members.c.added_at,
            group_members.c.until,
        )
        .join(accounts, accounts.c.id == group_members.c.person)
        .where(group_members.c.group == group)
        .order_by(accounts.c.nickname, accounts.c.id)
    )
    return [Member(*row) for row in tx.conn.execute(query)]


def people_in(tx: Tx, group: str) -> list[str]:
    query = select(group_members.c.person).where(group_members.c.group == group)
    return list(tx.conn.execute(query).scalars())


def ever_in(tx: Tx, wanted: Iterable[str]) -> set[str]:
    """Everyone who is, or was at some time, in one of the groups."""
    found: set[str] = set()
    for some in batches(wanted):
        now = select(group_members.c.person).where(group_members.c.group.in_(some))
        once = select(journal.c.person).where(
            journal.c.group.in_(some), journal.c.person.is_not(None)
        )
        found.update(tx.conn.execute(now.union(once)).scalars())
    return found


def sizes(tx: Tx) -> dict[str, int]:
    """How many are in each group that anyone is in."""
    query = select(group_members.c.group, func.count().label("size"))
    return {row.group: row.size for row in tx.conn.execute(query.group_by(group_members.c.group))}


def put_in(tx: Tx, group: str, person: str, *, by: str | None, until: int | None) -> None:
    """Make ``person`` a member, or change until when they are."""
    take_out(tx, group, person)
    values = {"group": group, "person": person, "added_by": by, "added_at": tx.now()}
    tx.conn.execute(insert(group_members).values(until=until, **values))


def take_out(tx: Tx, group: str, person: str) -> bool:
    """False if they were not in it."""
    here = (group_members.c.group == group) & (group_members.c.person == person)
    return tx.conn.execute(delete(group_members).where(here)).rowcount == 1


def rooms_naming(tx: Tx, group: str) -> list[str]:
    """The rooms whose access list names the group."""
    query = select(grants.c.room).where(
        grants.c.subject_kind == SubjectKind.GROUP.value, grants.c.subject == group
    )
    return list(tx.conn.execute(query.order_by(grants.c.room)).scalars())
