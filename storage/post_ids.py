"""What became of each post, by its author's own id for it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import insert, select, tuple_

from storage.engine import Tx
from storage.schema import post_ids


class Outcome(Struct, frozen=True):
    """A post was kept as ``seq`` at ``at`` (ms), or refused with the error code ``refusal``."""

    author: str
    client_id: str
    room: str
    seq: int | None
    refusal: str | None
    at: int
    text_hash: str


_COLUMNS = (
    post_ids.c.author,
    post_ids.c.client_id,
    post_ids.c.room,
    post_ids.c.seq,
    post_ids.c.refusal,
    post_ids.c.at,
    post_ids.c.text_hash,
)


def known(tx: Tx, ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Outcome]:
    """The outcomes of those (author, client id) that were sent before."""
    wanted = list(ids)
    query = select(*_COLUMNS).where(tuple_(post_ids.c.author, post_ids.c.client_id).in_(wanted))
    return {(row.author, row.client_id): Outcome(*row) for row in tx.conn.execute(query)}


def keep(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """Remember outcomes for ever; they outlive the posts' deletion."""
    if outcomes:
        names = [column.name for column in _COLUMNS]
        values = [{name: getattr(outcome, name) for name in names} for outcome in outcomes]
        tx.conn.execute(insert(post_ids), values)
