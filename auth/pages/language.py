"""Choosing a language, at the foot of every page."""

from __future__ import annotations

from auth.accounts import Accounts
from auth.cookies import DAYS
from auth.pages.entering import typed
from core.errors import ChatError
from web.guards import Guard
from web.handler import Handler
from web.next import HOME, safe_next
from web.responder import LANGUAGE_COOKIE


class Language(Handler):
    """Kept in the browser, and for who is logged in in the account too."""

    guard = Guard.PUBLIC

    def initialize(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def get(self) -> None:
        self.redirect(HOME, status=303)

    async def post(self) -> None:
        language = typed(self, "language")
        if language not in self.site.catalogs.translators:
            raise ChatError("language_unknown")
        if self.identity is not None:
            await self._accounts.set_language(self.identity.account.id, language)
        self.set_cookie(
            LANGUAGE_COOKIE,
            language,
            expires_days=DAYS,
            secure=self.site.config.secure,
            samesite="Lax",
        )
        self.redirect(safe_next(typed(self, "next")), status=303)
