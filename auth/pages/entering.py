"""What every page does that lets someone in: the session's cookie, then where they wanted to go."""

from __future__ import annotations

from auth.cookies import SessionCookie
from auth.sessions import BROWSER, Sessions
from core.records import Account
from web.handler import Handler
from web.next import HOME, safe_next
from web.responder import LANGUAGE_COOKIE

SIGN_UP_FIELDS = {"name_": "name", "nickname_": "nickname", "password_": "password"}


class Entrance:
    """Opens browser sessions."""

    def __init__(self, sessions: Sessions, cookie: SessionCookie) -> None:
        self._sessions = sessions
        self._cookie = cookie

    async def let_in(self, handler: Handler, account: Account, to: str = HOME) -> None:
        """Log ``account`` in; the answer is sent."""
        opened = await self._sessions.start(account.id, BROWSER, user_agent(handler))
        self.go(handler, opened.secret, to)

    def go(self, handler: Handler, secret: str, to: str) -> None:
        """Hand over the cookie of a session that is open already; the answer is sent."""
        self._cookie.set(handler, secret)
        handler.redirect(safe_next(to), status=303)


def user_agent(handler: Handler) -> str:
    return str(handler.request.headers.get("User-Agent", ""))


def chosen_language(handler: Handler) -> str:
    """The language that a visitor chose; "" when it is only their browser's."""
    chosen = handler.get_cookie(LANGUAGE_COOKIE) or ""
    return chosen if chosen in handler.site.catalogs.translators else ""


def typed(handler: Handler, name: str) -> str:
    """A form's field as it was typed; "" when it is not there."""
    return handler.get_body_argument(name, "", strip=False)
