"""How often something may be tried: GCRA in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

from core.clock import Clock

REMEMBERED = 100_000


class Rate(NamedTuple):
    """``burst`` tries at once, then one every ``interval`` seconds."""

    burst: int
    interval: float


class Limiter:
    """One allowance for each key. The generic cell rate algorithm: a key's state is one time.

    Never allows more than ``burst + elapsed / interval`` tries of a key. When more keys than
    ``remembered`` are in use, the one longest untouched starts anew.
    """

    def __init__(self, rate: Rate, clock: Clock, remembered: int = REMEMBERED) -> None:
        self._interval = rate.interval
        self._slack = rate.interval * (rate.burst - 1)
        self._clock = clock
        self._remembered = remembered
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def wait(self, key: str) -> float:
        """Seconds until one more try of ``key`` is allowed; 0 when it is now. Takes nothing."""
        now = self._clock.boot()
        return max(0.0, self._full_at.get(key, now) - self._slack - now)

    def take(self, key: str) -> float:
        """`wait`, and use up one try if it is 0."""
        wait = self.wait(key)
        if wait == 0:
            now = self._clock.boot()
            self._full_at[key] = max(self._full_at.get(key, now), now) + self._interval
            self._full_at.move_to_end(key)
            if len(self._full_at) > self._remembered:
                self._full_at.popitem(last=False)
        return wait

    def forget(self, key: str) -> None:
        """Give ``key`` its whole allowance back."""
        self._full_at.pop(key, None)
