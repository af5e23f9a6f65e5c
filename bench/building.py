"""Builds the load generator and the floor, and fetches what the peers need, into bench/.cache."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tools.node import HOME, NPM

BENCH = Path(__file__).resolve().parent
CACHE = BENCH / ".cache"
FLAGS = ("-O2", "-std=gnu11", "-Wall", "-Wextra")
WS_VERSION = "8.23.0"


class CannotBuildError(Exception):
    """What is missing, in a sentence."""


def compiler() -> str:
    """Raises `CannotBuildError` where there is none."""
    for name in ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return found
    raise CannotBuildError("There is no C compiler: install one with: apt-get install gcc")


def build(cache: Path = CACHE) -> None:
    """Compile both programs, where a source is newer than what there is."""
    cache.mkdir(exist_ok=True)
    _compile(cache / "load", sorted((BENCH / "load").glob("*.c")))
    _compile(cache / "floor", [BENCH / "floor" / "floor.c", BENCH / "load" / "frames.c"])


def _compile(program: Path, sources: list[Path]) -> None:
    headers = (BENCH / "load").glob("*.h")
    newest = max(file.stat().st_mtime for file in (*sources, *headers))
    if program.exists() and program.stat().st_mtime > newest:
        return
    command = [compiler(), *FLAGS, "-o", str(program), *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or done.stderr:
        program.unlink(missing_ok=True)
        raise CannotBuildError(f"{program.name} could not be compiled:\n{done.stderr}")


def fetch_ws() -> Path:
    """The folder with the npm package ws in it. Raises `CannotBuildError`."""
    folder = CACHE / "node"
    package = folder / "node_modules" / "ws" / "package.json"
    if package.exists() and f'"version": "{WS_VERSION}"' in package.read_text("utf-8"):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    node, what = HOME / "bin" / "node", f"ws@{WS_VERSION}"
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix")
    command = [str(it) for it in (node, "--use-system-ca", NPM, "install", *quiet, folder, what)]
    if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
        raise CannotBuildError(f"npm could not fetch {what}.")
    return folder
