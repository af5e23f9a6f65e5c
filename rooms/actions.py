"""The catalogue of actions: what can be done in a room, and from which level on."""

from __future__ import annotations

from msgspec import Struct

from core.errors import ChatError
from core.i18n import N_
from core.levels import Level


class Action(Struct, frozen=True):
    """One row. No room may ask for less than ``floor``; without a setting, ``default`` counts.

    ``when_archived``: whether it remains possible in an archived room. ``slowed``: whether slow
    mode makes people below MODERATE wait between one and the next.
    """

    name: str
    floor: Level
    default: Level
    when_archived: bool
    text: str
    slowed: bool = False


_CATALOGUE = [
    Action("see", Level.SEE, Level.SEE, True, N_("see the room in the directory")),
    Action("ask", Level.ASK, Level.ASK, False, N_("ask to be let in")),
    Action("join", Level.READ, Level.READ, True, N_("join the room")),
    Action("read", Level.READ, Level.READ, True, N_("read messages")),
    Action("post", Level.POST, Level.POST, False, N_("write messages"), slowed=True),
    Action("invite", Level.MODERATE, Level.MODERATE, True, N_("invite people and let them in")),
    Action("remove", Level.MODERATE, Level.MODERATE, True, N_("remove people")),
    Action("mute", Level.MODERATE, Level.MODERATE, True, N_("mute people")),
    Action("ban", Level.MODERATE, Level.MODERATE, True, N_("ban people")),
    Action("rights", Level.MODERATE, Level.MODERATE, True, N_("see everyone’s rights and reasons")),
    Action("appoint", Level.OWN, Level.OWN, True, N_("make moderators and owners")),
    Action("open", Level.OWN, Level.OWN, True, N_("let groups or everyone in")),
    Action("settings", Level.OWN, Level.OWN, False, N_("change the room’s settings")),
    Action("archive", Level.OWN, Level.OWN, True, N_("archive the room, and take it back")),
    Action("delete", Level.OWN, Level.OWN, True, N_("delete the room")),
]

ACTIONS: dict[str, Action] = {action.name: action for action in _CATALOGUE}

TEXTS: dict[str, str] = {action.name: action.text for action in _CATALOGUE}
"""What each is called, to be translated."""


def check_is_action(name: str) -> None:
    """Raises `bad_request` for what no action is called."""
    if name not in ACTIONS:
        raise ChatError("bad_request")
