"""One read transaction for all that was asked while the one before was running.

When idle nothing waits but for what is asked in the same turn of the loop. Nothing is remembered:
every answer is from a snapshot that was begun after its question.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Generic, TypeVar

from core.errors import ChatError
from storage.engine import Database, Tx

Question = TypeVar("Question", bound=Hashable)
Answer = TypeVar("Answer")

MOST = 64
"""Questions in one transaction."""


class Gathering(Generic[Question, Answer]):
    """``work`` answers those questions that have an answer; for the others it is None."""

    def __init__(
        self,
        database: Database,
        work: Callable[[Tx, Sequence[Question]], Mapping[Question, Answer]],
    ) -> None:
        self._database = database
        self._work = work
        self._waiting: deque[tuple[Question, asyncio.Future[Answer | None]]] = deque()
        self._task: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer | None:
        """Raises `StorageDown`."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer | None] = loop.create_future()
        self._waiting.append((question, future))
        if self._task is None:
            self._task = loop.create_task(self._run())
        return await future

    async def _run(self) -> None:
        try:
            while self._waiting:
                most = min(MOST, len(self._waiting))
                await self._answer([self._waiting.popleft() for _ in range(most)])
        finally:
            self._task = None

    async def _answer(self, asked: list[tuple[Question, asyncio.Future[Answer | None]]]) -> None:
        """A fault that only one question meets is no other's."""
        questions = [question for question, future in asked if not future.done()]
        try:
            found = await self._database.read(lambda tx: self._work(tx, questions))
        except Exception as error:
            if isinstance(error, ChatError) or len(asked) == 1:
                _fail(asked, error)
                return
            for one in asked:
                await self._answer([one])
            return
        for question, future in asked:
            if not future.done():
                future.set_result(found.get(question))


def _fail(asked: Sequence[tuple[object, asyncio.Future[Answer | None]]], error: Exception) -> None:
    for _, future in asked:
        if not future.done():
            future.set_exception(error)
