"""What the steps before pytest found, told again at its end: failed checks, and what could not run.

Nothing is passed over in silence: what could not run is a failure with CI=true.
"""

import os
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parent.parent / "test-results" / "findings.txt"


def strict() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def note(finding: str) -> None:
    sys.stderr.write(f"{finding}\n")
    LIST.parent.mkdir(exist_ok=True)
    with LIST.open("a", encoding="utf-8") as file:
        file.write(f"{finding}\n")


def note_missing(what: str) -> int:
    """Answer the exit code of a step that could not run."""
    note(f"could not run: {what}")
    return 1 if strict() else 0


def findings() -> list[str]:
    return LIST.read_text("utf-8").splitlines() if LIST.exists() else []


def forget() -> None:
    LIST.unlink(missing_ok=True)
