"""Runs the load generator against a server and reads what it found."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from bench.building import CACHE
from bench.processes import LOAD_CORE, FailedError, Running, on_core

LONGEST = 600.0
"""Seconds that one run may take."""
BUSIEST = 0.97
"""Of its core: a generator as busy as that measured itself."""
FAULTS = ("missing", "doubled", "misordered", "log_gaps", "bad_frames", "errors", "closed")

Figures = dict[str, float]
Options = Mapping[str, float | str | bool]


def load(server: Running, options: Options, program: Path = CACHE / "load") -> Figures:
    """Run it with ``options``, such as ``{"clients": 500, "rate": 100}``; see `load --help`.

    Raises `FailedError` if anything was missing, doubled, out of order or wrong.
    """
    found = run_load(server, options, program)
    if wrong := faults(found):
        raise FailedError(f"{server.contender.name} with {options}: {wrong}")
    return found


def faults(found: Figures) -> Figures:
    """How many deliveries, frames or connections were not as they must be; empty if all were."""
    return {name: found[name] for name in FAULTS if found.get(name)}


def run_load(server: Running, options: Options, program: Path = CACHE / "load") -> Figures:
    """As `load`, but whatever it found. Raises `FailedError` if not all were let in."""
    contender = server.contender
    every: dict[str, float | str | bool] = {
        "port": server.port,
        "server": server.pid,
        "speak": contender.speak,
        "path": contender.path,
        **options,
    }
    if contender.people:
        every.setdefault("people", str(contender.people))
    words = [word for name, value in every.items() for word in _words(name, value)]
    with on_core(LOAD_CORE):
        done = subprocess.run(
            [str(program), *words], capture_output=True, text=True, timeout=LONGEST, check=False
        )
    if done.returncode:
        raise FailedError(f"{contender.name} with {options}: {done.stderr}{done.stdout}")
    found: Figures = json.loads(done.stdout)
    return found


def _words(name: str, value: float | str | bool) -> list[str]:
    return [f"--{name}"] if isinstance(value, bool) else [f"--{name}", str(value)]
