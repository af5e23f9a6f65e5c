"""The ladder of levels that a person can have in a room."""

from enum import IntEnum


class Level(IntEnum):
    """Each level includes all below it; `rooms.actions` says what each allows."""

    HIDDEN = 0
    SEE = 1
    ASK = 2
    READ = 3
    POST = 4
    MODERATE = 5
    OWN = 6
