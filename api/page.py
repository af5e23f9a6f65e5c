"""The chat page; everything on it comes over the socket and REST."""

from __future__ import annotations

from web.guards import Guard
from web.handler import Handler


class Chat(Handler):
    """The same page for every room, hidden, absent or one's own."""

    guard = Guard.SESSION

    def get(self, _room: str = "") -> None:
        self.send_page("chat.html")
