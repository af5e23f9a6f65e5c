"""Target 5: what a connection costs that is open and hears nothing, and how fast they come."""

from __future__ import annotations

from collections import defaultdict

from bench.cost import line_through
from bench.generator import Figures
from bench.processes import Contender
from bench.results import Line, Plot, Result, Table, Verdict, every_run, spread
from bench.stage import Stage

SIZES = (500, 1_000, 2_000, 5_000, 10_000)
IN_A_ROOM = 50
HOLD = 6.0
"""Seconds after which memory is read."""
KIB, PER_S = 12.0, 1_500
HOW = (
    f"{IN_A_ROOM} people a room. A connect counts from the first packet until"
    " `subscribed` has come; 100 connect at a time. Memory is the server's resident set."
)


def run(stage: Stage) -> Result:
    sizes = stage.up_to_largest(SIZES)
    contender = _people_in_rooms(stage, sizes[-1])
    found: dict[int, list[Figures]] = defaultdict(list)
    for turn in range(max(1, stage.rounds - 1)):
        stage.tell(f"round {turn + 1}")
        for size in sizes:
            with stage.running(contender) as server:
                found[size].append(stage.measure(server, {"clients": size, "hold": HOLD}))
    return _result(found)


def _people_in_rooms(stage: Stage, people: int) -> Contender:
    """Each in one room, of `IN_A_ROOM`."""
    stage.tell(f"making {people:,} people")
    return stage.rooms_of([IN_A_ROOM] * (people // IN_A_ROOM))


def each_kib(runs: dict[int, list[Figures]]) -> float:
    """Memory that one more connection takes: the slope over all sizes."""
    points = [(float(n), one["memory_end_kib"]) for n, some in runs.items() for one in some]
    return line_through(points)[1]


def _result(found: dict[int, list[Figures]]) -> Result:
    each = each_kib(found)
    speed = spread(one["connects_per_s"] for one in found[max(found)])
    return Result(
        "idle",
        "Idle connections, each of another person, logged in and subscribed to a room",
        [
            Verdict(f"≤ {KIB:.0f} KiB of memory each", f"{each:.1f} KiB", each <= KIB),
            Verdict(f"≥ {PER_S:,} connects/s", str(speed), speed.median >= PER_S),
        ],
        [_table(found)],
        [_plot(found)],
        notes=[HOW],
        runs=every_run(found, "size"),
    )


def _table(found: dict[int, list[Figures]]) -> Table:
    rows = []
    for size, runs in found.items():
        memory = spread(one["memory_end_kib"] / 1024 for one in runs)
        more = spread((one["memory_end_kib"] - one["memory_before_kib"]) / size for one in runs)
        keys = ("connects_per_s", "connect_cpu_us", "connect_p99_ms")
        cells = [str(spread(one[key] for one in runs)) for key in keys]
        rows.append([f"{size:,}", str(memory), str(more), *cells])
    columns = ["connections", "memory, MiB", "more than empty, KiB each", "connects/s",
               "CPU µs a connect", "p99 ms"]  # fmt: skip
    return Table("By number of connections", columns, rows)


def _plot(found: dict[int, list[Figures]]) -> Plot:
    points = []
    for size, runs in found.items():
        memory = spread(one["memory_end_kib"] / 1024 for one in runs)
        points.append((float(size), memory.median, memory.least, memory.most))
    return Plot(
        "idle-memory", "The server’s memory, by idle connections", "connections", "MiB",
        [Line("Chatelaine", points)], log_across=False,
    )  # fmt: skip
