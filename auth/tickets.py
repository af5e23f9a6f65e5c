"""One-use tickets, by which a program that cannot set a header opens its WebSocket."""

from __future__ import annotations

from collections import Counter, OrderedDict

from core.clock import Clock
from core.errors import ChatError
from core.hashes import secret_hash
from core.ids import new_secret

SECONDS = 30
OPEN_AT_ONCE = 10_000
OPEN_PER_SESSION = 20


class Tickets:
    """Kept in memory: a restart voids them, and their owners ask again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._open: OrderedDict[str, tuple[str, float]] = OrderedDict()
        self._held = Counter[str]()

    def issue(self, session: str) -> str:
        """A ticket for a session's public id. Raises `ChatError` busy, too_many_requests."""
        self._drop_expired()
        if len(self._open) >= OPEN_AT_ONCE:
            raise ChatError("busy", retry_after=1)
        if self._held[session] >= OPEN_PER_SESSION:
            raise ChatError("too_many_requests", retry_after=SECONDS)
        ticket = new_secret()
        self._open[secret_hash(ticket)] = (session, self._clock.boot() + SECONDS)
        self._held[session] += 1
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The session that ``ticket`` was for, once; None when it is used, expired or unknown."""
        self._drop_expired()
        return self._close(secret_hash(ticket))

    def _drop_expired(self) -> None:
        now = self._clock.boot()
        while self._open and next(iter(self._open.values()))[1] <= now:
            self._close(next(iter(self._open)))

    def _close(self, hashed: str) -> str | None:
        session, _ = self._open.pop(hashed, (None, 0))
        if session is not None:
            self._held[session] -= 1
            if not self._held[session]:
                del self._held[session]
        return session
