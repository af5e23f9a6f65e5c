"""Servers as processes of their own on a core of their own."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 120.0
"""Seconds to start in."""
STOPPING = 30.0
PORTS = range(15_000, 32_000)
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE, LOAD_CORE = CORES[0], CORES[-1]


class FailedError(Exception):
    """A server or the generator did not do what was asked, in a sentence."""


@dataclass(frozen=True)
class Contender:
    """A kind of server that can be measured."""

    name: str
    version: str
    command: Callable[[int, Path], list[str]]
    """What starts it on a port, with a folder of its own."""
    speak: str = "plain"
    path: str = "/"
    environment: Mapping[str, str] = field(default_factory=dict)
    people: Path | None = None
    """Cookies and rooms, a line for each client."""


@dataclass(frozen=True)
class Running:
    """A server that listens."""

    contender: Contender
    port: int
    pid: int
    started_in: float
    """Seconds from its start until it answered."""


@contextmanager
def running(contender: Contender, folder: Path) -> Iterator[Running]:
    """The server on `SERVER_CORE`; it has ended afterwards."""
    port, begun = free_port(), time.perf_counter()
    log = folder / "server.log"
    with log.open("wb") as errors, on_core(SERVER_CORE):
        process = subprocess.Popen(
            contender.command(port, folder),
            env={**_plain_environment(), **contender.environment, **_address(port)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        _wait_for(port, process, contender.name, log)
        yield Running(contender, port, process.pid, time.perf_counter() - begun)
    finally:
        _stop(process)


def _address(port: int) -> dict[str, str]:
    return {
        "CHATELAINE_LISTEN": f"127.0.0.1:{port}",
        "CHATELAINE_PUBLIC_URL": f"http://localhost:{port}",
    }


def _plain_environment() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("CHATELAINE_")}


def _wait_for(port: int, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise FailedError(f"{name} ended at once: {log.read_text('utf-8')[-2_000:]}")
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                return
        time.sleep(0.002)
    raise FailedError(f"{name} did not listen within {PATIENCE:.0f} s.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Below those that the system gives to outgoing connections, of which there are many here."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """This thread, and what it starts meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
