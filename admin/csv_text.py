"""CSV (RFC 4180) that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""By it spreadsheets know UTF-8."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_lines(rows: Iterable[Sequence[str]]) -> str:
    """A line each. What could be run as a formula gets an apostrophe before it
    (https://owasp.org/www-community/attacks/CSV_Injection)."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Spaces do not keep a spreadsheet from seeing the sign behind them; nor does full width."""
    start = cell.lstrip(" \u00a0\u3000")[:1]
    return f"'{cell}" if start in (*_FORMULAS, "＝", "＋", "－", "＠") and start else cell
