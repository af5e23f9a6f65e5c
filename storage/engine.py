"""Transactions: plain functions run in threads, one at a time for writing.

    count = await database.read(lambda tx: accounts.count(tx))

A function may be run again after a failure, so it must not change anything but the database.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.clock import Clock, SystemClock
from core.errors import ChatError
from storage import sqlite

log = logging.getLogger(__name__)

T = TypeVar("T")

READERS = 4


class StorageDown(ChatError):
    """The database could not be asked, or its answer to a commit is unknown."""

    def __init__(self) -> None:
        super().__init__("storage_down")


class Tx:
    """One transaction: what every function of `storage` takes first."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self.conn = connection
        self._clock = clock
        self._now: int | None = None

    def now(self) -> int:
        """The database's clock, in ms; on SQLite that is this process's.

        One time throughout a transaction: nothing ends between looking for what has ended and
        giving an entry its time.
        """
        if self._now is None:
            self._now = self._clock.now()
        return self._now


class Database:
    """The one place that opens transactions."""

    def __init__(self, url: str, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._writer = _engine(url, read_only=False)
        self._reader = _engine(url, read_only=True)
        self._write_thread = ThreadPoolExecutor(1, "storage-write")
        self._read_threads = ThreadPoolExecutor(READERS, "storage-read")

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Run ``work`` in a snapshot that cannot write. Raises `StorageDown`."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, self.read_here, work)

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Run ``work`` and commit durably before returning; roll back if it raises.

        Raises `StorageDown`; whether the commit happened is then not known.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._write_thread, self.write_here, work)

    def read_here(self, work: Callable[[Tx], T]) -> T:
        """`read`, in this thread."""
        try:
            with self._reader.connect() as connection, connection.begin() as transaction:
                result = work(Tx(connection, self._clock))
                transaction.rollback()
                return result
        except (DBAPIError, PoolTimeout) as error:
            raise _down(error) from error

    def write_here(self, work: Callable[[Tx], T]) -> T:
        """`write`, in this thread."""
        try:
            with self._writer.begin() as connection:
                return work(Tx(connection, self._clock))
        except (DBAPIError, PoolTimeout) as error:
            raise _down(error) from error

    def close(self) -> None:
        """Wait for what is running, then let go of the files."""
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()


def _down(error: DBAPIError | PoolTimeout) -> StorageDown:
    """Logged by its kind alone: the statement holds what people wrote."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    log.error("the database failed: %s", type(cause).__name__)
    return StorageDown()


def _engine(url: str, *, read_only: bool) -> Engine:
    engine = create_engine(url, pool_size=READERS, max_overflow=0, hide_parameters=True)
    sqlite.prepare(engine, read_only=read_only)
    return engine
