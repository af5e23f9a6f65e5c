"""The detector: both twins toured by the same outsider, and every difference named."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, fields
from itertools import zip_longest

from tests.rooms.house import NOON
from tests.twins.activity import behind_closed_doors, same_on_both
from tests.twins.tour import Step, Tour, tour_of
from tests.twins.twin import Twin

HOUR = 3_600_000


@dataclass
class Found:
    """What told the twins apart. ``seconds``: how long the tour of each took, which is only told
    of: the machine is busy with other things as well."""

    differences: list[str] = field(default_factory=list)
    steps: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    received: bytes = b""
    """All that came from the busy one."""


class Twins:
    """A busy one and a quiet one."""

    def __init__(self, busy: Twin, quiet: Twin) -> None:
        self.both = (busy, quiet)

    async def compare(self, who: str, only: str = "") -> Found:
        """Everything happens; ``who`` listens meanwhile, and then looks at all that there is, or
        at what is named ``only``."""
        for twin in self.both:
            twin.turn += 1
        tours = [await tour_of(twin, who, only) for twin in self.both]
        for twin, tour in zip(self.both, tours, strict=True):
            await twin.quiet()
            tour.begin()
            await self._live(twin)
        found = Found()
        took = [await self._taken(tour) for tour in tours]
        for twin, (_, seconds) in zip(self.both, took, strict=True):
            found.seconds["busy" if twin.busy else "quiet"] = seconds
        for busy, quiet in zip(took[0][0], took[1][0], strict=True):
            found.steps += 1
            found.differences += _differences(busy, quiet)
        found.received = tours[0].received
        for tour in tours:
            if tour.wire is not None:
                await tour.wire.hang_up()
        return found

    async def _live(self, twin: Twin) -> None:
        await same_on_both(twin)
        if twin.busy:
            await behind_closed_doors(twin)
        await twin.at(NOON + twin.turn * HOUR)

    async def _taken(self, tour: Tour) -> tuple[list[Step], float]:
        begun = time.perf_counter()
        return [step async for step in tour.steps()], time.perf_counter() - begun


def _differences(busy: Step, quiet: Step) -> list[str]:
    assert busy.what == quiet.what
    found = []
    for one in fields(Step):
        pair = _first_unlike(getattr(busy, one.name), getattr(quiet, one.name))
        if pair is not None:
            found.append(f"{busy.what}: {one.name}\n  {pair[0]}\n  {pair[1]}")
    return found


def _first_unlike(busy: object, quiet: object) -> tuple[object, object] | None:
    if busy == quiet:
        return None
    if isinstance(busy, tuple) and isinstance(quiet, tuple):
        pairs = zip_longest(busy, quiet, fillvalue="(nothing)")
        return next((pair for pair in pairs if pair[0] != pair[1]), None)
    return busy, quiet
