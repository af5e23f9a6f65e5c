"""One durable commit for all that gathered while the one before was running.

When idle nothing waits: the first item is committed alone, at once. When commits fall behind,
what may wait is bounded by number and by size; and if one fails because the database cannot be
written, all who wait are told at once instead of each batch finding out for itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, NamedTuple, TypeVar

from core.errors import ChatError
from storage.engine import Contradiction, Database, Tx

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 200
"""Items in one commit."""
WAITING_MOST = 5_000
"""Items that may wait; more are told to come back."""
WAITING_BYTES = 16 * 2**20
"""What they may weigh together."""

log = logging.getLogger(__name__)


class _Waiting(NamedTuple, Generic[Item, Result]):
    item: Item
    future: asyncio.Future[Result]
    size: int


class GroupCommit(Generic[Item, Result]):
    """Hands batches to ``work`` in a write transaction, in order of arrival.

    ``work`` returns a result, or the `ChatError` to raise, for each item. If it raises anything
    else, or contradicts the database, nothing was written, and the batch is tried again in halves:
    whatever is wrong with one item fails that one alone. Two items with the same ``key`` are never
    in the same batch. ``after`` is told the batch once it is committed, before anyone gets their
    result. ``size``: about how many bytes an item takes while it waits.
    """

    def __init__(
        self,
        database: Database,
        work: Callable[[Tx, Sequence[Item]], Sequence[Result | ChatError]],
        key: Callable[[Item], Hashable],
        after: Callable[[Sequence[Result | ChatError]], None],
        size: Callable[[Item], int] = lambda item: 1_000,
    ) -> None:
        self._database = database
        self._work = work
        self._key = key
        self._after = after
        self._size = size
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._bytes = 0
        self._task: asyncio.Task[None] | None = None

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """Has the result once ``item`` is committed; all results of a commit come in one step.

        Raises `busy` at once if too much waits. The future raises what ``work`` said; or, with
        nothing known of the outcome, `storage_down` and its like.
        """
        size = self._size(item)
        if len(self._waiting) >= WAITING_MOST or self._bytes + size > WAITING_BYTES:
            raise ChatError("busy", retry_after=1)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append(_Waiting(item, future, size))
        self._bytes += size
        if self._task is None:
            self._task = loop.create_task(self._run())
        return future

    async def drain(self) -> None:
        """Wait until everything that was submitted is committed or has failed."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        try:
            while self._waiting:
                await self._commit(self._next_batch())
        finally:
            self._task = None

    def _next_batch(self) -> list[_Waiting[Item, Result]]:
        keys: set[Hashable] = set()
        batch: list[_Waiting[Item, Result]] = []
        later: list[_Waiting[Item, Result]] = []
        while self._waiting and len(batch) < MOST:
            one = self._waiting.popleft()
            key = self._key(one.item)
            if key in keys:
                later.append(one)
            else:
                keys.add(key)
                batch.append(one)
                self._bytes -= one.size
        self._waiting.extendleft(reversed(later))
        return batch

    async def _commit(self, batch: list[_Waiting[Item, Result]]) -> None:
        items = [one.item for one in batch]
        try:
            done = await self._database.write(lambda tx: self._work(tx, items))
        except Exception as error:
            if isinstance(error, ChatError) and not isinstance(error, Contradiction):
                _settle([*batch, *self._all_waiting()], error)
            else:
                await self._commit_in_halves(batch, error)
        else:
            self._tell(done)
            for one, result in zip(batch, done, strict=True):
                _settle([one], result)

    async def _commit_in_halves(
        self, batch: list[_Waiting[Item, Result]], error: Exception
    ) -> None:
        if len(batch) == 1:
            _settle(batch, error)
            return
        middle = len(batch) // 2
        await self._commit(batch[:middle])
        await self._commit(batch[middle:])

    def _all_waiting(self) -> list[_Waiting[Item, Result]]:
        waiting = list(self._waiting)
        self._waiting.clear()
        self._bytes = 0
        return waiting

    def _tell(self, done: Sequence[Result | ChatError]) -> None:
        """Whatever goes wrong here, it is committed, and those who wait for it are told so."""
        try:
            self._after(done)
        except Exception:
            log.exception("what was committed could not be told to others")


def _settle(those: Sequence[_Waiting[Item, Result]], result: Result | Exception) -> None:
    for _, future, _ in those:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
