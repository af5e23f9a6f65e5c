"""One durable commit for all that gathered while the one before was running.

When idle nothing waits but for what comes in the same turn of the loop. When commits fall behind,
what may wait is bounded by number and by size; and if one fails because the database cannot be
written, all who wait are told at once instead of each batch finding out for itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from functools import partial
from typing import Generic, NamedTuple, TypeVar

from core.errors import ChatError
from storage.engine import Contradiction, Database, StorageDown, Tx, heard

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST = 200
"""Items in one commit."""
WAITING_MOST = 5_000
"""Items that may wait; more are told to come back."""
WAITING_BYTES = 16 * 2**20
"""What they, and those under way, may weigh together."""

log = logging.getLogger(__name__)


class Done(NamedTuple, Generic[Result]):
    """What a transaction has done: a result, or the error to answer with, for each item.

    ``afterwards`` is called in the loop once it is committed and all are answered.
    """

    results: Sequence[Result | ChatError]
    afterwards: Callable[[], None]


class _Waiting(NamedTuple, Generic[Item, Result]):
    item: Item
    answer: Callable[[Result | Exception], None]
    size: int


class GroupCommit(Generic[Item, Result]):
    """Hands batches to ``work`` in a write transaction, in order of arrival.

    If ``work`` raises anything but a `ChatError`, or contradicts the database, nothing was
    written, and the batch is tried again in halves: whatever is wrong with one item fails that one
    alone. Two items with the same ``key`` are never in the same batch. ``size``: about how many
    bytes an item takes while it waits.
    """

    def __init__(
        self,
        database: Database,
        work: Callable[[Tx, Sequence[Item]], Done[Result]],
        key: Callable[[Item], Hashable],
        size: Callable[[Item], int] = lambda item: 1_000,
    ) -> None:
        self._database = database
        self._work = work
        self._key = key
        self._size = size
        self._waiting: deque[_Waiting[Item, Result]] = deque()
        self._again: list[list[_Waiting[Item, Result]]] = []
        """Parts of a batch that failed, the next one last."""
        self._bytes = 0
        self._under_way = False
        self._idle = asyncio.Event()
        self._idle.set()

    def submit(self, item: Item, answer: Callable[[Result | Exception], None]) -> None:
        """``answer`` hears once ``item`` is committed, in one step with all of its commit.

        It hears of an error that ``work`` said; or, with nothing known of the outcome, of
        `storage_down` and its like. Raises `busy` at once if too much waits.
        """
        size = self._size(item)
        if len(self._waiting) >= WAITING_MOST or self._bytes + size > WAITING_BYTES:
            raise ChatError("busy", retry_after=1)
        self._waiting.append(_Waiting(item, answer, size))
        self._bytes += size
        if not self._under_way:
            self._under_way = True
            self._idle.clear()
            asyncio.get_running_loop().call_soon(self._go_on)

    async def commit(self, item: Item) -> Result:
        """`submit`, and wait."""
        return await heard(partial(self.submit, item))

    async def drain(self) -> None:
        """Wait until everything that was submitted is committed or has failed."""
        await self._idle.wait()

    def _go_on(self) -> None:
        if not (self._again or self._waiting):
            self._under_way = False
            asyncio.get_running_loop().call_soon(self._rest)
            return
        batch = self._again.pop() if self._again else self._next_batch()
        items = [one.item for one in batch]
        try:
            self._database.write_soon(
                lambda tx: self._work(tx, items), partial(self._committed, batch)
            )
        except RuntimeError:  # the database is closed
            self._failed(batch, StorageDown())
            self._go_on()

    def _rest(self) -> None:
        """All that was committed has been told by now."""
        if not self._under_way:
            self._idle.set()

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
        self._waiting.extendleft(reversed(later))
        return batch

    def _committed(
        self, batch: list[_Waiting[Item, Result]], done: Done[Result] | Exception
    ) -> None:
        """Told a turn later, as those hear who await a transaction that was before this one."""
        if isinstance(done, Exception):
            self._failed(batch, done)
        else:
            asyncio.get_running_loop().call_soon(self._tell, batch, done)
        self._go_on()

    def _tell(self, batch: list[_Waiting[Item, Result]], done: Done[Result]) -> None:
        for one, result in zip(batch, done.results, strict=True):
            self._answer(one, result)
        _call(done.afterwards)

    def _failed(self, batch: list[_Waiting[Item, Result]], error: Exception) -> None:
        if isinstance(error, ChatError) and not isinstance(error, Contradiction):
            for one in [*batch, *self._all_waiting()]:
                self._answer(one, error)
        elif len(batch) == 1:
            self._answer(batch[0], error)
        else:
            middle = len(batch) // 2
            self._again += [batch[middle:], batch[:middle]]

    def _all_waiting(self) -> list[_Waiting[Item, Result]]:
        waiting = [one for part in reversed(self._again) for one in part] + list(self._waiting)
        self._again.clear()
        self._waiting.clear()
        return waiting

    def _answer(self, one: _Waiting[Item, Result], result: Result | Exception) -> None:
        self._bytes -= one.size
        _call(one.answer, result)


def _call(tell: Callable[..., None], *result: object) -> None:
    """Whatever goes wrong in it, others are told what became of theirs."""
    try:
        tell(*result)
    except Exception:
        log.exception("the outcome of a commit could not be told")
