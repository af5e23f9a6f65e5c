"""One durable commit for all that gathered while the one before was running.

When idle nothing waits: the first item is committed alone, at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

from core.errors import ChatError
from storage.engine import Database, Tx

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 200
"""Items in one commit."""
WAITING_MOST = 5_000
"""Items that may wait; more are told to come back."""


class GroupCommit(Generic[Item, Result]):
    """Hands batches to ``work`` in a write transaction, in order of arrival.

    ``work`` returns a result, or the `ChatError` to raise, for each item. Two items with the same
    ``key`` are never in the same batch. ``after`` is told the batch once it is committed, before
    anyone gets their result.
    """

    def __init__(
        self,
        database: Database,
        work: Callable[[Tx, Sequence[Item]], Sequence[Result | ChatError]],
        key: Callable[[Item], Hashable],
        after: Callable[[Sequence[Result | ChatError]], None],
    ) -> None:
        self._database = database
        self._work = work
        self._key = key
        self._after = after
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def submit(self, item: Item) -> Result:
        """Wait until ``item`` is committed. Raises `busy`, or `storage_down` if that is unknown."""
        if len(self._waiting) >= WAITING_MOST:
            raise ChatError("busy", retry_after=1)
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return await future

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

    def _next_batch(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        keys: set[Hashable] = set()
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        later: list[tuple[Item, asyncio.Future[Result]]] = []
        while self._waiting and len(batch) < MOST:
            item, future = self._waiting.popleft()
            key = self._key(item)
            (later if key in keys else batch).append((item, future))
            keys.add(key)
        self._waiting.extendleft(reversed(later))
        return batch

    async def _commit(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        items = [item for item, _ in batch]
        results: Sequence[Result | ChatError | Exception]
        try:
            done = await self._database.write(lambda tx: self._work(tx, items))
            self._after(done)
            results = done
        except Exception as error:
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
