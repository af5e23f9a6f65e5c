"""Runs every check of the sources and tells which of them fail: `python -m tools.lint`."""

import subprocess
import sys

from tools.findings import forget, note
from tools.node import ROOT

CHECKS = {
    "ruff check": ("ruff", "check", "--quiet", "."),
    "ruff format": ("ruff", "format", "--check", "--quiet", "."),
    "mypy": ("mypy", "--no-error-summary"),
    "tsc": ("tools.typecheck",),
}


def main() -> int:
    forget()
    failed = [name for name, command in CHECKS.items() if not passes(*command)]
    for name in failed:
        note(f"failed: {name}")
    return 1 if failed else 0


def passes(*module: str) -> bool:
    return not subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
