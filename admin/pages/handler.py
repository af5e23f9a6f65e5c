"""What all of these pages share: who looks, and how many wait to be let in."""

from __future__ import annotations

from core.errors import ChatError
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


def number(text: str) -> int:
    """As typed; what is not a number is as wrong as 0."""
    return int(text) if text.isdecimal() and len(text) < 6 else 0
