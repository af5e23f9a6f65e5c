"""Whom and which room a typed name means: for admins, and for whoever runs the machine."""

from __future__ import annotations

from auth import labels, names
from storage import accounts, rooms
from storage.engine import Tx


def rooms_called(tx: Tx, text: str) -> list[str]:
    """The room with this id, else those with this name."""
    return [text] if rooms.settings_of(tx, text) is not None else rooms.by_name(tx, text)


def people_called(tx: Tx, text: str) -> list[str]:
    """Those with this login name, nickname or id; one name can be two people's."""
    name = names.find(text)
    named = accounts.by_name(tx, name) if name else None
    exact = accounts.get(tx, text)
    found = {account.id for account in (named, exact) if account}
    shown = labels.by_nickname(tx, text)
    return sorted(found | ({shown} if shown else set()))
