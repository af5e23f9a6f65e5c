"""Target 4: posts that are kept: 200 senders in 200 rooms, and one alone beside a bare commit."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from bench.generator import Figures, faults
from bench.processes import SERVER_CORE, on_core
from bench.results import Result, Spread, Table, Verdict, every_run, spread
from bench.stage import Stage

SENDERS = 200
STEADY_RATE = 10_000
COMMITS = 500
WAYS: dict[str, dict[str, float]] = {
    "each sends when the last is kept": {"unacked": 1},
    "each keeps 4 on their way": {"unacked": 4},
    f"{STEADY_RATE:,} posts/s on schedule": {"rate": STEADY_RATE},
}
ONE, FOUR, STEADY = WAYS
IN_FLIGHT = (
    "With so many posts always in flight, p50 is their number divided by the throughput; what a"
    " sender waits at a given load is the row on schedule."
)
PER_S, P50_MS, P99_MS, ALONE = 10_000, 10.0, 25.0, 2.0


def run(stage: Stage) -> Result:
    many, alone = stage.rooms_of([1] * SENDERS), stage.one_room(1)
    found: dict[str, list[Figures]] = defaultdict(list)
    bare: list[float] = []
    for turn in range(stage.rounds):
        stage.tell(f"round {turn + 1} of {stage.rounds}")
        with stage.running(many) as server:
            for way, options in WAYS.items():
                crowd = {"clients": SENDERS, "senders": SENDERS, "rooms": SENDERS, "settle": 1.5}
                found[way].append(stage.measure(server, {**crowd, **options}, overload=True))
        with stage.running(alone) as server:
            lone = {"clients": 1, "unacked": 1, "settle": 1.5}
            found["alone"].append(stage.measure(server, lone))
        bare.append(bare_commit(stage.new_folder("bare") / "bare.db"))
    return Result(
        "durable",
        f"Durable posts: {SENDERS} senders in {SENDERS} rooms, and one alone",
        _verdicts(found, bare),
        [_table(found, bare)],
        notes=[
            f"One bare commit from a thread, as asyncio sees it: {spread(bare)} ms.",
            IN_FLIGHT,
        ],
        runs=every_run(found, "way"),
    )


def bare_commit(file: Path) -> float:
    """Milliseconds (median) from asyncio to a thread that commits one row durably, and back."""
    with on_core(SERVER_CORE):
        return asyncio.run(_commits(file))


async def _commits(file: Path) -> float:
    loop, times = asyncio.get_running_loop(), []
    with ThreadPoolExecutor(1) as thread:
        database = await loop.run_in_executor(thread, _opened, file)
        for number in range(COMMITS):
            begun = time.perf_counter()
            await loop.run_in_executor(thread, _commit, database, number)
            times.append((time.perf_counter() - begun) * 1e3)
        await loop.run_in_executor(thread, database.close)
    return spread(times).median


def _opened(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        with closing(database.execute(f"PRAGMA {pragma}")):
            pass
    database.execute("CREATE TABLE posts (seq INTEGER PRIMARY KEY, text TEXT)")
    return database


def _commit(database: sqlite3.Connection, number: int) -> None:
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO posts VALUES (?, ?)", (number, "x" * 100))
    database.execute("COMMIT")


def _verdicts(found: dict[str, list[Figures]], bare: list[float]) -> list[Verdict]:
    speed = max((spread(one["acks_per_s"] for one in found[way]) for way in (ONE, FOUR)),
                key=lambda it: it.median)  # fmt: skip
    p50 = spread(one["ack_p50_ms"] for one in found[STEADY])
    p99 = spread(one["ack_p99_ms"] for one in found[STEADY])
    kept_up = not any(faults(one) for one in found[STEADY])
    pairs = zip(found["alone"], bare, strict=True)
    alone = spread(one["ack_p50_ms"] / commit for one, commit in pairs)
    at = f"at {STEADY_RATE:,} posts/s"
    return [
        Verdict(f"≥ {PER_S:,} acknowledged posts/s", str(speed), speed.median >= PER_S),
        Verdict(
            f"acknowledged within {P50_MS:.0f} ms (p50), {at}",
            _or_more(p50, kept_up),
            kept_up and p50.median <= P50_MS,
        ),
        Verdict(
            f"and within {P99_MS:.0f} ms (p99), {at}",
            _or_more(p99, kept_up),
            kept_up and p99.median <= P99_MS,
        ),
        Verdict(
            f"one alone: p50 ≤ {ALONE:.0f} × a bare commit", f"{alone} ×", alone.median <= ALONE
        ),
    ]


def _or_more(delay: Spread, kept_up: bool) -> str:
    return f"{delay} ms" if kept_up else "more than it can do"


def _table(found: dict[str, list[Figures]], bare: list[float]) -> Table:
    keys = ("acks_per_s", "ack_p50_ms", "ack_p99_ms", "cpu_us_per_post", "server_busy", "load_busy")
    rows = [
        [way, *(str(spread(one[key] for one in runs)) for key in keys)]
        for way, runs in found.items()
    ]
    columns = [
        "",
        "kept posts/s",
        "p50 ms",
        "p99 ms",
        "CPU µs a post",
        "server busy",
        "generator busy",
    ]
    return Table("Until a post is acknowledged", columns, rows)
