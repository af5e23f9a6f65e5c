"""The disk is full: senders are told, reading works, and it heals by itself when there is space.
A start on a full or read-only one is refused.
"""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

from app import ROOT
from tests.faults.crowd import Crowd, gather
from tests.faults.small_disk import SmallDisk, possible, small_disk
from tests.start.server import PROGRAM, Server, running


async def fill_and_free(crowd: Crowd, disk: SmallDisk) -> None:
    ann = crowd.ann
    ear = await ann.connect(crowd.kitchen)
    async with crowd.talking(posts=40):
        await crowd.progress.reached(crowd.progress.count + 30)
        disk.fill()
        refused = await crowd.say(ear, crowd.kitchen, "does this fit?" * 500)
        while refused["t"] == "posted":
            refused = await crowd.say(ear, crowd.kitchen, "does this fit?" * 500)
        assert refused["code"] in ("disk_full", "storage_down") and refused["retryable"]
        assert (await ann.entries(crowd.kitchen))["entries"]
        await (await ann.connect(crowd.kitchen)).settled()
        assert (await crowd.server.visitor().page("/login")).status == 200
        await ear.settled()
        disk.free()
        assert (await crowd.say(ear, crowd.kitchen, "now there is space"))["t"] == "posted"


async def test_full_and_free_again(tmp_path: Path) -> None:
    if not possible():
        pytest.skip("no small file system can be mounted here")
    async with small_disk(tmp_path / "disk", "12m") as disk:
        command = disk.inside(PROGRAM)
        async with running(disk.place / "data", command=command) as server:
            crowd = await gather(server)
            await fill_and_free(crowd, disk)
            await crowd.agree()
            await server.stop()
            await _refused(disk, server)
            await server.start()
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
