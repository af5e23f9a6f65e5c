"""A network that fails: bytes pass between clients and a server, slowly or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

LUMP = 65_536


class Proxy:
    """On a ``port`` of its own."""

    def __init__(self, to: int, delay: float = 0.0) -> None:
        self.port = 0
        self.delay = delay
        """Seconds that each lump of bytes takes."""
        self._to = to
        self._passing = asyncio.Event()
        self._passing.set()
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: list[asyncio.Task[None]] = []

    def swallow(self) -> None:
        """From now on nothing comes through, and neither side is told."""
        self._passing.clear()

    def cut(self) -> None:
        """Reset all connections."""
        for writer in self._writers:
            writer.transport.abort()

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._to)
        self._writers += [writer, far_writer]
        loop = asyncio.get_running_loop()
        ways = ((reader, far_writer), (far_reader, writer))
        self._tasks += [loop.create_task(self._pass(*way)) for way in ways]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while lump := await reader.read(LUMP):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._passing.wait()
                writer.write(lump)
                await writer.drain()
        await self._passing.wait()
        writer.close()

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.cut()


@asynccontextmanager
async def proxy(to: int, port: int = 0) -> AsyncIterator[Proxy]:
    made = Proxy(to)
    listening = await asyncio.start_server(made.accept, "127.0.0.1", port)
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.close()
        listening.close()
        await asyncio.sleep(0)
