"""Transactions: plain functions run in threads, one at a time for writing.

    count = await database.read(lambda tx: accounts.count(tx))

A function may be run again after a failure, so it must not change anything but the database.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.clock import Clock, SystemClock
from core.errors import ChatError
from storage import sqlite
from storage.line import Line

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = 4
LINE_MOST = 10.0
"""Seconds that a write waits for those before it; then it is not tried at all."""


class StorageDown(ChatError):
    """The database could not be asked, or its answer to a commit is unknown."""

    def __init__(self, code: str = "storage_down") -> None:
        super().__init__(code)


class DiskFull(StorageDown):
    """There is no room to write; it can be read, and written to once there is room again."""

    def __init__(self) -> None:
        super().__init__("disk_full")


class Contradiction(StorageDown):
    """What was to be written contradicts what is there. Nothing was written."""


class Tx:
    """One transaction: what every function of `storage` takes first."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.conn = connection
        self._clock = clock
        self._now: int | None = None
        self._cursor: DBAPICursor | None = None
        self._hearing = tuple(connection.dispatch.before_cursor_execute)

    def now(self) -> int:
        """The database's clock, in ms; on SQLite that is this process's.

        One time throughout a transaction: nothing ends between looking for what has ended and
        giving an entry its time.
        """
        if self._now is None:
            self._now = self._clock.now()
        return self._now

    def run(self, text: str, values: Any, *, many: bool = False) -> DBAPICursor:
        """Hand a statement to the driver as it is; its cursor is good until the next one.

        For `storage.prepared`. Whoever listens to the engine's statements hears of this one too.
        """
        if self._cursor is None:
            self._cursor = self.conn.connection.cursor()
        for tell in self._hearing:
            tell(self.conn, self._cursor, text, values, None, many)
        if many:
            self._cursor.executemany(text, values)
        else:
            self._cursor.execute(text, values)
        return self._cursor

    def finish(self) -> None:
        """Let go of the cursor in the thread that used it, whoever still holds this `Tx`.

        After `executemany` a cursor keeps its compiled statement, which all cursors of the
        connection share. Dying later in another thread, it would reset the statement under
        whoever runs it then, and the driver would report SQLITE_MISUSE to them.
        """
        if self._cursor is not None:
            self._cursor.close()
            self._cursor = None


class Database:
    """The one place that opens transactions."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._file = sqlite.file_of(url)
        self._writer = _engine(url, read_only=False)
        self._reader = _engine(url, read_only=True)
        self._driver: Any = self._writer.dialect.loaded_dbapi
        self._errors: tuple[type[Exception], ...] = (DBAPIError, PoolTimeout, self._driver.Error)
        self._writing: Connection | None = None
        """Kept from one transaction to the next, as long as all goes well with it."""
        self._turn = Lock()
        self._line = Line("storage-write")
        self._read_threads = ThreadPoolExecutor(READERS, "storage-read")

    def take_charge(self) -> None:
        """From now on this program, the only server on the database, keeps its files small.

        Before, and in programs beside it, the writer leaves that to others (storage/sqlite.py).
        """
        with self._turn:
            sqlite.checkpoint_while_writing(self._writer)
            self._let_go()

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run ``work`` in a snapshot that cannot write. Raises `StorageDown`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, self.read_here, work)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run ``work`` and commit durably before returning; roll back if it raises.

        Raises `StorageDown`, and whether the commit happened is then not known; or `busy` after
        waiting for its turn too long, with nothing done.
        """
        return await heard(partial(self.write_soon, work))

    def write_soon(self, work: Callable[[Tx], T], done: Callable[[T | Exception], None]) -> None:
        """`write`; ``done`` hears in the running loop of what ``work`` returned, or of the error.

        No future and no task is between it and the commit, for those who write most.
        """
        loop, asked = asyncio.get_running_loop(), time.monotonic()

        def turn() -> None:
            # No name for the result: an error's traceback has this frame, which would hold it.
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(done, self._in_turn(work, asked))

        self._line.put(turn)

    def _in_turn(self, work: Callable[[Tx], T], asked: float) -> T | Exception:
        if time.monotonic() - asked > LINE_MOST:
            return ChatError("busy", retry_after=1)
        try:
            return self.write_here(work)
        except Exception as error:
            return error
        except BaseException:
            log.exception("a transaction was broken off")
            return StorageDown()

    def read_here(self, work: Callable[[Tx], T]) -> T:
        """`read`, in this thread."""
        try:
            with self._reader.connect() as connection, connection.begin() as transaction:
                result = self._run(connection, work)
                transaction.rollback()
                return result
        except self._errors as error:
            raise self._failure(error) from error

    def write_here(self, work: Callable[[Tx], T]) -> T:
        """`write`, in this thread."""
        with self._turn:
            try:
                if self._writing is None:
                    self._writing = self._writer.connect()
                with self._writing.begin():
                    return self._run(self._writing, work)
            except self._errors as error:
                self._let_go()
                raise self._failure(error) from error

    def close(self) -> None:
        """Wait for what is running, then let go of the files, the writer last: SQLite brings
        everything into the one file when the last connection closes."""
        self._line.close()
        self._read_threads.shutdown()
        self._reader.dispose()
        self._let_go()
        self._writer.dispose()

    def _run(self, connection: Connection, work: Callable[[Tx], T]) -> T:
        tx = Tx(connection, self._clock)
        try:
            return work(tx)
        finally:
            tx.finish()

    def _let_go(self) -> None:
        """Of the writing connection; the next transaction opens another."""
        if self._writing is not None:
            self._writing.invalidate()
            self._writing.close()
            self._writing = None

    def _failure(self, error: Exception) -> StorageDown:
        """Logged by its kind alone: the statement holds what people wrote."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        name = getattr(cause, "sqlite_errorname", "")
        log.error("the database failed: %s %s", type(cause).__name__, name)
        if isinstance(cause, self._driver.IntegrityError):
            return Contradiction()
        return DiskFull() if sqlite.is_full(cause, self._file) else StorageDown()


async def heard(begin: Callable[[Callable[[T | Exception], None]], None]) -> T:
    """Wait for what ``begin`` tells the callback that it is given; raise it if it is an error."""
    future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    waiting = [future]
    try:
        begin(lambda result: _settle(waiting.pop(), result))
        return await future
    finally:
        del future  # an error's traceback has this frame: they would hold each other


def _settle(future: asyncio.Future[T], result: T | Exception) -> None:
    if future.done():
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)


def _engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(url, pool_size=READERS, max_overflow=0, hide_parameters=True)
    sqlite.prepare(engine, read_only=read_only)
    return engine
