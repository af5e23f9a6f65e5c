"""Target 2: CPU = a · posts + b · deliveries, fitted over rooms of 2 to 10,000 listeners."""

from __future__ import annotations

from collections import defaultdict

from bench.cost import cost_model
from bench.generator import Figures
from bench.others import FLOOR, floor
from bench.product import NAME, settling
from bench.results import Line, Plot, Result, Table, Verdict, every_run, number, spread
from bench.stage import Stage

SIZES = (2, 10, 50, 200, 1_000, 10_000)
POSTS_MOST, DELIVERIES_MOST = 200.0, 40_000.0
"""A second, lest a server be measured that does not keep up."""
LARGE = 50
B, FAR = 1.4, 0.25

Runs = dict[tuple[str, int], list[Figures]]


def run(stage: Stage) -> Result:
    found: Runs = defaultdict(list)
    rooms = {size: stage.one_room(size) for size in stage.up_to_largest(SIZES)}
    for turn in range(max(1, stage.rounds - 1)):
        stage.tell(f"round {turn + 1}")
        for size in rooms:
            rate = min(POSTS_MOST, DELIVERIES_MOST / size)
            for contender in (rooms[size], floor()):
                settle = settling(size) if contender.name == NAME else 0.2
                with stage.running(contender) as server:
                    options = {"clients": size, "rate": rate, "settle": settle}
                    found[contender.name, size].append(stage.measure(server, options))
    return _result(found)


def _sizes_of(found: Runs) -> list[int]:
    return sorted({size for _, size in found})


def _per_post(found: Runs, who: str) -> list[tuple[float, float]]:
    """(deliveries of a post, µs of CPU for it), of every run."""
    return [
        (float(size), one["cpu_us_per_post"])
        for (name, size), runs in found.items()
        if name == who
        for one in runs
    ]


def _result(found: Runs) -> Result:
    own, least = cost_model(_per_post(found, NAME)), cost_model(_per_post(found, FLOOR))
    return Result(
        "cost_model",
        "What a post costs: CPU = a · posts + b · deliveries",
        _verdicts(found, own, least),
        [_fits(own, least), _sizes(found, own, least)],
        [_plot(found)],
        runs=every_run(found, "who", "size"),
    )


def _verdicts(found: Runs, own: tuple[float, float], least: tuple[float, float]) -> list[Verdict]:
    steepest = max(_ratio(found, size) for size in _sizes_of(found) if size >= LARGE)
    far = _farthest(found)
    b = own[1] / least[1]
    return [
        Verdict(f"b ≤ {B} × the floor's", f"{number(b)} ×", b <= B),
        Verdict(
            f"from {LARGE} listeners on, beyond a, ≤ {B} × what the floor needs",
            f"{number(steepest)} × at most",
            steepest <= B,
        ),
        Verdict(
            f"a is flat: each size within {FAR:.0%} of a + b × the floor",
            f"{far:.0%} at most",
            far <= FAR,
        ),
    ]


def _farthest(found: Runs) -> float:
    """From a + b · (what the floor needs at that size), fitted: the kernel itself needs more for
    each of very many connections, which are in no cache."""
    least = {size: _median(found, FLOOR, size) for size in _sizes_of(found)}
    a, b = cost_model([(least[size], _median(found, NAME, size)) for size in least])
    return max(abs(_median(found, NAME, n) / (a + b * cost) - 1) for n, cost in least.items())


def _ratio(found: Runs, size: int) -> float:
    """Of what each delivery beyond the post itself costs, to the floor's."""
    a = cost_model(_per_post(found, NAME))[0]
    own = _median(found, NAME, size) - a
    return own / _median(found, FLOOR, size)


def _median(found: Runs, who: str, size: int) -> float:
    return spread(one["cpu_us_per_post"] for one in found[who, size]).median


def _off(found: Runs, who: str, size: int, model: tuple[float, float]) -> float:
    """How far the median is from the fit, as a part of it."""
    said = model[0] + model[1] * size
    return (_median(found, who, size) - said) / said


def _fits(own: tuple[float, float], least: tuple[float, float]) -> Table:
    rows = [[NAME, *map(number, own)], [FLOOR, *map(number, least)]]
    return Table("The fit", ["", "a, µs a post", "b, µs a delivery"], rows)


def _sizes(found: Runs, own: tuple[float, float], least: tuple[float, float]) -> Table:
    rows = []
    for size in _sizes_of(found):
        row = [f"{size:,}"]
        for who, model in ((NAME, own), (FLOOR, least)):
            cost = spread(one["cpu_us_per_post"] for one in found[who, size])
            row += [str(cost), f"{_off(found, who, size, model):+.0%}"]
        rows.append(row)
    columns = ["listeners", f"{NAME}, µs a post", "off the fit", "floor, µs a post", "off the fit"]
    return Table("By size of the room", columns, rows)


def _plot(found: Runs) -> Plot:
    lines = []
    for who in (NAME, FLOOR):
        points = []
        for size in _sizes_of(found):
            cost = spread(one["cpu_us_per_post"] for one in found[who, size])
            points.append((float(size), cost.median, cost.least, cost.most))
        lines.append(Line(who, points))
    return Plot(
        "cost-of-a-post", "What a post costs, by how many hear it", "listeners",
        "µs of CPU a post", lines, log_up=True,
    )  # fmt: skip
