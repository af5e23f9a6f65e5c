"""The open room that waits for everyone at the first log-in."""

from __future__ import annotations

from core.access import History, Preset
from rooms.ledger import make_room
from rooms.presets import first_delta
from storage import rooms
from storage.engine import Tx


def ensure_hall(tx: Tx, name: str) -> None:
    """Make it, unless a room awaits newcomers already. The first admin will own it."""
    if rooms.any_room(tx):
        return
    delta = first_delta(Preset.OPEN, name, "", None, tx.now(), History.ALL)
    make_room(tx, None, delta, awaits_newcomers=True)
