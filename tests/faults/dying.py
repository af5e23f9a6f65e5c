"""The program, but it dies as by `kill -9` at a point that no signal hits reliably: after the
commit that brings so many posts, before anyone is told.

    python -m tests.faults.dying 40 run

The program itself has nothing of the kind in it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from app import main
from messages.posting import Kept
from storage.engine import Database, Tx
from storage.group_commit import Done

Heard = Callable[[Any], None]


class Death:
    """Hears of each transaction after its commit, before whoever waits for it does."""

    def __init__(self, posts: int) -> None:
        self._left = posts

    def write_soon(self, database: Database, work: Callable[[Tx], Any], done: Heard) -> None:
        def first(result: Any) -> None:
            if isinstance(result, Done):
                self._left -= sum(isinstance(kept, Kept) for kept in result.results)
            if self._left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
            done(result)

        _write_soon(database, work, first)


_write_soon = Database.write_soon

if __name__ == "__main__":
    death = Death(int(sys.argv[1]))
    with patch.object(Database, "write_soon", lambda *given: death.write_soon(*given)):
        sys.exit(main(sys.argv[2:]))
