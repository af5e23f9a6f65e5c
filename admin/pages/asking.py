"""What handlers of these pages share: who asks, and what was typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from admin.pages.handler import AdminHandler
from core.errors import ChatError
from core.levels import Level


class AskingHandler(AdminHandler):
    """A page or form of an admin."""

    def typed(self, *names: str) -> dict[str, str]:
        """The fields of the form that was sent."""
        return {name: self.get_body_argument(name, "") for name in names}


def level_named(text: str) -> Level:
    """Raises `bad_request` for what a form cannot have sent."""
    try:
        return Level[text]
    except KeyError:
        raise ChatError("bad_request") from None


def end_of(day: str) -> int | None:
    """The end (ms) of a day, typed as 2026-11-24, in UTC; None if nothing was typed.

    Raises `until_past` for what is no day at all.
    """
    if not day:
        return None
    try:
        start = datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
        return int((start + timedelta(days=1)).timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ChatError("until_past") from None
