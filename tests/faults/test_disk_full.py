"""The disk is full: senders are told, reading works, and it heals by itself when there is space.
A start on a full or read-only one is refused.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app import ROOT
from storage.sqlite import WAL_PAGES
from tests.faults.crowd import Crowd, gather
from tests.faults.small_disk import SmallDisk, possible, small_disk
from tests.start.server import PROGRAM, Server, running
from tests.wires import Frame, Wire

TRIES = WAL_PAGES
"""Posts until one is refused, at most: each takes a page of the write-ahead log or more, and on a
full disk there may be so many to use again before the file has to grow."""

AGAIN = 5
"""Times that a post is sent again after there is space."""


async def fill_and_free(crowd: Crowd, disk: SmallDisk, ear: Wire, pantry: str) -> None:
    """While people talk; nobody restarts anything."""
    async with crowd.talking(posts=40):
        await crowd.progress.reached(crowd.progress.count + 30)
        disk.fill()
        refused = await _first_refused(crowd, ear, pantry)
        assert refused["code"] == "disk_full" and refused["retryable"]
        assert (await crowd.ann.entries(crowd.kitchen))["entries"]
        other = await crowd.ann.connect(crowd.kitchen)
        await other.settled()
        await other.hang_up()
        assert (await crowd.server.visitor().page("/login")).status == 200
        await ear.settled()
        disk.free()
        await _heals(crowd, ear)
    await crowd.agree()


async def _heals(crowd: Crowd, ear: Wire) -> None:
    """Who waited behind a commit that began before was told of its end: again, as clients do."""
    for _ in range(AGAIN):
        answer = await crowd.say(ear, crowd.kitchen, "now there is space")
        if answer["t"] == "posted":
            return
        assert answer["retryable"]
    raise AssertionError(answer)


async def _first_refused(crowd: Crowd, ear: Wire, pantry: str) -> Frame:
    for _ in range(TRIES):
        answer = await crowd.say(ear, pantry, "does this fit?")
        if answer["t"] != "posted":
            return answer
    raise AssertionError("all of it fits")


@asynccontextmanager
async def filled_and_freed(folder: Path, rounds: int) -> AsyncIterator[tuple[Crowd, SmallDisk]]:
    """Afterwards the server still runs."""
    if not possible():
        pytest.skip("no small file system can be mounted here")
    async with small_disk(folder, "48m") as disk:
        command = disk.inside(PROGRAM)
        async with running(disk.place / "data", command=command) as server:
            crowd = await gather(server)
            ear = await crowd.ann.connect(crowd.kitchen)
            pantry = await crowd.room_of_anns_own("Pantry")
            for _ in range(rounds):
                await fill_and_free(crowd, disk, ear, pantry)
            yield crowd, disk


async def test_full_and_free_again(tmp_path: Path) -> None:
    async with filled_and_freed(tmp_path / "disk", rounds=2) as (crowd, disk):
        await crowd.server.stop()
        await _refused(disk, crowd.server)
        await crowd.server.start()
        await crowd.agree()


@pytest.mark.soak
async def test_full_and_free_many_times(tmp_path: Path) -> None:
    """So often that the write-ahead log is full too, and cannot be brought into the database."""
    async with filled_and_freed(tmp_path / "disk", rounds=10) as (crowd, _):
        await crowd.server.stop(signal.SIGKILL)
        await crowd.server.start()
        await crowd.agree()


async def _refused(disk: SmallDisk, server: Server) -> None:
    """It does not start on a disk that is full or read-only, says so, and leaves all as it was."""
    database = disk.seen / "data" / "chatelaine.db"
    before = database.read_bytes()
    disk.fill()
    await _says_so(server)
    disk.free()
    await disk.remount("ro")
    await _says_so(server)
    await disk.remount("rw")
    assert database.read_bytes() == before


async def _says_so(server: Server) -> None:
    """What failed may be logged; then comes the sentence."""
    process = await asyncio.create_subprocess_exec(
        *server.command,
        cwd=ROOT,
        env=server.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, errors = await process.communicate()
    assert (process.returncode, out) == (2, b""), errors
    told = errors.decode().splitlines()[-1]
    assert told.endswith((".", "?")) and ("database" in told or "folder" in told), told
    assert b"Traceback" not in errors
