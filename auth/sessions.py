"""Log-ins kept by the server: listed, prolonged by use, and ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from auth.devices import describe
from core.clock import DAY
from core.config import Sessions as Settings
from core.hashes import secret_hash
from core.ids import new_id, new_secret
from core.records import Session
from storage import sessions as rows
from storage.engine import Database, StorageDown, Tx
from storage.gathering import Gathering
from storage.sessions import Known
from storage.tokens import Token

BROWSER, PROGRAM = "browser", "program"
PROGRAM_IDLE = DAY
TOUCHED_EVERY = 5 * 60_000
KEPT_EVERY = 300.0
"""Seconds."""


class Opened(Struct, frozen=True):
    """A new session; ``secret`` is for its owner alone, and kept nowhere."""

    session: Session
    secret: str
    ended: list[str]
    """Public ids of older ones that had to end for it; announce them after the commit."""


class Sessions:
    """``announce_ended`` is told the public ids of sessions once their end is committed."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        announce_ended: Callable[[Sequence[str]], None],
    ) -> None:
        self._database = database
        self._per_person = settings.per_person
        self._idle = {BROWSER: settings.idle_days * DAY, PROGRAM: PROGRAM_IDLE}
        self._announce = announce_ended
        self._by_secret = Gathering(database, _seen(rows.by_secrets))
        self._by_id = Gathering(database, _seen(rows.by_ids))

    def open(
        self, tx: Tx, account: str, kind: str, user_agent: str, token: Token | None = None
    ) -> Opened:
        """Add a session; of the same kind only so many stay, the last seen ones.

        One opened with a ``token`` is called like it, may do no more, and ends with it.
        """
        others = rows.of_account(tx, account, kind)[self._per_person - 1 :]
        ended = rows.end(tx, account, [other.id for other in others])
        now, secret = tx.now(), new_secret()
        expires = now + self._idle[kind]
        session = Session(new_id(), account, kind, describe(user_agent), now, now, expires)
        if token is not None:
            session = _capped(session, token)
        rows.add(tx, session, secret_hash(secret), token.id if token else None)
        return Opened(session, secret, ended)

    async def start(self, account: str, kind: str, user_agent: str) -> Opened:
        """`open` in a transaction of its own, for who is known already."""
        opened = await self._database.write(lambda tx: self.open(tx, account, kind, user_agent))
        self.announce(opened.ended)
        return opened

    async def by_secret(self, secret: str) -> Known | None:
        """The live session of an active account that a cookie names; notes that it was used."""
        return await self._used(await self._by_secret.ask(secret_hash(secret)))

    async def by_id(self, session: str) -> Known | None:
        """As `by_secret`, by public id: only for ids that a signed token or a ticket named."""
        return await self._used(await self._by_id.ask(session))

    async def of_account(self, account: str) -> list[Session]:
        """The live ones, last seen first."""
        return await self._database.read(lambda tx: rows.of_account(tx, account))

    async def end(self, account: str, session: str) -> bool:
        """End one of ``account``'s own. False if there is no such live session."""
        ended = await self._database.write(lambda tx: rows.end(tx, account, [session]))
        self.announce(ended)
        return bool(ended)

    async def end_others(self, account: str, keep: str) -> int:
        """End all but ``keep``; how many that were."""
        ended = await self._database.write(lambda tx: rows.end_all(tx, account, keep))
        self.announce(ended)
        return len(ended)

    async def keep_in_use(self, open_sessions: Callable[[], Collection[str]]) -> None:
        """For ever: a log-in whose socket is open is in use, though it asks nothing else."""
        while True:
            await asyncio.sleep(KEPT_EVERY)
            await self.keep(open_sessions())

    async def keep(self, ids: Collection[str]) -> None:
        """Prolong those of ``ids`` that are in use without asking anything."""

        def touch(tx: Tx) -> None:
            for session in ids:
                known = rows.by_id(tx, session)
                if known is not None:
                    expires = tx.now() + self._idle[known.session.kind]
                    rows.touch(tx, session, expires)

        with suppress(StorageDown):
            await self._database.write(touch)

    async def ended_among(self, ids: Collection[str]) -> set[str]:
        """Those of ``ids`` that may not act any more."""
        return await self._database.read(lambda tx: rows.ended_among(tx, ids))

    def announce(self, ended: Sequence[str]) -> None:
        """Tell of sessions that a committed transaction ended."""
        if ended:
            self._announce(ended)

    async def _used(self, found: _Seen | None) -> Known | None:
        if found is None:
            return None
        if found.now - found.known.session.seen_at >= TOUCHED_EVERY:
            await self._touch(found.known.session, found.now)
        return found.known

    async def _touch(self, session: Session, now: int) -> None:
        """At most one write in `TOUCHED_EVERY`; without it the session only expires earlier."""
        expires = now + self._idle[session.kind]
        with suppress(StorageDown):
            await self._database.write(lambda tx: rows.touch(tx, session.id, expires))


class _Seen(NamedTuple):
    """A session as of a read transaction, and the time of that (ms)."""

    known: Known
    now: int


def _seen(
    find: Callable[[Tx, Sequence[str]], Mapping[str, Known]],
) -> Callable[[Tx, Sequence[str]], Mapping[str, _Seen]]:
    def work(tx: Tx, keys: Sequence[str]) -> Mapping[str, _Seen]:
        return {key: _Seen(known, tx.now()) for key, known in find(tx, keys).items()}

    return work


def _capped(session: Session, token: Token) -> Session:
    return replace(
        session,
        label=token.label,
        level=token.level,
        actions=token.actions,
        expires_at=min(session.expires_at, token.expires_at or session.expires_at),
    )
