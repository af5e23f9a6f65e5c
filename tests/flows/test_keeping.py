"""A log-in is in use while its socket is open, though it asks for nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.client import Client
from auth import sessions
from tests.house import House, open_house
from tests.rooms.house import DAY, HeldClock
from tests.wires import Wire


async def _kept(house: House, wire: Wire, client: Client, since: int) -> None:
    """Until the client's log-in was used later than ``since``; looking is no use."""
    while True:
        known = await house.chatelaine.sessions.of_account(client.person_id)
        (session,) = [one for one in known if one.id == client.session_id]
        if session.seen_at > since:
            return
        await wire.settled()


async def test_who_only_listens_stays_logged_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "KEPT_EVERY", 0.05)
    clock = HeldClock()
    async with open_house(tmp_path, {"SESSIONS__IDLE_DAYS": "30"}, clock) as house:
        bo = await house.person("bo")
        other = await house.window(bo)
        wire = await bo.connect()
        (client,) = house.chatelaine.sockets
        for _ in range(3):
            before = clock.ms
            clock.ms += 20 * DAY
            await _kept(house, wire, client, before)
        assert (await bo.ask("GET", "/api/v1/me")).status == 200
        assert (await other.ask("GET", "/api/v1/me")).status == 401, "nobody was there"
        await bo.page("/account")
        await bo.submit("/logout")
        assert await wire.closed() == 4001
        assert (await bo.ask("GET", "/api/v1/me")).status == 401
