"""The catalogue of actions: what can be done in a room, and from which level on."""

from __future__ import annotations

from msgspec import Struct

from core.i18n import N_
from core.levels import Level


class Action(Struct, frozen=True):
    """One row. No room may ask for less than ``floor``; without a setting, ``default`` counts.

    ``when_archived``: whether it remains possible in an archived room.
    """

    name: str
    floor: Level
    default: Level
    when_archived: bool
    text: str


_CATALOGUE = [
    Action("see", Level.SEE, Level.SEE, True, N_("see the room in the directory")),
    Action("join", Level.READ, Level.READ, True, N_("join the room")),
    Action("read", Level.READ, Level.READ, True, N_("read messages")),
    Action("post", Level.POST, Level.POST, False, N_("write messages")),
    Action("invite", Level.MODERATE, Level.MODERATE, True, N_("invite people")),
    Action("remove", Level.MODERATE, Level.MODERATE, True, N_("remove people")),
    Action("settings", Level.OWN, Level.OWN, False, N_("change name and topic")),
]

ACTIONS: dict[str, Action] = {action.name: action for action in _CATALOGUE}
