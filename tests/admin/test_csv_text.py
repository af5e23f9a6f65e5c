"""No cell of a CSV file is a formula to a spreadsheet, and all of them can be read back."""

from __future__ import annotations

import csv
import io

import pytest

from admin.csv_text import csv_lines


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "\u3000@x"],
)
def test_what_a_spreadsheet_would_run_is_text(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_lines([["a", cell]]), newline=""))
    assert row == ["a", f"'{cell}"]


@pytest.mark.parametrize("cell", ["", "ann", "a=b", "安，博", 'say "hi", then\nleave', "3-4", "'x"])
def test_all_else_is_as_it_was(cell: str) -> None:
    (row,) = csv.reader(io.StringIO(csv_lines([[cell, "b"]]), newline=""))
    assert row == [cell, "b"]
