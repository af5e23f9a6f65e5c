"""From figures to tables, plots and the document."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.__main__ import TARGETS, arguments
from bench.cost import cost_model, line_through
from bench.document import BEGIN, END, filled, write
from bench.plots import Axis, draw
from bench.results import Line, Plot, Result, Table, Verdict, every_run, number, read, save, spread

SVG = "{http://www.w3.org/2000/svg}"
LINES = [Line("rises <fast>", [(10, 2, 1, 3), (1_000, 20, 10, 30)]), Line("flat", [(10, 5, 5, 5)])]
PLOT = Plot("a-plot", "Cost & size", "listeners", "µs", LINES, log_up=True)
RESULT = Result(
    "fanout",
    "A post",
    [Verdict("CPU ≤ 1.4 ×", "1.2 ×", True), Verdict("p50 ≤ 1.35 ×", "2 ×", False)],
    [Table("By who", ["", "µs"], [["Chatelaine", "8.6"]])],
    [PLOT],
    ["A note."],
    dict.fromkeys(("command", "day", "commit", "processor", "system", "cores", "versions"), "x"),
)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (0.01234, "0.0123"), (1.2345, "1.23"), (12.345, "12.3"), (123.45, "123"),
     (999.6, "1000"), (1_234.5, "1,234"), (9.996, "10.0"), (1_000_000, "1,000,000")],
)  # fmt: skip
def test_numbers_have_three_digits(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_spread_says_the_median_and_both_ends() -> None:
    assert str(spread([3.0, 1.0, 2.0])) == "2.00 (1.00–3.00)"
    assert str(spread([2.0])) == "2.00"


def test_every_run_bears_its_key() -> None:
    found = {("floor", 20): [{"cpu": 1.0}], ("floor", 100): [{"cpu": 2.0}]}
    assert every_run(found, "who", "rate") == [
        {"who": "floor", "rate": 20, "cpu": 1.0},
        {"who": "floor", "rate": 100, "cpu": 2.0},
    ]


def test_least_squares_find_the_line() -> None:
    points = [(float(n), 100 + 2.5 * n) for n in (2, 50, 1_000, 10_000)]
    assert line_through(points) == pytest.approx((100, 2.5))
    assert cost_model(points) == pytest.approx((100, 2.5))


def test_a_cost_model_is_not_ruled_by_what_costs_most() -> None:
    """10 % too much at the large end hardly changes what a post alone is said to cost."""
    points = [(2.0, 105.0), (20.0, 150.0), (200.0, 600.0), (2_000.0, 5_100 * 1.1)]
    assert cost_model(points)[0] == pytest.approx(100, rel=0.05)
    assert line_through(points)[0] != pytest.approx(100, rel=0.05)


def test_a_plot_is_svg_with_all_its_points() -> None:
    root = ET.fromstring(draw(PLOT))  # noqa: S314 (our own text)
    assert len(root.findall(f".//{SVG}circle")) == 3
    texts = [text.text for text in root.iter(f"{SVG}text")]
    assert {"Cost & size", "rises <fast>", "listeners", "µs", "10", "1,000"} <= set(texts)


def test_higher_values_are_drawn_higher() -> None:
    up = Axis([1, 100], 300, 50, log=True)
    assert up.place(1) == 300 > up.place(10) > up.place(100) == 50
    assert up.place(10) == pytest.approx(175)
    plain = Axis([3, 97], 0, 100, log=False)
    assert plain.ticks == [0, 20, 40, 60, 80, 100]


def test_only_what_is_between_the_marks_is_written_anew() -> None:
    text = f"Before.\n{BEGIN}\nold\n{END}\nAfter."
    new = filled(text, [RESULT])
    assert new.startswith("Before.\n")
    assert new.endswith("\nAfter.")
    assert "old" not in new
    assert "| p50 ≤ 1.35 × | 2 × | **missed** |" in new
    assert filled(new, [RESULT]) == new


def test_results_go_into_the_document_with_their_plots(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "performance.md").write_text(f"{BEGIN}{END}", "utf-8")
    save(RESULT, tmp_path)
    kept = read("fanout", tmp_path)
    assert kept == RESULT
    write([kept], tmp_path)
    images = re.findall(r"\((images/.*?)\)", (tmp_path / "performance.md").read_text("utf-8"))
    assert images == ["images/a-plot.svg"]
    assert (tmp_path / images[0]).read_text("utf-8") == draw(PLOT)


def test_what_is_in_the_document_is_what_was_found() -> None:
    """Whoever changes a figure by hand is found out."""
    root = Path(__file__).resolve().parent.parent.parent
    text = (root / "docs" / "performance.md").read_text("utf-8")
    found = [read(name) for name in TARGETS]
    assert filled(text, [result for result in found if result]) == text


def test_unknown_targets_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert arguments(["idle"]).targets == ["idle"]
    with pytest.raises(SystemExit):
        arguments(["idol"])
    assert "there are fanout" in capsys.readouterr().err
