"""Keeps the search for garbage away from what is no garbage.

Python looks for cycles each time that some hundreds more objects were made than freed, and now and
then through all there are. A server makes thousands in a moment, for posts on their way, and frees
them a moment later; hundreds of thousands stay from the start. Looking through them took a tenth of
a busy server's time, and tens of milliseconds at a stretch (docs/decisions/0017).
"""

from __future__ import annotations

import gc

YOUNG = 10_000
"""New objects before the next search."""


def settle_heap() -> None:
    """Once everything is loaded and made: what is there now stays, and is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
