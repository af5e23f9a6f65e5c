"""The program, but it dies as by `kill -9` at a point that no signal hits reliably: after the
commit that brings so many posts, before anyone is told.

    python -m tests.faults.dying 40 run

The program itself has nothing of the kind in it.
"""

from __future__ import annotations

import os
import signal
import sys
from unittest.mock import patch

from app import main
from live.bus import Bus, Notice, RoomMoved


class Death:
    """The bus hears of posts after their commit, and before they are acknowledged."""

    def __init__(self, posts: int) -> None:
        self._left = posts

    def publish(self, bus: Bus, notice: Notice) -> None:
        if isinstance(notice, RoomMoved):
            self._left -= sum(entry.text is not None for entry in notice.entries)
        if self._left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        _publish(bus, notice)


_publish = Bus.publish

if __name__ == "__main__":
    death = Death(int(sys.argv[1]))
    with patch.object(Bus, "publish", lambda bus, notice: death.publish(bus, notice)):
        sys.exit(main(sys.argv[2:]))
