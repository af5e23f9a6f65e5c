"""The network swallows everything and tells nobody: each side finds out by itself."""

from __future__ import annotations

import asyncio
import copy
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from tests.conftest import NewProfile
from tests.faults.crowd import gather
from tests.faults.memory import sockets
from tests.faults.proxy import Proxy, proxy
from tests.people import PASSWORD, Person
from tests.start.server import Server, free_port, running

FOUND_WITHIN = 45.0
"""Seconds, as settings are by default."""


@dataclass
class Detour:
    """The server, by way of a proxy: a `tests.people.Reachable`."""

    server: Server
    port: int

    def __getattr__(self, name: str) -> Any:
        return getattr(self.server, name)


def by_way_of(person: Person, network: Proxy) -> Person:
    """The same person, behind that network."""
    there = copy.copy(person)
    there.house = Detour(person.house, network.port)  # type: ignore[arg-type]
    return there


@pytest.mark.parametrize(
    "ping_seconds",
    [1, pytest.param(20, marks=[pytest.mark.soak, pytest.mark.timeout(120)])],
)
async def test_the_server_finds_a_silent_peer(tmp_path: Path, ping_seconds: int) -> None:
    """It is seen to be gone, its socket is freed, and the others stay."""
    async with (
        running(tmp_path / "data", {"LIMITS__PING_SECONDS": str(ping_seconds)}) as server,
        proxy(server.port) as network,
    ):
        crowd = await gather(server)
        bo = crowd.talkers[0].person
        ear = await crowd.ann.connect(crowd.kitchen)
        await ear.settled()
        held = sockets(server.pid)
        silent = await by_way_of(bo, network).connect(crowd.kitchen)
        assert await _here(crowd.ann, crowd.kitchen) == {"ann", "bo"}
        assert sockets(server.pid) > held
        network.swallow()
        begin = time.monotonic()
        while "bo" in await _here(crowd.ann, crowd.kitchen) or sockets(server.pid) > held:
            await asyncio.sleep(0.1)
            assert time.monotonic() - begin < FOUND_WITHIN
        await ear.settled()
        assert silent.notes.faults == []


async def _here(person: Person, room: str) -> set[str]:
    return {name for name, row in (await person.people(room)).items() if row["here"]}


async def test_a_slow_network_is_no_silent_one(tmp_path: Path) -> None:
    """Whoever answers late is not taken for gone, and misses nothing."""
    async with (
        running(tmp_path / "data", {"LIMITS__PING_SECONDS": "1"}) as server,
        proxy(server.port) as network,
    ):
        crowd = await gather(server)
        network.delay = 0.1
        slow = await by_way_of(crowd.talkers[0].person, network).connect(crowd.kitchen)
        ear = await crowd.ann.connect(crowd.kitchen)
        end = time.monotonic() + 2.5
        while time.monotonic() < end:
            seq = (await crowd.say(ear, crowd.kitchen, "still there?"))["seq"]
            await slow.heard(crowd.kitchen, seq)
        await slow.settled()


@pytest.mark.soak
@pytest.mark.timeout(180)
async def test_the_page_finds_a_silent_server(tmp_path: Path, new_profile: NewProfile) -> None:
    """It says that it has lost the server, and is back when the network is."""
    port = free_port()
    url = {"PUBLIC_URL": f"http://localhost:{port}"}
    async with running(tmp_path / "data", url) as server, proxy(server.port, port) as network:
        page = await (await new_profile()).new_page()
        await page.goto(f"http://localhost:{port}{server.first_path}")
        await page.fill("[name=name]", "ann")
        await page.fill("[name=password]", PASSWORD)
        await page.press("[name=password]", "Enter")
        await expect(page.get_by_role("heading", name="Welcome, ann")).to_be_visible()
        network.swallow()
        begin = time.monotonic()
        await expect(page.get_by_role("button", name="Try now")).to_be_visible(timeout=60_000)
        assert time.monotonic() - begin < FOUND_WITHIN
