"""A list of rooms that is larger than what may wait for a client reaches it all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.framing import encoded
from api.protocol import Rooms
from core.access import History, Preset
from rooms.ledger import make_room
from rooms.presets import first_delta
from storage.engine import Tx
from tests.house import House, open_house
from tests.people import Person

BACKLOG = 65_536
MANY = 150
TOPIC = "多" * 250


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path, {"LIMITS__BACKLOG_BYTES": str(BACKLOG)}) as house:
        yield house


async def _owner_of_many(house: House) -> Person:
    """In rooms with long topics, and in the hall."""
    await house.person("ann", admin=True)
    bo = await house.person("bo")

    def make_all(tx: Tx) -> None:
        for number in range(MANY):
            name = f"Room {number}"
            delta = first_delta(Preset.PRIVATE, name, TOPIC, bo.id, tx.now(), History.ALL)
            make_room(tx, None, delta)

    await house.chatelaine.database.write(make_all)
    return bo


async def test_it_comes_whole_at_the_start_and_when_it_changes(house: House) -> None:
    bo = await _owner_of_many(house)
    wire = await bo.connect()
    (welcome,) = wire.all("welcome")
    assert len(welcome["rooms"]) == MANY + 1
    assert len(wire.raw) > 1.5 * BACKLOG
    (hall,) = [room["id"] for room in welcome["rooms"] if room["topic"] != TOPIC]
    await bo.leave(hall)
    changed = await wire.frame("rooms")
    assert changed["rooms"] == [room for room in welcome["rooms"] if room["id"] != hall]
    await wire.settled()


async def test_who_does_not_read_it_is_closed(house: House) -> None:
    """Only so many lists wait: what the kernel takes, and one."""
    bo = await _owner_of_many(house)
    slow, quick = await bo.connect(), await (await house.window(bo)).connect()
    slow.connection.transport.pause_reading()
    held = house.chatelaine.sockets.of_person(bo.id)
    frame = encoded(Rooms(await house.chatelaine.rooms.listing.mine(held[0].identity)))
    sent = 0
    while not any(client.listener.closed for client in held):
        for client in held:
            client.send(frame)
        await quick.settled()
        sent += 1
        assert sent < 200, "half of what the kernel holds was expected to be enough"
    slow.connection.transport.resume_reading()
    assert await slow.closed() in (4000, 1006)
    await quick.settled()
