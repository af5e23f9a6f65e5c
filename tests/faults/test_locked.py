"""Another program holds the database's write lock: reading goes on, senders are told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd, gather
from tests.start.server import running
from tests.wires import Wire

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
    other, kept = await bo.connect(crowd.kitchen), crowd.progress.count
    async with AsyncExitStack() as lock:
        await lock.enter_async_context(locked(file))
        async with crowd.talking(posts=30):
            longest = await _look_around(crowd, ear, other, seconds)
            assert longest < seconds / 2, "the loop waited for the lock"
            await ear.frame("is_typing")
            assert crowd.progress.count == kept, "no post can be kept"
            await lock.aclose()
    assert ear.all("status") == [], "delivery went on"
    await crowd.agree()


async def _look_around(crowd: Crowd, ear: Wire, other: Wire, seconds: float) -> float:
    """Read, type and ask for so long, and until a sender was told to try again; returns the longest
    that the server took."""
    clock, longest = asyncio.get_running_loop().time, 0.0
    end = clock() + seconds
    while (begin := clock()) < end or not any(talker.told for talker in crowd.talkers):
        await ear.settled()
        await crowd.ann.entries(crowd.kitchen)
        await other.send("typing", room=crowd.kitchen)
        longest = max(longest, clock() - begin)
        await asyncio.sleep(0.05)
    return longest


async def test_by_another_program(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        await hold_for(await gather(server), server.folder / "chatelaine.db", seconds=7)


@pytest.mark.soak
async def test_by_another_program_for_long(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        await hold_for(await gather(server), server.folder / "chatelaine.db", seconds=30)
