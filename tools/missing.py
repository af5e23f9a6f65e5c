"""What could not run on this machine: never passed over in silence, and a failure with CI=true."""

import os
import sys
from pathlib import Path

LIST = Path(__file__).resolve().parent.parent / "test-results" / "missing.txt"


def strict() -> bool:
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


def note_missing(what: str) -> int:
    """Remember it for the end of the tests; answer the exit code."""
    sys.stderr.write(f"could not run: {what}\n")
    LIST.parent.mkdir(exist_ok=True)
    with LIST.open("a", encoding="utf-8") as file:
        file.write(what + "\n")
    return 1 if strict() else 0


def missing() -> list[str]:
    return LIST.read_text("utf-8").splitlines() if LIST.exists() else []


def forget() -> None:
    LIST.unlink(missing_ok=True)
