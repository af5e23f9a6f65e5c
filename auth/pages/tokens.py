"""Tokens for bots and programs, on the page of one's account."""

from __future__ import annotations

from auth.pages.account import AccountForm
from auth.pages.entering import typed
from auth.personal_tokens import Wanted
from core.errors import ChatError
from core.levels import Level
from web.forms import Form
from web.guards import Guard


class MakeToken(AccountForm):
    """Shows the new token, this once."""

    guard = Guard.SESSION

    async def post(self) -> None:
        try:
            made = await self.tokens.make(self.me.account.id, self._wanted())
        except ChatError as error:
            fields = {"token_days": "days", "token_bad": "label"}
            failed = self._form().failed(error, self.translator, fields)
            await self.show(error.kind.status, token=failed)
        else:
            await self.show(made=made.secret)

    def _form(self) -> Form:
        """As it was typed; ``actions`` in one line."""
        values = {name: typed(self, name) for name in ("label", "level", "days")}
        return Form({**values, "actions": " ".join(self.get_body_arguments("action"))})

    def _wanted(self) -> Wanted:
        level, days = typed(self, "level"), typed(self, "days").strip()
        if level not in Level.__members__:
            raise ChatError("token_bad")
        actions = frozenset(self.get_body_arguments("action"))
        return Wanted(typed(self, "label"), Level[level], actions or None, _days(days))


class RevokeToken(AccountForm):
    guard = Guard.SESSION

    async def post(self, token: str) -> None:
        await self.tokens.revoke(self.me.account.id, token)
        self.done("token")


def _days(text: str) -> int | None:
    """None for no end; what is no number is as wrong as 0."""
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 6 else 0
