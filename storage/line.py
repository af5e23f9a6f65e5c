"""One thread that does jobs in the order in which they came.

An executor would do, but for its locks and the two futures of each job: they take a good part of
the time that one small commit does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread

Job = Callable[[], None]

log = logging.getLogger(__name__)


class Line:
    """What a job raises is logged. The thread is there from the first job on."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._closed = False

    def put(self, job: Job) -> None:
        """Call it from one thread only, as `close`, after which nothing more is taken."""
        if self._closed:
            raise RuntimeError(f"{self._thread.name} is closed")
        if self._thread.ident is None:
            self._thread.start()
        self._jobs.put(job)

    def close(self) -> None:
        """Wait until all is done."""
        self._closed = True
        if self._thread.ident is not None:
            self._jobs.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            try:
                job()
            except BaseException:
                log.exception("%s goes on after what a job raised", self._thread.name)
            del job  # and what it holds, which may be much
