"""`app.py rights give` and `rights take`: what a group may do, in many rooms at once."""

from __future__ import annotations

import argparse
from typing import Literal

from msgspec import Struct

from core.config import Config
from core.errors import ChatError, ConfigError
from core.levels import Level
from live.bus import Bus
from rooms.bulk import Bulk, RoomRefused
from rooms.changes import Changes
from rooms.default_grants import LEVELS
from storage.engine import Database, StorageDown
from storage.migrate import check_current

Verbs = argparse._SubParsersAction  # argparse has no public name for it


class BulkChange(Struct, frozen=True):
    """``rooms`` None: all of them. ``level`` None: all that the group has is taken back."""

    verb: Literal["give", "take"]
    group: str
    rooms: tuple[str, ...] | None
    level: Level | None = None
    why: str = ""


def add_bulk_verbs(verbs: Verbs[argparse.ArgumentParser]) -> None:
    """Teach ``app.py rights`` its verbs give and take."""
    give = verbs.add_parser("give", help="give a group a level in rooms, instead of what it has")
    give.add_argument("group", metavar="GROUP", help="the group's name")
    levels = [level.name.lower() for level in LEVELS]
    give.add_argument(
        "level", metavar="LEVEL", type=str.lower, choices=levels, help=", ".join(levels)
    )
    where = give.add_mutually_exclusive_group(required=True)
    where.add_argument("--all-rooms", action="store_true", help="in every room but direct ones")
    where.add_argument("rooms", metavar="ROOM", nargs="*", default=[], help="a room's id")
    take = verbs.add_parser("take", help="take back what rooms gave to a group")
    take.add_argument("group", metavar="GROUP", help="the group's name")
    take.add_argument("rooms", metavar="ROOM", nargs="+", help="a room's id")
    for verb in (give, take):
        verb.add_argument("--why", default="", metavar="TEXT", help="kept in each room's log")


def bulk_change(found: argparse.Namespace) -> BulkChange | None:
    """What was asked, if it was one of these verbs."""
    verb = getattr(found, "verb", None)
    if verb not in ("give", "take"):
        return None
    everywhere = getattr(found, "all_rooms", False)
    rooms = None if everywhere else tuple(found.rooms)
    level = Level[found.level.upper()] if verb == "give" else None
    return BulkChange(verb, found.group, rooms, level, found.why)


async def change_in_bulk(config: Config, asked: BulkChange) -> str:
    """Returns what was done, in a sentence. Raises `ConfigError`; then nothing was changed.

    A server may be running on the same database: it hears of it within a second.
    """
    check_current(config.database_url)
    database = Database(config.database_url)
    try:
        done = await _done(Bulk(Changes(database, Bus())), asked)
    except StorageDown:
        raise
    except ChatError as error:
        raise ConfigError(_refusal(error, asked)) from None
    finally:
        database.close()
    if not done:
        return "Nothing to change: it was like that already."
    count = "1 room" if len(done) == 1 else f"{len(done)} rooms"
    return f"Changed in {count}:\n" + "\n".join(f"    {room}" for room in done)


async def _done(service: Bulk, asked: BulkChange) -> list[str]:
    if asked.level is not None:
        return await service.give(asked.group, asked.level, asked.rooms, asked.why)
    return await service.take(asked.group, asked.rooms or (), asked.why)


def _refusal(error: ChatError, asked: BulkChange) -> str:
    room = error.room if isinstance(error, RoomRefused) else ""
    sentence = {
        "group_not_found": f"There is no group called '{asked.group}'.",
        "not_found": f"There is no room '{room}': name rooms by their id, as /admin/rooms has it.",
        "access_closed": f"'{room}' is a direct room: who is in it cannot be changed.",
        "why_long": "A reason has at most 200 characters, on one line.",
    }[error.code]
    return f"{sentence} Nothing was changed."
