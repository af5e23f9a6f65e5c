"""Target 3: as many posts to 500 listeners as one core hands out, and 500 posts a second."""

from __future__ import annotations

from collections import defaultdict

from bench.generator import Figures, faults
from bench.others import IRC, WS, floor, inspircd, node_ws
from bench.others import available as those
from bench.product import NAME, settling
from bench.results import Result, Table, Verdict, every_run, spread
from bench.stage import Stage

LISTENERS, SENDERS = 500, 50
WAYS: dict[str, dict[str, float]] = {
    "as fast as it can": {"window": 200},
    "500 posts/s": {"rate": 500},
}
FULL, STEADY = WAYS
CPU_US, PER_S, P99_MS = 0.5, 2_000_000, 12.0

Runs = dict[tuple[str, str], list[Figures]]


def run(stage: Stage) -> Result:
    peers = those({WS: node_ws, IRC: inspircd}, stage.tell)
    contenders = [stage.one_room(LISTENERS), floor(), *peers]
    found: Runs = defaultdict(list)
    for turn in range(stage.rounds):
        stage.tell(f"round {turn + 1} of {stage.rounds}")
        for contender in contenders:
            settle = settling(LISTENERS) if contender.name == NAME else 0.2
            with stage.running(contender) as server:
                for way, options in WAYS.items():
                    common = {"clients": LISTENERS, "senders": SENDERS, "settle": settle}
                    run = stage.measure(server, {**common, **options}, overload=True)
                    found[contender.name, way].append(run)
    names = [contender.name for contender in contenders]
    return Result(
        "saturated",
        f"{LISTENERS} listeners, as fast as one core can",
        _verdicts(found),
        [_table(found, names, way) for way in WAYS],
        notes=[
            f"{SENDERS} of the listeners post; up to {WAYS[FULL]['window']:.0f} posts in flight."
        ],
        runs=every_run(found, "who", "way"),
    )


def _verdicts(found: Runs) -> list[Verdict]:
    full, steady = found[NAME, FULL], found[NAME, STEADY]
    cpu = spread(one["cpu_us"] for one in full)
    speed = spread(one["deliveries_per_s"] for one in full)
    p99 = spread(one["p99_ms"] for one in steady)
    kept_up = not any(faults(one) for one in steady)
    return [
        Verdict(f"saturated, CPU ≤ {CPU_US} µs per delivery", f"{cpu} µs", cpu.median <= CPU_US),
        Verdict(f"and ≥ {PER_S:,} deliveries/s", f"{speed}", speed.median >= PER_S),
        Verdict(
            f"500 posts/s: p99 ≤ {P99_MS:.0f} ms",
            f"{p99} ms" if kept_up else "more than it can do",
            kept_up and p99.median <= P99_MS,
        ),
    ]


def _table(found: Runs, names: list[str], way: str) -> Table:
    keys = ("deliveries_per_s", "cpu_us", "server_busy", "load_busy", "p50_ms", "p99_ms")
    rows = [
        [name, *(str(spread(one[key] for one in found[name, way])) for key in keys)]
        for name in names
    ]
    columns = [
        "",
        "deliveries/s",
        "CPU µs each",
        "server busy",
        "generator busy",
        "p50 ms",
        "p99 ms",
    ]
    return Table(way[0].upper() + way[1:], columns, rows)
