"""Measures the whole product beside a floor in C and other servers: `make bench`.

    make bench ARGS="fanout durable"     some targets only
    make bench ARGS="--quick"            one short round of each: does it work at all?
    make bench ARGS="growth --posts 10000000"
    make bench ARGS="--document"         only write docs/performance.md from bench/results/

Figures go to bench/results/ and from there into docs/performance.md; a quick round's do not.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from bench import document, results
from bench.building import CannotBuildError, build
from bench.machine import machine
from bench.processes import FailedError
from bench.product import RAISED
from bench.results import Result
from bench.stage import Stage
from bench.targets import cost_model, durable, fanout, growth, idle, saturated, slow

TARGETS: dict[str, Callable[[Stage], Result]] = {
    "fanout": fanout.run,
    "cost_model": cost_model.run,
    "saturated": saturated.run,
    "durable": durable.run,
    "idle": idle.run,
    "growth": growth.run,
    "slow": slow.run,
}


def arguments(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure Chatelaine.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--rounds", type=int, default=3, help="each contender in turn (3)")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement (4)")
    parser.add_argument(
        "--posts", type=int, default=1_000_000, help="the most stored posts for growth (1000000)"
    )
    parser.add_argument("--quick", action="store_true", help="one short round, nothing is kept")
    parser.add_argument("--document", action="store_true", help="write the document, and no more")
    asked = parser.parse_args(words)
    if unknown := set(asked.targets) - TARGETS.keys():
        parser.error(
            f"no such target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}"
        )
    if asked.quick:
        asked.rounds, asked.seconds, asked.posts = 1, 1.0, min(asked.posts, 100_000)
    return asked


def measure(name: str, asked: argparse.Namespace) -> Result:
    with tempfile.TemporaryDirectory(prefix="chatelaine-bench-") as folder:
        largest = 1_000 if asked.quick else 10_000
        stage = Stage(Path(folder), tell, asked.rounds, asked.seconds, asked.posts, largest)
        found = TARGETS[name](stage)
    words = f" --posts {asked.posts}" if name == "growth" and asked.posts != 1_000_000 else ""
    return replace(found, machine=machine(f'make bench ARGS="{name}{words}"'))


def tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def write_document() -> None:
    found = [results.read(name) for name in TARGETS]
    document.write([result for result in found if result is not None])


def main(words: Sequence[str]) -> int:
    """Returns the exit status: 0; 1 if something could not be measured."""
    asked = arguments(words)
    try:
        if not asked.document:
            build()
            tell(f"raised for the benchmark: {', '.join(RAISED)}")
        for name in () if asked.document else asked.targets or TARGETS:
            tell(f"-- {name}")
            found = measure(name, asked)
            print("\n".join(results.lines(found)), flush=True)
            if not asked.quick:
                results.save(found)
    except (CannotBuildError, FailedError) as error:
        tell(str(error))
        return 1
    if not asked.quick:
        write_document()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
