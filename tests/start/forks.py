"""Runs the program many times without importing it anew: one process that forks for each run.

Each run is a process of its own, with its own environment, output and exit status. As a module it
is that process: it reads runs from standard input, a JSON object a line, and answers likewise.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app import ROOT, main

_PR_CAPBSET_DROP = 24
_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH = 1, 2


@dataclass(frozen=True)
class Run:
    """How a run of the program ended."""

    status: int
    out: str
    err: str


class Forks:
    """The process that forks; ``powerless`` means that modes bind even root."""

    def __init__(self, *, powerless: bool = False) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.start.forks"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            preexec_fn=_without_power if powerless else None,
        )

    def run(self, arguments: Sequence[str], environ: Mapping[str, str]) -> Run:
        process = self._process
        assert process.stdin and process.stdout
        process.stdin.write(json.dumps([list(arguments), dict(environ)]).encode() + b"\n")
        process.stdin.flush()
        return Run(*json.loads(process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


def _without_power() -> None:
    """Give up root's right to pass over the modes of files, for this process and its children."""
    libc = ctypes.CDLL(None)
    for power in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH):
        libc.prctl(_PR_CAPBSET_DROP, power, 0, 0, 0)


def _serve() -> None:
    for line in sys.stdin.buffer:
        arguments, environ = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            status = _forked(arguments, environ, out.fileno(), err.fileno())
            sys.stdout.write(json.dumps([status, _whole(out), _whole(err)]) + "\n")
            sys.stdout.flush()


def _whole(file: Any) -> str:
    file.seek(0)
    return str(file.read().decode())


def _forked(arguments: list[str], environ: dict[str, str], out: int, err: int) -> int:
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.environ.clear()
    os.environ.update(environ)
    os._exit(_status(arguments))


def _status(arguments: list[str]) -> int:
    """As ``python app.py`` would exit."""
    try:
        status: Any = main(arguments)
    except SystemExit as left:
        status = left.code
    except BaseException:
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    return int(status or 0)


if __name__ == "__main__":
    _serve()
