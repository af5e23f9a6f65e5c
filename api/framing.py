"""Turns what happened into frames: `live.listener.Framing`, and everything else that is sent."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from api import protocol
from api.protocol import ServerFrame, encoder
from core.access import Grant, Settings
from core.log import Entry, Kind
from core.records import Person
from live.frames import text_frame


def encoded(frame: ServerFrame) -> bytes:
    """One frame, ready to be handed to any number of sockets."""
    return text_frame(encoder.encode(frame))


def entry_frame(entry: Entry) -> protocol.Entry:
    """An entry's public face: no reasons, grants or expiries, but of broken glass."""
    if entry.kind is Kind.QUIET:
        return withheld_frame(entry)
    settings = entry.delta.settings if entry.delta else None
    glass = _glass(entry)
    return protocol.Entry(
        room=entry.room,
        seq=entry.seq,
        tag=entry.tag,
        at=entry.at,
        kind=entry.kind.value,
        by=entry.by or UNSET,
        people=_people(entry),
        text=UNSET if entry.text is None else entry.text,
        name=_name(entry.kind, settings),
        topic=_topic(entry.kind, settings),
        client_id=entry.client_id or UNSET,
        level=glass.level.name if glass else UNSET,
        until=glass.until if glass and glass.until else UNSET,
        why=glass.why if glass else UNSET,
    )


def withheld_frame(entry: Entry) -> protocol.Entry:
    """What stands for an entry that its reader may not see."""
    return protocol.Entry(
        room=entry.room, seq=entry.seq, tag=entry.tag, at=entry.at, kind=Kind.WITHHELD.value
    )


class Framing:
    """Ready frames for the hub."""

    def entry(self, entry: Entry) -> bytes:
        return encoded(entry_frame(entry))

    def withheld(self, entry: Entry) -> bytes:
        return encoded(withheld_frame(entry))

    def subscribed(self, request: int, room: str, seq: int, tag: str, reload: bool) -> bytes:
        return encoded(protocol.Subscribed(request, room, seq, tag, reload))

    def lost(self, room: str, seq: int, request: int | None) -> bytes:
        return encoded(protocol.Lost(room, seq, UNSET if request is None else request))

    def presence(self, room: str, here: list[Person], others: int) -> bytes:
        return encoded(protocol.Presence(room, here, others or UNSET))


def _glass(entry: Entry) -> Grant | None:
    """What an admin took by breaking the glass; None for all other entries, and when it ends."""
    if entry.kind is not Kind.GLASS or entry.delta is None:
        return None
    return next(iter(entry.delta.grants), None)


def _people(entry: Entry) -> list[Person] | UnsetType:
    return list(entry.people) if entry.people else UNSET


def _name(kind: Kind, settings: Settings | None) -> str | UnsetType:
    if settings is None or settings.name is None or kind not in (Kind.MADE, Kind.RENAMED):
        return UNSET
    return settings.name


def _topic(kind: Kind, settings: Settings | None) -> str | UnsetType:
    if settings is None or settings.topic is None or kind is not Kind.TOPIC:
        return UNSET
    return settings.topic
