"""Target 5: what a connection costs that is open and hears nothing, and how fast they come."""

from __future__ import annotations

from collections import defaultdict

from bench.cost import line_through
from bench.generator import Figures
from bench.processes import Contender, Running
from bench.results import Line, Plot, Result, Table, Verdict, every_run, spread
from bench.stage import Stage

SIZES = (500, 1_000, 2_000, 5_000, 10_000)
IN_A_ROOM = 50
HOLD = 6.0
"""Seconds after which memory is read."""
KIB, PER_S = 12.0, 1_500
HOW = (
    f"{IN_A_ROOM} people a room. Greeted: from the first packet until `welcome` has come"
    " with the list of rooms; subscribed: until a room is heard, too; 100 connect at a time."
    " Memory is the server's resident set."
)


def run(stage: Stage) -> Result:
    sizes = stage.up_to_largest(SIZES)
    contender = _people_in_rooms(stage, sizes[-1])
    found: dict[int, list[Figures]] = defaultdict(list)
    for turn in range(max(1, stage.rounds - 1)):
        stage.tell(f"round {turn + 1}")
        for size in sizes:
            with stage.running(contender) as server:
                found[size].append(_come_and_stay(stage, server, size))
    return _result(found)


def _come_and_stay(stage: Stage, server: Running, size: int) -> Figures:
    """First only to be greeted, then to listen to their rooms and stay."""
    greeted = stage.measure(server, {"clients": size, "hold": 0.5, "only-greeted": True})
    stays = stage.measure(server, {"clients": size, "hold": HOLD})
    names = ("connects_per_s", "connect_cpu_us", "connect_p99_ms")
    return {
        **stays,
        **{f"greeted_{name}": greeted[name] for name in names},
        "memory_before_kib": greeted["memory_before_kib"],
    }


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
    speed = spread(one["greeted_connects_per_s"] for one in found[max(found)])
    return Result(
        "idle",
        "Idle connections, each of another person, logged in and subscribed to a room",
        [
            Verdict(f"≤ {KIB:.0f} KiB of memory each", f"{each:.1f} KiB", each <= KIB),
            Verdict(f"≥ {PER_S:,} connects/s, until greeted", str(speed), speed.median >= PER_S),
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
        keys = (
            "greeted_connects_per_s",
            "greeted_connect_cpu_us",
            "greeted_connect_p99_ms",
            "connects_per_s",
            "connect_cpu_us",
        )
        cells = [str(spread(one[key] for one in runs)) for key in keys]
        rows.append([f"{size:,}", str(memory), str(more), *cells])
    columns = [
        "connections",
        "memory, MiB",
        "more than empty, KiB each",
        "greeted/s",
        "CPU µs each",
        "p99 ms",
        "subscribed/s",
        "CPU µs each",
    ]
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
