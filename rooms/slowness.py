"""How long slow mode lets someone wait yet, as of a snapshot."""

from __future__ import annotations

from core.access import Facts
from storage import last_posts
from storage.engine import Tx


def wait_of(tx: Tx, room: str, facts: Facts) -> float:
    """Seconds; 0 where nobody waits."""
    slow = facts.room.slow
    last = last_posts.last_at(tx, room, facts.person.id) if slow else None
    return 0.0 if last is None else max(0.0, slow - (tx.now() - last) / 1000)
