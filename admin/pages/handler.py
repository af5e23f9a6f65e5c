"""What all of these pages share: who looks, how many wait to be let in, what was typed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.errors import ChatError
from core.levels import Level
from core.records import Identity
from rooms.approvals import Approvals
from web.handler import Handler


class AdminHandler(Handler):
    """Subclasses are given ``approvals`` by `initialize`."""

    approvals: Approvals

    @property
    def me(self) -> Identity:
        if self.identity is None:
            raise ChatError("not_found")
        return self.identity

    async def show_page(self, template: str, status: int = 200, /, **values: object) -> None:
        """A page below the tabs, one of which tells how many wait."""
        waiting = await self.approvals.count(self.me)
        self.send_page(template, status, waiting_count=waiting, **values)

    def typed(self, *names: str) -> dict[str, str]:
        """The fields of the form that was sent."""
        return {name: self.get_body_argument(name, "") for name in names}


def number(text: str) -> int:
    """As typed; what is not a number is as wrong as 0."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0


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
