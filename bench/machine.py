"""On what was measured."""

from __future__ import annotations

import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.processes import CORES, LOAD_CORE, SERVER_CORE

ROOT = Path(__file__).resolve().parent.parent


def machine(command: str) -> dict[str, str]:
    return {
        "command": command,
        "day": datetime.now(UTC).date().isoformat(),
        "commit": _git("rev-parse", "--short", "HEAD") + (" and changes" if _changed() else ""),
        "processor": f"{_processor()}, {len(CORES)} cores",
        "cores": f"server on core {SERVER_CORE}, generator on core {LOAD_CORE}",
        "system": f"{platform.system()} {platform.release()}",
        "versions": f"Python {platform.python_version()}, Tornado {version('tornado')}, "
        f"SQLAlchemy {version('sqlalchemy')}, SQLite {sqlite3.sqlite_version}",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _git(*words: str) -> str:
    command = ["git", "-C", str(ROOT), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _changed() -> bool:
    """Besides what this benchmark writes."""
    outside = [":!bench/results", ":!docs/performance.md", ":!docs/images"]
    return bool(_git("status", "--porcelain", "--", ".", *outside))
