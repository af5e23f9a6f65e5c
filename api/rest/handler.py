"""What REST handlers share."""

from __future__ import annotations

from core.errors import ChatError
from core.records import Identity
from web.handler import Handler


class RestHandler(Handler):
    """JSON in and out. Each handler still names its own guard."""

    @property
    def wants_json(self) -> bool:
        return True

    @property
    def who(self) -> Identity:
        """Who asks; the guard has seen to it that somebody does."""
        if self.identity is None:
            raise ChatError("not_signed_in")
        return self.identity

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number of the query, not below zero."""
        text = self.get_query_argument(name, None)
        if text is None:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 16:
            raise ChatError("bad_request")
        return int(text)
