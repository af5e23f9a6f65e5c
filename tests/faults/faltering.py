"""The program, but one in so many commits of posts fails, as if the database could not be
written just then.

    python -m tests.faults.faltering 4 run

The program itself has nothing of the kind in it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from unittest.mock import patch

from app import main
from core.log import Entry, Kind
from storage import log
from storage.engine import StorageDown, Tx


class Faltering:
    """Stands in for `storage.log.append`."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._commits = 0

    def append(self, tx: Tx, new: Sequence[Entry], access_hash: str | None = None) -> None:
        if any(entry.kind is Kind.POST for entry in new):
            self._commits += 1
            if self._commits % self._every == 0:
                raise StorageDown
        _append(tx, new, access_hash)


_append = log.append

if __name__ == "__main__":
    with patch.object(log, "append", Faltering(int(sys.argv[1])).append):
        sys.exit(main(sys.argv[2:]))
