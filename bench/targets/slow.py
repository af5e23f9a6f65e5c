"""Target 7: one listener that stops reading and one that reads a byte a second, among 1,000."""

from __future__ import annotations

from collections import defaultdict

from bench.generator import Figures
from bench.product import settling
from bench.results import Result, Table, Verdict, every_run, spread
from bench.stage import Stage

LISTENERS = 1_000
POSTS: dict[str, float] = {
    "clients": LISTENERS,
    "size": 4_000,
    "rate": 30,
    "seconds": 13,
    "warm": 1,
}
"""Long ones, so that what waits for a slow reader is more than may wait."""
WAYS: dict[str, dict[str, float]] = {
    "all read": {},
    "one stopped, one reads 1 byte/s": {"stopped": 1, "dribbling": 1, "again": True},
}
WELL, SLOW = WAYS
P99, MIB = 1.2, 1.0
HOW = (
    f"Posts of {POSTS['size']:,.0f} bytes, {POSTS['rate']} a second for {POSTS['seconds']} s; the"
    " slow readers have small receive buffers, so that the server holds what waits for them."
)


def run(stage: Stage) -> Result:
    contender = stage.one_room(LISTENERS)
    found: dict[str, list[Figures]] = defaultdict(list)
    for turn in range(stage.rounds):
        stage.tell(f"round {turn + 1} of {stage.rounds}")
        for way, options in WAYS.items():
            with stage.running(contender) as server:
                settle = settling(LISTENERS)
                found[way].append(stage.measure(server, {**POSTS, "settle": settle, **options}))
    fates = "; ".join(_fate(one) for one in found[SLOW])
    return Result(
        "slow",
        f"Two slow readers among {LISTENERS:,}",
        _verdicts(found),
        [_table(found)],
        notes=[HOW, f"Afterwards they read on: {fates}."],
        runs=every_run(found, "way"),
    )


def _fate(one: Figures) -> str:
    return (
        f"{one['cut_off']:.0f} cut off, {one['resumed']:.0f} resumed,"
        f" {one['reloads']:.0f} told to load pages, {one['caught_up']:.0f} of 2 level at the end"
    )


def _verdicts(found: dict[str, list[Figures]]) -> list[Verdict]:
    pairs = list(zip(found[SLOW], found[WELL], strict=True))
    p99 = spread(slow["p99_ms"] / well["p99_ms"] for slow, well in pairs)
    more = spread((_grown(slow) - _grown(well)) / 1024 / 2 for slow, well in pairs)
    level = min(one["caught_up"] for one in found[SLOW])
    return [
        Verdict(f"the others' p99 ≤ {P99} ×", f"{p99} ×", p99.median <= P99),
        Verdict(f"memory for each ≤ {MIB:.0f} MiB", f"{more} MiB", more.median <= MIB),
        Verdict("both have everything in the end, without a gap", f"{level:.0f} of 2", level == 2),
    ]  # fmt: skip


def _grown(one: Figures) -> float:
    """KiB, while posts were handed out."""
    return one["memory_end_kib"] - one["memory_ready_kib"]


def _table(found: dict[str, list[Figures]]) -> Table:
    keys = ("cpu_us", "p50_ms", "p99_ms", "max_ms")
    rows = [
        [
            way,
            *(str(spread(one[key] for one in runs)) for key in keys),
            str(spread(_grown(one) / 1024 for one in runs)),
        ]
        for way, runs in found.items()
    ]
    columns = ["", "CPU µs", "p50 ms", "p99 ms", "longest ms", "memory grew, MiB"]
    return Table("What the other listeners notice, per delivery", columns, rows)
