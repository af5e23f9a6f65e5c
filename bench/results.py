"""What a benchmark found, as it is kept in bench/results/ and told in docs/performance.md."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

FOLDER = Path(__file__).resolve().parent / "results"


class Spread(Struct, frozen=True):
    """One figure of some rounds: its median, and between what it was."""

    median: float
    least: float
    most: float

    def __str__(self) -> str:
        if self.least == self.most:
            return number(self.median)
        return f"{number(self.median)} ({number(self.least)}–{number(self.most)})"


def spread(values: Iterable[float]) -> Spread:
    found = sorted(values)
    return Spread(statistics.median(found), found[0], found[-1])


def number(value: float) -> str:
    """Three digits that count, with commas in what is large."""
    if value == 0 or abs(value) >= 1_000:
        return f"{value:,.0f}"
    return f"{value:.{max(0, 2 - _power(value))}f}"


def _power(value: float) -> int:
    power, left = 0, abs(value)
    while left >= 9.995:
        power, left = power + 1, left / 10
    while left < 0.9995 and power > -4:
        power, left = power - 1, left * 10
    return power


class Table(Struct, frozen=True):
    title: str
    columns: list[str]
    rows: list[list[str]]

    def lines(self) -> list[str]:
        """As Markdown, laid out so that it can be read in a terminal too."""
        every = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in every) for i in range(len(self.columns))]
        laid = [_row(row, widths) for row in every]
        ruler = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return [laid[0], ruler, *laid[1:]]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "| " + " | ".join(padded) + " |"


class Line(Struct, frozen=True):
    """One line of a plot. ``points``: (x, median, least, most)."""

    name: str
    points: list[tuple[float, float, float, float]]


class Plot(Struct, frozen=True):
    """Axes that say ``log`` have powers of ten."""

    file: str
    title: str
    across: str
    up: str
    lines: list[Line]
    log_across: bool = True
    log_up: bool = False


class Verdict(Struct, frozen=True):
    """One target, what was found, and whether that is good enough."""

    target: str
    found: str
    met: bool


class Result(Struct, frozen=True):
    """Everything about one run of one target."""

    name: str
    title: str
    verdicts: list[Verdict]
    tables: list[Table]
    plots: list[Plot] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    machine: dict[str, str] = field(default_factory=dict)
    runs: list[dict[str, float | str]] = field(default_factory=list)
    """Every figure of every single run."""


def every_run(
    found: Mapping[Any, Iterable[Mapping[str, float]]], *names: str
) -> list[dict[str, float | str]]:
    """All figures of all runs, each with its key, whose parts are called ``names``."""
    return [
        {**dict(zip(names, key if isinstance(key, tuple) else (key,), strict=True)), **run}
        for key, runs in found.items()
        for run in runs
    ]


def save(result: Result, folder: Path = FOLDER) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{result.name}.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n")
    return file


def read(name: str, folder: Path = FOLDER) -> Result | None:
    """What was saved last, if anything was."""
    file = folder / f"{name}.json"
    return msgspec.json.decode(file.read_bytes(), type=Result) if file.exists() else None


def lines(result: Result) -> list[str]:
    """As it is printed."""
    told = [f"== {result.title}"]
    for table in result.tables:
        told += ["", table.title, *table.lines()]
    told += ["", *result.notes]
    told += [
        f"{'met   ' if it.met else 'MISSED'} {it.target}: {it.found}" for it in result.verdicts
    ]
    return told
