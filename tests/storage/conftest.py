"""The house of tests/rooms."""

from tests.rooms.conftest import empty_database, house

__all__ = ["empty_database", "house"]
