"""The cookie that a browser's session lives in."""

from __future__ import annotations

from tornado.web import RequestHandler

# The longest that browsers keep a cookie; the session in the database ends much earlier.
DAYS = 400


class SessionCookie:
    """Signed by Tornado, so that junk is turned away before the database is asked."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self.name = "__Host-session" if secure else "session"

    def set(self, handler: RequestHandler, secret: str) -> None:
        handler.set_signed_cookie(
            self.name,
            secret,
            expires_days=DAYS,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )

    def clear(self, handler: RequestHandler) -> None:
        handler.clear_cookie(
            self.name, path="/", secure=self._secure, httponly=True, samesite="Lax"
        )

    def read(self, handler: RequestHandler) -> str | None:
        """The session's secret; None when there is no cookie, or one that we did not sign."""
        # Without min_version, a forged cookie in the old format would be an error, not a None.
        value = handler.get_signed_cookie(self.name, max_age_days=DAYS, min_version=2)
        return value.decode("ascii", "replace") if value else None
