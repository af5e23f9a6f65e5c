"""The process stands still for a while (SIGSTOP, a laptop's lid): what was lost meanwhile is not
handed out afterwards, and nothing else is missed.
"""

from __future__ import annotations

import asyncio
import signal
import time
from pathlib import Path

import pytest

from app import ROOT, Chatelaine
from core.config import load
from core.ids import new_id
from core.records import Identity
from tests.faults.crowd import Crowd, gather
from tests.start.server import Server, running
from tests.wires import Wire

SECRET = "said while bo was out"
AT_ONCE = "said as soon as it went on"


async def until(moment: float) -> None:
    """What is waited for is time itself."""
    await asyncio.sleep(max(0.0, moment - time.monotonic()))


async def change_from_another_process(server: Server, crowd: Crowd) -> None:
    """As a command on the terminal does: bo is removed from the Kitchen, ann goes on there, and
    di's log-ins end. Nobody tells the server."""
    other = Chatelaine(load(ROOT / "config.yaml", server.environ))
    bo, _, di = [talker.person for talker in crowd.talkers]
    (login,) = await other.sessions.of_account(crowd.ann.id)
    known = await other.sessions.by_id(login.id)
    assert known is not None
    ann = Identity(known.account, known.session)
    await other.rooms.inviting.remove(ann, crowd.kitchen, bo.id)
    await other.posting.post(ann, crowd.kitchen, new_id(), SECRET)
    for session in await other.sessions.of_account(di.id):
        await other.sessions.end(di.id, session.id)
    other.close()


async def stand_still(server: Server, crowd: Crowd, seconds: float) -> None:
    bo, cy, di = [await talker.person.connect(crowd.kitchen) for talker in crowd.talkers]
    anns, begin = await crowd.ann.connect(), time.monotonic()
    server.signal(signal.SIGSTOP)
    await change_from_another_process(server, crowd)
    for wire in (bo, cy, di):
        await wire.send("ping", id=1_000_000)
    client_id = new_id()
    await anns.send("post", id=1, room=crowd.kitchen, client_id=client_id, text=AT_ONCE)
    await until(begin + seconds)
    server.signal(signal.SIGCONT)
    await cy.frame("entry", room=crowd.kitchen, text=AT_ONCE)
    await cy.frame("entry", room=crowd.kitchen, text=SECRET)
    await bo.frame("lost", room=crowd.kitchen)
    await bo.settled()
    assert await di.closed() == 4001
    for wire in (bo, di):
        assert SECRET.encode() not in wire.raw
        assert AT_ONCE.encode() not in wire.raw
    await _whole(crowd, cy)


async def _whole(crowd: Crowd, wire: Wire) -> None:
    """Nothing is missing of what was said before and meanwhile."""
    head = (await crowd.ann.rooms())[crowd.kitchen]["seq"]
    await wire.heard(crowd.kitchen, head)
    assert wire.notes.faults == []


@pytest.mark.parametrize("seconds", [6, pytest.param(20, marks=pytest.mark.soak)])
async def test_what_was_lost_meanwhile_is_not_handed_out(tmp_path: Path, seconds: int) -> None:
    """Longer than an answer about log-ins is good for."""
    async with running(tmp_path / "data") as server:
        await stand_still(server, await gather(server), seconds)


@pytest.mark.parametrize("seconds", [2, pytest.param(20, marks=pytest.mark.soak)])
async def test_while_people_talk(tmp_path: Path, seconds: int) -> None:
    async with running(tmp_path / "data") as server:
        crowd = await gather(server)
        async with crowd.talking(posts=30):
            await crowd.progress.reached(20)
            server.signal(signal.SIGSTOP)
            await until(time.monotonic() + seconds)
            server.signal(signal.SIGCONT)
        await crowd.agree()
