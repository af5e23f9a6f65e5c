"""Another program holds the database's write lock: reading goes on, senders are told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd, gather
from tests.start.server import running

LOCKER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """By a process of its own."""
    other = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LOCKER, str(file),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert other.stdout and other.stdin
    assert await other.stdout.readline() == b"locked\n"
    try:
        yield
    finally:
        other.stdin.close()
        await other.wait()


async def hold_for(crowd: Crowd, file: Path, seconds: float) -> None:
    """Longer than the server waits for a lock, so that senders are refused meanwhile."""
    bo, ear = crowd.talkers[0].person, await crowd.ann.connect(crowd.kitchen)
    async with crowd.talking(posts=30):
        await crowd.progress.reached(10)
        other = await bo.connect(crowd.kitchen)
        async with locked(file):
            kept = crowd.progress.count
            end = asyncio.get_running_loop().time() + seconds
            while asyncio.get_running_loop().time() < end:
                await ear.settled()
                await bo.entries(crowd.kitchen)
                await other.send("typing", room=crowd.kitchen)
                await asyncio.sleep(0.05)
            await ear.frame("is_typing")
            assert crowd.progress.count <= kept + len(crowd.talkers) * 5, "no post can be kept"
            assert (await ear.ask("ping"))["t"] == "ok"
        assert ear.all("status") == [], "delivery went on"
    assert any("storage_down" in talker.told for talker in crowd.talkers)
    await crowd.agree()


async def test_by_another_program(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        await hold_for(await gather(server), server.folder / "chatelaine.db", seconds=7)


@pytest.mark.soak
async def test_by_another_program_for_long(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        await hold_for(await gather(server), server.folder / "chatelaine.db", seconds=30)
