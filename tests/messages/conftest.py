"""The house and the people of tests/rooms."""

from tests.rooms.conftest import adam, ann, bo, cy, empty_database, gus, house

__all__ = ["adam", "ann", "bo", "cy", "empty_database", "gus", "house"]
