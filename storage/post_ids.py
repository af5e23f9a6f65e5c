"""What became of each post, by its author's own id for it: an entry of a log, or a refusal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, bindparam, insert, or_, select

from storage.engine import Tx
from storage.prepared import Keys, Prepared, PreparedList
from storage.schema import entries, refusals

Key = tuple[str, str]
"""(author, client id)."""


class Outcome(Struct, frozen=True):
    """A post was kept as ``seq`` at ``at`` (ms), or refused with the error code ``refusal``.

    ``text`` is what was kept, None if it was blanked since; of refusals only the hash is known.
    """

    room: str
    at: int
    seq: int | None = None
    text: str | None = None
    refusal: str | None = None
    text_hash: str | None = None

    def is_of(self, key: Key, room: str, text: str) -> bool:
        """Whether it is that of such a post: the same id may not stand for another."""
        if room != self.room:
            return False
        if self.text_hash is not None:
            return self.text_hash == hash_of(key, text)
        return self.text is None or self.text == text


def hash_of(key: Key, text: str) -> str:
    """Tells a retry of a refused post from another text under the same id."""
    return hashlib.sha256("\0".join([*key, text]).encode()).hexdigest()


def known(tx: Tx, keys: Iterable[Key]) -> dict[Key, Outcome]:
    """The outcomes of those that were sent before."""
    wanted = list(keys)
    found = {
        (author, client_id): Outcome(room, at, refusal=code, text_hash=text_hash)
        for author, client_id, room, at, code, text_hash in _REFUSED.rows(tx, wanted)
    }
    for author, client_id, room, at, seq, text in _KEPT.rows(tx, wanted):
        found[author, client_id] = Outcome(room, at, seq, text)
    return found


def refuse(tx: Tx, refused: Sequence[tuple[Key, Outcome]]) -> None:
    """Remember refusals for ever. What is kept is an entry of the log, and remembered by that."""
    rows = [(*key, it.room, it.at, it.refusal, it.text_hash) for key, it in refused]
    _REFUSE.run_all(tx, rows)


def _either(keys: Keys, author: ColumnElement[Any], client_id: ColumnElement[Any]) -> Any:
    """One comparison for each key: for a list of pairs SQLite would read the whole table."""
    return or_(*(and_(author == one, client_id == other) for one, other in keys))


_KEPT = PreparedList(
    2,
    lambda keys: select(
        entries.c.author,
        entries.c.client_id,
        entries.c.room,
        entries.c.at,
        entries.c.seq,
        entries.c.text,
    ).where(_either(keys, entries.c.author, entries.c.client_id)),
)
_REFUSAL = ("author", "client_id", "room", "at", "code", "text_hash")
_REFUSED = PreparedList(
    2,
    lambda keys: select(*(refusals.c[name] for name in _REFUSAL)).where(
        _either(keys, refusals.c.author, refusals.c.client_id)
    ),
)
_REFUSE = Prepared(insert(refusals).values({name: bindparam(name) for name in _REFUSAL}), *_REFUSAL)
