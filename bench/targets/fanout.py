"""Target 1: a post to 500 listeners, beside the floor in C, libraries and a chat server."""

from __future__ import annotations

from collections import defaultdict

from bench.generator import Figures
from bench.others import DISK, FLOOR, TUTORIAL, all_peers, floor, floor_with_disk
from bench.processes import Contender
from bench.product import NAME, settling
from bench.results import Result, Table, Verdict, every_run, number, spread
from bench.stage import Stage

LISTENERS = 500
RATES = (20, 100)
TOO_SLOW = {TUTORIAL: 20}
"""The highest rate that it keeps up with on one core."""
CPU, USER_US, P50, P99 = 1.4, 1.5, 1.35, 1.5

Runs = dict[tuple[str, int], list[Figures]]


def run(stage: Stage) -> Result:
    contenders = [stage.one_room(LISTENERS), floor(), floor_with_disk(), *all_peers(stage.tell)]
    found: Runs = defaultdict(list)
    for turn in range(stage.rounds):
        stage.tell(f"round {turn + 1} of {stage.rounds}")
        for contender in contenders:
            _measure(stage, contender, found)
    names = [contender.name for contender in contenders]
    return Result(
        "fanout",
        f"A post to {LISTENERS} listeners",
        [verdict for rate in RATES for verdict in _verdicts(found, rate)],
        [_table(found, names, rate) for rate in RATES],
        notes=[f"Versions: {', '.join(f'{it.name} {it.version}' for it in contenders[3:])}."],
        runs=every_run(found, "who", "rate"),
    )


def _measure(stage: Stage, contender: Contender, found: Runs) -> None:
    settle = settling(LISTENERS) if contender.name == NAME else 0.2
    with stage.running(contender) as server:
        for rate in RATES:
            if rate <= TOO_SLOW.get(contender.name, rate):
                options = {"clients": LISTENERS, "rate": rate, "settle": settle}
                found[contender.name, rate].append(stage.measure(server, options))


def ratio(found: Runs, who: str, than: str, rate: int, figure: str) -> list[float]:
    """Round by round: who was measured in the same minute is compared."""
    pairs = zip(found[who, rate], found[than, rate], strict=True)
    return [one[figure] / other[figure] for one, other in pairs]


def _table(found: Runs, names: list[str], rate: int) -> Table:
    rows = []
    for name in names:
        if runs := found.get((name, rate)):
            cells = [spread(one[key] for one in runs) for key in ("cpu_us", "user_us")]
            delays = [spread(one[key] for one in runs) for key in ("p50_ms", "p99_ms")]
            times = spread(ratio(found, name, FLOOR, rate, "cpu_us"))
            rows.append([name, str(cells[0]), str(times), str(cells[1]), *map(str, delays)])
    columns = ["", "CPU µs", "× floor", "user µs", "p50 ms", "p99 ms"]
    return Table(f"{rate} posts a second, per delivery", columns, rows)


def _verdicts(found: Runs, rate: int) -> list[Verdict]:
    cpu = spread(ratio(found, NAME, FLOOR, rate, "cpu_us"))
    p50, p99 = (spread(ratio(found, NAME, DISK, rate, key)) for key in ("p50_ms", "p99_ms"))
    user = spread(one["user_us"] for one in found[NAME, rate])
    others = {
        who: spread(one["cpu_us"] for one in runs).median
        for (who, at), runs in found.items()
        if at == rate and who not in (NAME, FLOOR, DISK)
    }
    own = spread(one["cpu_us"] for one in found[NAME, rate]).median
    below = f"{number(own)} µs, the best of the others {number(min(others.values(), default=0))} µs"
    at = f"at {rate} posts/s"
    return [
        Verdict(f"CPU per delivery ≤ {CPU} × the floor, {at}", f"{cpu} ×", cpu.median <= CPU),
        Verdict(
            f"and below every library and server, {at}",
            below,
            own < min(others.values(), default=own + 1),
        ),
        Verdict(
            f"user CPU ≤ {USER_US} µs per delivery, {at}", f"{user} µs", user.median <= USER_US
        ),
        Verdict(f"p50 ≤ {P50} × the floor with disk, {at}", f"{p50} ×", p50.median <= P50),
        Verdict(f"p99 ≤ {P99} × the floor with disk, {at}", f"{p99} ×", p99.median <= P99),
    ]
