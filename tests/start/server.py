"""The program in a process of its own, as people start it."""

from __future__ import annotations

import asyncio
import os
import re
import resource
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from app import ROOT
from tests.house import Place, settings

PATIENCE = 40.0
"""Seconds to start or stop in, on a busy machine."""
PROGRAM = (sys.executable, "app.py", "run")
_FIRST = re.compile(r"/first/([\w-]+)")


class Server(Place):
    """Can be stopped, killed and started again; people keep their cookies meanwhile.

    ``command`` is what starts it, and may be another one at the next start.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        more: Mapping[str, str] | None = None,
        command: Sequence[str] = PROGRAM,
        most_files: int | None = None,
    ) -> None:
        """``most_files`` that the process may have open."""
        super().__init__(port, None)
        self.folder = folder
        self.environ = {**environment(), **settings(folder, port, more)}
        self.command = command
        self.most_files = most_files
        self.welcome = ""
        self.errors = ""
        self.up = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Until it listens."""
        self._process = await asyncio.create_subprocess_exec(
            *self.command,
            cwd=ROOT,
            env=self.environ,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            preexec_fn=self._limit_files if self.most_files else None,
        )
        async with asyncio.timeout(PATIENCE):
            self.welcome = await self._greeting()
        found = _FIRST.search(self.welcome)
        self.first = found[1] if found else None
        self.up.set()

    def _limit_files(self) -> None:
        assert self.most_files
        resource.setrlimit(resource.RLIMIT_NOFILE, (self.most_files, self.most_files))

    async def _greeting(self) -> str:
        """What it prints when it is ready, all at once."""
        process = self._process
        assert process and process.stdout and process.stderr
        said = (await process.stdout.read(4_096)).decode()
        if "listens" not in said:
            raise AssertionError(said + (await process.stderr.read()).decode())
        self._reading = asyncio.get_running_loop().create_task(process.stderr.read())
        return said

    async def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Returns the exit status."""
        self.up.clear()
        self.signal(how)
        return await self.ended()

    def signal(self, how: signal.Signals) -> None:
        assert self._process
        self._process.send_signal(how)

    async def ended(self) -> int:
        """Wait for its end; returns the exit status."""
        process = self._process
        assert process
        async with asyncio.timeout(PATIENCE):
            status = await process.wait()
        self.up.clear()
        self.errors += (await self._reading).decode()
        self._process = None
        return status

    @property
    def is_running(self) -> bool:
        return self._process is not None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def cpu(self) -> float:
        """Seconds of CPU that it has taken."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@asynccontextmanager
async def running(
    folder: Path,
    more: Mapping[str, str] | None = None,
    command: Sequence[str] = PROGRAM,
    environ: Mapping[str, str] | None = None,
    most_files: int | None = None,
) -> AsyncIterator[Server]:
    """A server that was started; whatever happened, it has stopped afterwards.

    ``environ`` comes on top of its environment.
    """
    server = Server(folder, free_port(), more, command, most_files)
    server.environ |= environ or {}
    await server.start()
    try:
        yield server
        server.check()
    finally:
        await server.leave()
        if server.is_running:
            await server.stop(signal.SIGKILL)
    assert "Traceback" not in server.errors, server.errors


def environment() -> dict[str, str]:
    """This process's, without settings."""
    return {name: text for name, text in os.environ.items() if not name.startswith("CHATELAINE_")}


def free_port() -> int:
    """One that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
