"""What every target is given: where to work, how thoroughly, and whom to tell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.generator import Figures, Options, faults, load, run_load
from bench.processes import Contender, Running, running
from bench.product import chatelaine
from bench.seeding import Seed


@dataclass
class Stage:
    folder: Path
    tell: Callable[[str], None]
    rounds: int = 3
    seconds: float = 4.0
    posts: int = 1_000_000
    """The most stored posts that growth is measured to."""
    largest: int = 10_000
    """Rooms, listeners or connections."""

    def up_to_largest(self, sizes: Iterable[int]) -> list[int]:
        return [size for size in sizes if size <= self.largest]

    def seed(self) -> Seed:
        return Seed(self.new_folder("data"))

    def new_folder(self, name: str) -> Path:
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    @contextmanager
    def running(self, contender: Contender) -> Iterator[Running]:
        with running(contender, self.new_folder("server")) as server:
            yield server

    def one_room(self, people: int) -> Contender:
        """Chatelaine with so many people in one room."""
        return self.rooms_of([people])

    def rooms_of(self, sizes: list[int]) -> Contender:
        """Chatelaine with a room of each size, whose people are nowhere else."""
        seed = self.seed()
        seed.add_people(sum(sizes))
        ends = [sum(sizes[: i + 1]) for i in range(len(sizes))]
        groups = [seed.people[end - size : end] for end, size in zip(ends, sizes, strict=True)]
        rooms = seed.add_rooms(groups)
        whose = [room for room, size in zip(rooms, sizes, strict=True) for _ in range(size)]
        file = seed.write_clients(whose)
        seed.close()
        return chatelaine(seed.folder, file)

    def measure(self, server: Running, options: Options, *, overload: bool = False) -> Figures:
        """One run of the generator; says what it found in a line.

        ``overload``: it may be more than the server can do; then posts may be refused or late, and
        listeners cut off. `bench.generator.faults` says whether they were.
        """
        run = run_load if overload else load
        found = run(server, {"seconds": self.seconds, **options})
        asked = " ".join(f"{name}={value}" for name, value in options.items())
        wrong = f" {faults(found)}" if faults(found) else ""
        self.tell(f"  {server.contender.name:18} {asked}: {_gist(found)}{wrong}")
        return found


WORK = "deliveries_per_s acks_per_s cpu_us user_us p50_ms p99_ms ack_p50_ms ack_p99_ms load_busy"
STAY = "connects_per_s connect_cpu_us memory_before_kib memory_end_kib"


def _gist(found: Figures) -> str:
    wanted = (WORK if "p50_ms" in found else STAY).split()
    return ", ".join(f"{name} {found[name]:.4g}" for name in wanted if found.get(name))
