"""What is there at the start is not searched for garbage again."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from core.heap import YOUNG, settle_heap


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


class Knot:
    """Garbage that only the search finds."""

    def __init__(self) -> None:
        self.itself = self


def test_what_stays_is_looked_at_no_more() -> None:
    kept = Knot()
    settle_heap()
    assert not any(one is kept for one in gc.get_objects())
    assert gc.get_threshold()[0] == YOUNG


def test_what_comes_later_is_still_found() -> None:
    lost = weakref.ref(Knot())
    settle_heap()
    assert lost() is None
    lost = weakref.ref(Knot())
    filler = [[] for _ in range(2 * YOUNG)]  # type: ignore[var-annotated]
    assert lost() is None
    del filler
