"""A loop whose time stands still until a test lets it pass, and which knows when all is quiet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Generator
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from core.errors import ChatError

T = TypeVar("T")
P = ParamSpec("P")


class SteppedLoop(asyncio.SelectorEventLoop):
    """`failures`: exceptions that ended tasks, besides those that the program tells people of."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 1_000.0
        self.failures: list[BaseException] = []
        self.set_task_factory(self._make_task)

    def time(self) -> float:
        return self.seconds

    @property
    def busy(self) -> bool:
        return bool(self._ready)  # type: ignore[attr-defined]

    def next_timer(self) -> float | None:
        waiting: list[asyncio.TimerHandle] = self._scheduled  # type: ignore[attr-defined]
        return min((timer.when() for timer in waiting if not timer.cancelled()), default=None)

    def _make_task(
        self,
        loop: asyncio.AbstractEventLoop,
        work: Coroutine[Any, Any, T] | Generator[Any, None, T],
        **options: Any,
    ) -> asyncio.Task[T]:
        task: asyncio.Task[T] = asyncio.Task(work, loop=loop, **options)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        if not task.cancelled():
            error = task.exception()
            if error is not None and not isinstance(error, ChatError):
                self.failures.append(error)


def here() -> SteppedLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SteppedLoop)
    return loop


async def quiet() -> None:
    """Let everything run that can run without time passing."""
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    while here().busy:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def pass_time(seconds: float) -> None:
    """Let time pass from one timer to the next, and until all is quiet each time."""
    until = here().seconds + seconds
    while (due := here().next_timer()) is not None and due <= until:
        here().seconds = max(here().seconds, due)
        await quiet()
    here().seconds = until
    await quiet()


def stepped(scenario: Coroutine[Any, Any, T]) -> T:
    """Run a scenario on a stepped loop; what failed beside it fails the test."""
    loop = SteppedLoop()
    try:
        result = loop.run_until_complete(scenario)
    finally:
        for task in asyncio.all_tasks(loop):
            task.cancel()
        for _ in range(5):
            loop.run_until_complete(asyncio.sleep(0))
        loop.close()
    if loop.failures:
        raise loop.failures[0]
    return result


def on_a_stepped_loop(
    scenario: Callable[P, Coroutine[Any, Any, None]],
) -> Callable[P, None]:
    """A test whose time only passes where it says so."""

    @wraps(scenario)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        stepped(scenario(*args, **kwargs))

    return test
