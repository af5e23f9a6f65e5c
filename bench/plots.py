"""Plots as SVG, by hand: lines with their spread, on a light page and a dark one alike."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from bench.results import Line, Plot, number

WIDTH, HEIGHT = 720, 400
LEFT, RIGHT, TOP, BOTTOM = 76, 44, 56, 62
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00")
"""Told apart by colour-blind people too (Okabe and Ito); each line also has a dash of its own."""
DASHES = ("", "7 4", "2 4", "11 4 2 4", "5 3 1 3")
STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.title{font-weight:600;font-size:15px}"
    ".page{fill:#fff}.grid{stroke:#d0d7de}.axis{stroke:#57606a}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}"
    ".grid{stroke:#30363d}.axis{stroke:#8b949e}}"
)


class Axis:
    """From values to places between ``begin`` and ``end``."""

    def __init__(self, values: Sequence[float], begin: float, end: float, *, log: bool) -> None:
        self._log = log
        low, high = min(values), max(values)
        self.ticks = _powers(low, high) if log else _steps(high)
        self._low = self._scaled(min(low, self.ticks[0]))
        self._high = self._scaled(max(high, self.ticks[-1]))
        self._begin, self._end = begin, end

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self._log else value

    def place(self, value: float) -> float:
        part = (self._scaled(value) - self._low) / ((self._high - self._low) or 1)
        return self._begin + part * (self._end - self._begin)


def _powers(low: float, high: float) -> list[float]:
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    if last - first > 2:
        return [10.0**power for power in range(first, last + 1)]
    every = [m * 10.0**power for power in range(first, last + 1) for m in (1, 2, 5)]
    below = max((tick for tick in every if tick <= low), default=every[0])
    above = min((tick for tick in every if tick >= high), default=every[-1])
    return [tick for tick in every if below <= tick <= above]


def _steps(high: float) -> list[float]:
    rough = high / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= rough)
    return [step * n for n in range(math.ceil(high / step) + 1)]


def draw(plot: Plot) -> str:
    """The whole SVG document."""
    points = [point for line in plot.lines for point in line.points]
    across = Axis([x for x, *_ in points], LEFT, WIDTH - RIGHT, log=plot.log_across)
    ups = [y for _, _, low, high in points for y in (low, high)]
    up = Axis(ups, HEIGHT - BOTTOM, TOP, log=plot.log_up)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        f"<title>{escape(plot.title)}</title><style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="title" x="{LEFT}" y="20">{escape(plot.title)}</text>',
        *_across(across, plot.across),
        *_up(up, plot.up),
        *(_line(plot.lines[i], i, across, up) for i in range(len(plot.lines))),
        *_legend(plot.lines),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _across(axis: Axis, name: str) -> Iterator[str]:
    floor = HEIGHT - BOTTOM
    for tick in axis.ticks:
        x = axis.place(tick)
        yield f'<path class="grid" d="M{x:.1f} {TOP}V{floor}"/>'
        yield f'<text x="{x:.1f}" y="{floor + 20}" text-anchor="middle">{_tick(tick)}</text>'
    yield f'<path class="axis" d="M{LEFT} {floor}H{WIDTH - RIGHT}"/>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{escape(name)}</text>'


def _up(axis: Axis, name: str) -> Iterator[str]:
    for tick in axis.ticks:
        y = axis.place(tick)
        yield f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_tick(tick)}</text>'
    yield (
        f'<text x="16" y="{(TOP + HEIGHT - BOTTOM) / 2}" text-anchor="middle"'
        f' transform="rotate(-90 16 {(TOP + HEIGHT - BOTTOM) / 2})">{escape(name)}</text>'
    )


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else number(value)


def _line(line: Line, which: int, across: Axis, up: Axis) -> str:
    style = _stroke(which)
    places = [(across.place(x), up.place(y)) for x, y, *_ in line.points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    bars = "".join(
        f"M{across.place(x):.1f} {up.place(low):.1f}V{up.place(high):.1f}"
        for x, _, low, high in line.points
    )
    colour = COLOURS[which % len(COLOURS)]
    return (
        f'<g fill="{colour}"><polyline points="{path}" {style}/>'
        f'<path d="{bars}" stroke="{colour}" stroke-opacity=".5"/>{dots}</g>'
    )


def _stroke(which: int) -> str:
    dash = DASHES[which % len(DASHES)]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'fill="none" stroke="{COLOURS[which % len(COLOURS)]}" stroke-width="2"{dashes}'


def _legend(lines: Sequence[Line]) -> Iterator[str]:
    x = LEFT
    for i in range(len(lines)):
        yield f'<path d="M{x:.0f} 38h26" {_stroke(i)}/>'
        yield f'<text x="{x + 32:.0f}" y="42">{escape(lines[i].name)}</text>'
        x += 50 + 7 * len(lines[i].name)
