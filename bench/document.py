"""Brings the figures of docs/performance.md to what bench/results/ says, plots and all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from bench.plots import draw
from bench.results import Result

DOCS = Path(__file__).resolve().parent.parent / "docs"
BEGIN, END = "<!-- figures: made by `make bench` -->", "<!-- end of the figures -->"


def write(results: Sequence[Result], docs: Path = DOCS) -> None:
    """Between the two marks, and the plots in docs/images/."""
    for result in results:
        for plot in result.plots:
            (docs / "images" / f"{plot.file}.svg").write_text(draw(plot), "utf-8")
    file = docs / "performance.md"
    file.write_text(filled(file.read_text("utf-8"), results), "utf-8")


def filled(text: str, results: Sequence[Result]) -> str:
    """The document with these figures in place of those that it had."""
    inside = "\n\n".join("\n".join(section(result)) for result in results)
    figures = f"{BEGIN}\n\n{inside}\n\n{END}"
    return re.sub(f"{BEGIN}.*{END}", lambda _: figures, text, count=1, flags=re.DOTALL)


def section(result: Result) -> list[str]:
    told = [f"### {result.title}", "", _where(result)]
    told += ["", "| target | found | |", "|---|---|---|"]
    told += [f"| {it.target} | {it.found} | {_word(it.met)} |" for it in result.verdicts]
    for table in result.tables:
        told += ["", f"{table.title}:", "", *table.lines()]
    for plot in result.plots:
        told += ["", f"![{plot.title}](images/{plot.file}.svg)"]
    for note in result.notes:
        told += ["", note]
    return told


def _word(met: bool) -> str:
    return "met" if met else "**missed**"


def _where(result: Result) -> str:
    about = result.machine
    return (
        f"`{about['command']}`, {about['day']}, commit {about['commit']}. {about['processor']},"
        f" {about['system']}; {about['cores']}. {about['versions']}."
    )
