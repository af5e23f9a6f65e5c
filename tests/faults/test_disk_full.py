"""The disk is full: senders are told, reading works, and it heals by itself when there is space."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.crowd import Crowd, gather
from tests.faults.small_disk import SmallDisk, possible, small_disk
from tests.start.server import PROGRAM, running


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


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(10, marks=[pytest.mark.soak, pytest.mark.timeout(600)])]
)
async def test_full_and_free_again(tmp_path: Path, rounds: int) -> None:
    if not possible():
        pytest.skip("no small file system can be mounted here")
    async with small_disk(tmp_path / "disk", "12m") as disk:
        command = disk.inside(PROGRAM)
        async with running(disk.place / "data", command=command) as server:
            crowd = await gather(server)
            for _ in range(rounds):
                await fill_and_free(crowd, disk)
            await crowd.agree()
            await server.stop()
            await server.start()
            await crowd.agree()
