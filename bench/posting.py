"""What a durable post costs: in batches, alone, and in a database that has grown.

    python bench/posting.py [--rounds N] [--rooms N] [--posts N]

The database is a real file, in WAL mode with synchronous=FULL, in $TMPDIR. CPU is that of this
process while a batch is decided and committed, checkpoints included. A post alone is timed from
`Posting.post` to its result, in turn with a bare commit of one row that the event loop has a thread
make: only this ratio, and those of one run to another in the same minutes, carry over to another
machine. Each figure is the median of some rounds, with their spread (smallest to largest).
"""

from __future__ import annotations

import argparse
import asyncio
import platform
import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import sqlalchemy

from bench.stored_posts import TEXT, Bare, Stored
from core.ids import new_id
from live.bus import Bus
from messages.history import History
from messages.posting import Draft, Posting
from rooms.hearing import Hearing

BATCHES = (1, 10, 50, 200)
POSTS_A_ROUND = 2_000
ALONE_A_ROUND = 100
CPU_US, ALONE_RATIO = 40.0, 2.0
"""The targets: of a post in batches of 200; of a post alone over a bare commit."""

Spread = list[float]


def spread(values: Spread, unit: str) -> str:
    middle = statistics.median(values)
    return f"{middle:8.2f} {unit} ({min(values):.2f} to {max(values):.2f})"


class Measured:
    """A database of some size, and what it costs to use it."""

    def __init__(self, folder: Path, rooms: int, posts: int) -> None:
        self.stored = Stored(folder, rooms, posts)
        self.posting = Posting(self.stored.database, Bus())
        self.bare = Bare(folder)
        self.thread = ThreadPoolExecutor(1)

    def batch(self, size: int, rounds: int) -> tuple[Spread, Spread]:
        """CPU microseconds a post, and milliseconds of wall time a batch."""
        cpu, wall = [], []
        for turn in range(rounds + 1):
            repeat = max(1, min(300, POSTS_A_ROUND // size))
            batches = [self._drafts(size) for _ in range(repeat)]
            begun, began = time.process_time(), time.perf_counter()
            for drafts in batches:
                self.stored.database.write_here(lambda tx, it=drafts: self.posting._commit(tx, it))  # type: ignore[misc]
            if turn:  # the first one warms up
                cpu.append((time.process_time() - begun) / repeat / size * 1e6)
                wall.append((time.perf_counter() - began) / repeat * 1e3)
        return cpu, wall

    def _drafts(self, size: int) -> list[Draft]:
        """By so many people in so many rooms, while there are as many."""
        some = random.choices(self.stored.places, k=size)
        if size <= len(self.stored.places):
            some = random.sample(self.stored.places, size)
        return [Draft(who, room, new_id(), TEXT) for who, room in some]

    async def alone(self, rounds: int) -> tuple[Spread, Spread, Spread]:
        """Milliseconds of a bare commit and of a post, medians of a round; and their ratios."""
        bare, posts = [], []
        for turn in range(rounds + 1):
            both = [await self._turn() for _ in range(ALONE_A_ROUND)]
            if turn:
                bare.append(statistics.median(one for one, _ in both))
                posts.append(statistics.median(other for _, other in both))
        return bare, posts, [post / one for one, post in zip(bare, posts, strict=True)]

    async def _turn(self) -> tuple[float, float]:
        who, room = random.choice(self.stored.places)
        loop, id = asyncio.get_running_loop(), new_id()
        bare = await timed(lambda: loop.run_in_executor(self.thread, self.bare.commit))
        return bare, await timed(lambda: self.posting.post(who, room, id, TEXT))

    async def looking(self, rounds: int) -> tuple[Spread, Spread]:
        """Milliseconds of coming into a room, and of a page of 50 somewhere in its past."""
        hearing, history = Hearing(self.stored.database), History(self.stored.database)
        coming, paging = [], []
        for _ in range(rounds):
            opened, read = [], []
            for who, room in random.choices(self.stored.places, k=ALONE_A_ROUND):
                snapshot = await hearing.snapshot(room, who.session.id, whole=True)
                seq = random.randint(1, snapshot.head) if snapshot else 1
                opened.append(
                    await timed(
                        lambda r=room, w=who: hearing.snapshot(r, w.session.id, whole=True)  # type: ignore[misc]
                    )
                )
                read.append(await timed(lambda r=room, w=who, s=seq: history.before(w, r, s, 50)))  # type: ignore[misc]
            coming.append(statistics.median(opened))
            paging.append(statistics.median(read))
        return coming, paging

    def close(self) -> None:
        self.thread.shutdown()
        self.bare.close()
        self.stored.close()


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds of wall time."""
    begun = time.perf_counter()
    await work()
    return (time.perf_counter() - begun) * 1e3


def told(holds: bool) -> str:
    return "met" if holds else "MISSED"


def report(measured: Measured, rounds: int) -> Iterator[str]:
    for size in BATCHES:
        cpu, wall = measured.batch(size, rounds)
        yield f"in batches of {size:>3}:  CPU a post {spread(cpu, 'us')}"
        yield f"                     a batch    {spread(wall, 'ms')}"
    met = told(statistics.median(cpu) <= CPU_US)
    yield f"target, CPU a post in batches of 200: {CPU_US:.0f} us {met}"
    bare, posts, ratios = asyncio.run(measured.alone(rounds))
    yield f"a bare commit        {spread(bare, 'ms')}"
    yield f"a post alone         {spread(posts, 'ms')}, {spread(ratios, 'times')}"
    met = told(statistics.median(ratios) <= ALONE_RATIO)
    yield f"target, a post alone: {ALONE_RATIO:.0f} times a bare commit {met}"
    coming, paging = asyncio.run(measured.looking(rounds))
    yield f"coming into a room   {spread(coming, 'ms')}"
    yield f"a page of its past   {spread(paging, 'ms')}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--rooms", type=int, default=200, help="and as many people")
    parser.add_argument("--posts", type=int, default=20_000, help="stored before")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy "
          f"{sqlalchemy.__version__}; {platform.machine()}, {platform.system()} "
          f"{platform.release()}; {asked.rounds} rounds")  # fmt: skip
    print(f"{asked.rooms} rooms, {asked.posts} posts")
    with tempfile.TemporaryDirectory() as folder:
        measured = Measured(Path(folder), asked.rooms, asked.posts)
        for line in report(measured, asked.rounds):
            print(line, flush=True)
        measured.close()


if __name__ == "__main__":
    main()
