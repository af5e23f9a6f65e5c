"""Time, given to whoever needs it so that tests can hold it."""

import time
from typing import Protocol

HOUR = 3_600_000
DAY = 24 * HOUR
"""In milliseconds, as the wall clock counts."""


class Clock(Protocol):
    """Two clocks: one for people, one that only goes forward."""

    def now(self) -> int:
        """Wall clock: milliseconds since 1970, UTC. May jump."""
        ...

    def boot(self) -> float:
        """Seconds since the machine started, suspension included. Never goes back."""
        ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def boot(self) -> float:
        return time.clock_gettime(_BOOT)


_BOOT: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
