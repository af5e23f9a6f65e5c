"""Connecting: the whole product against what two libraries need for the same handshake.

    python bench/connecting.py [--rounds N] [--connects N]

A connect is TCP, the HTTP upgrade and the first frame. Here it has a session's cookie, which the
database is asked about, and the frame is `welcome` with the person's rooms. The others are a
Tornado WebSocketHandler and a `websockets` server that let in everyone and send a frame of the same
size. Each server is pinned to one core and the client to another; rounds take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tornado
from tornado.web import create_signed_value

from app import ROOT, Chatelaine, prepared
from auth.signup import Draft
from bench.dialling import dial, upgrade
from core.access import Preset
from core.config import load
from core.records import Identity
from web.serving import raise_open_files

PEOPLE = 250
ROOMS = 5
"""Rooms of 50 people that each person is in, besides the one for everyone."""
AT_ONCE = 64
WELCOME_BYTES = 3_000
TARGET = 1_500
"""Connects/s."""
SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass
class Server:
    """A server that runs, and how one connects to it."""

    name: str
    port: int
    process: subprocess.Popen[bytes]
    requests: list[bytes]

    def cpu(self) -> float:
        """Seconds of CPU that it has taken."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- the product, with people in it --------------------------------------------------------------


async def inhabit(environ: dict[str, str]) -> list[str]:
    """Make people, rooms and log-ins; returns their cookies."""
    config = load(ROOT / "config.yaml", environ)
    chatelaine = Chatelaine(prepared(config))
    await chatelaine.start()
    people, cookies = [], []
    for number in range(PEOPLE):
        draft = Draft(f"person{number}", f"Person {number}", True, "", "en")
        account = await chatelaine.signups.sign_up(draft)
        opened = await chatelaine.sessions.start(account.id, "browser", "bench")
        people.append(Identity(account, opened.session))
        cookies.append(_cookie(chatelaine, opened.secret))
    for number in range(ROOMS * PEOPLE // 50):
        members = [people[(number * 37 + step * 7) % PEOPLE] for step in range(50)]
        room = await chatelaine.rooms.making.make(members[0], f"Room {number}", "", Preset.OPEN)
        for member in members[1:]:
            await chatelaine.rooms.membership.join(member, room)
    chatelaine.close()
    return cookies


def _cookie(chatelaine: Chatelaine, secret: str) -> str:
    keys = chatelaine.keys.cookie_secrets
    name = chatelaine.cookie.name
    signed = create_signed_value(dict(keys), name, secret, key_version=max(keys))
    return f"{name}={signed.decode()}"


@contextmanager
def product(folder: Path) -> Iterator[Server]:
    port = free_port()
    host = f"localhost:{port}"
    settings = {
        "CHATELAINE_DATA": str(folder / "data"),
        "CHATELAINE_LISTEN": f"127.0.0.1:{port}",
        "CHATELAINE_PUBLIC_URL": f"http://{host}",
        "CHATELAINE_LOG_LEVEL": "warning",
        "CHATELAINE_LIMITS__REQUEST_BURST": "1000000",
        "CHATELAINE_LIMITS__SOCKETS_PER_PERSON": "1000",
    }
    cookies = asyncio.run(inhabit(settings))
    own = {"Origin": f"http://{host}", "Sec-WebSocket-Protocol": "chatelaine.1"}
    requests = [upgrade(host, {**own, "Cookie": cookie}) for cookie in cookies]
    with started(["app.py", "run"], {**os.environ, **settings}) as process:
        yield Server("chatelaine", port, process, requests)


# --- the others ----------------------------------------------------------------------------------


async def serve_tornado(port: int) -> None:
    from tornado.web import Application
    from tornado.websocket import WebSocketHandler

    class Socket(WebSocketHandler):
        async def open(self) -> None:
            await self.write_message("w" * WELCOME_BYTES)

    Application([("/socket", Socket)]).listen(port, "127.0.0.1", backlog=4_096)
    print("listens", flush=True)
    await asyncio.Event().wait()


async def serve_websockets(port: int) -> None:
    from websockets.asyncio.server import ServerConnection, serve

    async def greet(connection: ServerConnection) -> None:
        await connection.send("w" * WELCOME_BYTES)
        await connection.wait_closed()

    async with serve(greet, "127.0.0.1", port, backlog=4_096, compression=None):
        print("listens", flush=True)
        await asyncio.Event().wait()


OTHERS = {"tornado": serve_tornado, "websockets": serve_websockets}


@contextmanager
def other(name: str) -> Iterator[Server]:
    port = free_port()
    with started(["bench/connecting.py", "--serve", name, str(port)], dict(os.environ)) as process:
        yield Server(name, port, process, [upgrade(f"localhost:{port}", {})])


@contextmanager
def started(command: list[str], environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program on the server's core, once it listens."""
    with subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, {SERVER_CORE}),
    ) as process:
        try:
            assert process.stdout
            if b"listens" not in os.read(process.stdout.fileno(), 4_096):
                raise SystemExit(f"{command} did not start")
            yield process
        finally:
            process.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- measuring -----------------------------------------------------------------------------------


@dataclass
class Round:
    """What one server did with so many connects."""

    per_second: float
    cpu_us: float
    p50_ms: float
    p99_ms: float


def measure(server: Server, connects: int) -> Round:
    before = server.cpu()
    dialled = dial(server.port, islice(cycle(server.requests), connects), AT_ONCE)
    cpu = server.cpu() - before
    dialled.hang_up()
    ordered = sorted(dialled.each)
    return Round(
        connects / dialled.seconds,
        cpu / connects * 1e6,
        ordered[len(ordered) // 2],
        ordered[len(ordered) * 99 // 100],
    )


def spread(values: list[float]) -> str:
    middle = statistics.median(values)
    return f"{middle:7.0f} ({min(values):.0f}-{max(values):.0f})"


def report(name: str, rounds: list[Round]) -> None:
    print(
        f"{name:<12}{spread([r.per_second for r in rounds])} connects/s,"
        f" {spread([r.cpu_us for r in rounds])} us of CPU each,"
        f" p50/p99 {statistics.median(r.p50_ms for r in rounds):.0f}"
        f"/{statistics.median(r.p99_ms for r in rounds):.0f} ms"
    )


def run(rounds: int, connects: int) -> None:
    raise_open_files()
    os.sched_setaffinity(0, {CLIENT_CORE})
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = [stack.enter_context(product(folder))]
        servers += [stack.enter_context(other(name)) for name in OTHERS]
        found: dict[str, list[Round]] = {server.name: [] for server in servers}
        for server in servers:
            measure(server, connects // 4)
        for _ in range(rounds):
            for server in servers:
                found[server.name].append(measure(server, connects))
    for name, own in found.items():
        report(name, own)
    ours, bare = (
        statistics.median(r.per_second for r in found[name]) for name in ("chatelaine", "tornado")
    )
    print(f"chatelaine / tornado: {ours / bare:.2f};", end=" ")
    print(f"target: {TARGET} connects/s {'met' if ours >= TARGET else 'MISSED'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--connects", type=int, default=2_000)
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        name, port = asked.serve
        asyncio.run(OTHERS[name](int(port)))
        return
    print(f"Python {platform.python_version()}, Tornado {tornado.version}, websockets "
          f"{version('websockets')}; {platform.machine()}, {platform.system()} "
          f"{platform.release()}; {asked.connects} connects, {AT_ONCE} at a time, "
          f"{asked.rounds} rounds")  # fmt: skip
    run(asked.rounds, asked.connects)


if __name__ == "__main__":
    main()
