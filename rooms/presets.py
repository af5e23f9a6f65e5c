"""The one-click shapes of a room, as the grants and settings that they mean."""

from __future__ import annotations

from msgspec import Struct

from core.access import EVERYONE, Delta, Grant, History, Preset, Settings, person_subject
from core.levels import Level


class Shape(Struct, frozen=True):
    """What a preset gives to everyone signed in, and which actions it raises."""

    everyone: Level
    raised: dict[str, Level]


SHAPES: dict[Preset, Shape] = {
    Preset.OPEN: Shape(Level.POST, {}),
    Preset.LISTED: Shape(Level.ASK, {}),
    Preset.PRIVATE: Shape(Level.HIDDEN, {}),
    Preset.ANNOUNCEMENTS: Shape(Level.POST, {"post": Level.MODERATE}),
}


def first_delta(
    preset: Preset, name: str, topic: str, owner: str | None, at: int, history: History
) -> Delta:
    """The first entry of a room's log: its settings, its grants, and its owner as a member."""
    shape = SHAPES[preset]
    settings = Settings(
        name=name,
        topic=topic,
        preset=preset,
        history=history,
        archived=False,
        raised=dict(shape.raised),
    )
    grants = []
    if shape.everyone is not Level.HIDDEN:
        grants.append(Grant(EVERYONE, shape.everyone, owner, at))
    if owner is not None:
        grants.append(Grant(person_subject(owner), Level.OWN, owner, at))
    return Delta(
        settings=settings, grants=tuple(grants), joined=(owner,) if owner is not None else ()
    )
