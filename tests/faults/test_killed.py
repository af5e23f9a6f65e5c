"""The server goes down and comes back, well or badly, while people talk: nothing acknowledged is
missed, nothing is there twice or out of order, and everyone has the same.
"""

from __future__ import annotations

import random
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd, gather
from tests.start.server import PROGRAM, Server, running

DYING = (sys.executable, "-m", "tests.faults.dying")


async def restarted(server: Server, how: signal.Signals) -> None:
    assert await server.stop(how) == (0 if how is signal.SIGTERM else -how)
    await server.start()


async def talk_through(crowd: Crowd, server: Server, how: signal.Signals, rounds: int) -> None:
    """So many ends, each after some more posts were acknowledged."""
    chance = random.Random(rounds)
    async with crowd.talking(posts=20 * rounds):
        for number in range(rounds):
            await crowd.progress.reached(50 * number + chance.randrange(5, 50))
            await restarted(server, how)
    await crowd.agree()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_while_people_talk(tmp_path: Path, how: signal.Signals) -> None:
    async with running(tmp_path / "data") as server:
        crowd = await gather(server)
        await talk_through(crowd, server, how, rounds=3 if how is signal.SIGKILL else 1)


@pytest.mark.soak
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_while_people_talk_many_times(tmp_path: Path, how: signal.Signals) -> None:
    async with running(tmp_path / "data") as server:
        crowd = await gather(server)
        await talk_through(crowd, server, how, rounds=60 if how is signal.SIGKILL else 20)


async def die_untold(crowd: Crowd, server: Server, posts: int) -> int:
    """Returns how many posts were kept that nobody had been told of."""
    await server.stop()
    server.command = (*DYING, str(posts), "run")
    await server.start()
    async with crowd.talking(posts=posts):
        assert await server.ended() == -signal.SIGKILL
        died, told = time.time() * 1000, _acknowledged(crowd)
        server.command = PROGRAM
        await server.start()
    logs = await crowd.agree()
    kept = {line.client_id for log in logs.values() for line in log if line.at <= died}
    return len(kept - told - {""})


def _acknowledged(crowd: Crowd) -> set[str]:
    return {client_id for talker in crowd.talkers for client_id in talker.diary.acknowledged}


async def test_between_commit_and_acknowledgement(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        assert await die_untold(await gather(server), server, posts=20) > 0


@pytest.mark.soak
async def test_between_commit_and_acknowledgement_many_times(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        crowd = await gather(server)
        for posts in range(5, 25):
            assert await die_untold(crowd, server, posts) > 0
