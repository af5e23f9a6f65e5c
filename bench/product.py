"""Chatelaine itself, whole: `app.py run` on a seeded data folder."""

from __future__ import annotations

import sys
from pathlib import Path

from bench.processes import Contender

ROOT = Path(__file__).resolve().parent.parent
NAME = "Chatelaine"
RAISED = {
    "CHATELAINE_LIMITS__FRAME_BURST": "100000000",
    "CHATELAINE_LIMITS__FRAMES_PER_SECOND": "100000",
    "CHATELAINE_LIMITS__REQUEST_BURST": "100000000",
}
"""One person may not post as fast as the benchmark's senders do; all else is as it comes."""


def chatelaine(data: Path, people: Path) -> Contender:
    """On ``data``, which `bench.seeding` made; ``people`` is what the generator reads."""
    return Contender(
        name=NAME,
        version="this commit",
        command=lambda port, folder: [sys.executable, str(ROOT / "app.py"), "run"],
        speak="chatelaine",
        path="/socket",
        environment={**RAISED, "CHATELAINE_DATA": str(data), "CHATELAINE_LOG_LEVEL": "warning"},
        people=people,
    )


def settling(listeners: int) -> float:
    """Seconds after which who is here has been told to a room of so many (live/presence.py)."""
    return 1.0 + 0.15 * max(1.0, listeners / 20)
