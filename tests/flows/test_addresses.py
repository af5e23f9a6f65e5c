"""Nobody is told an address: not another's, not their own. Every house checks this when it closes;
here somebody has been everywhere, from addresses of every kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.api.endpoints import endpoints
from tests.house import House, open_house
from tests.people import Person, address_in

BEHIND = "203.0.113.77"
"""Somebody's address as a trusted proxy tells it."""


class FromFar(Person):
    """Someone who comes through a proxy."""

    def own_headers(self, method: str) -> dict[str, str]:
        return {**super().own_headers(method), "X-Forwarded-For": f"198.51.100.1, {BEHIND}"}


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_having_been_everywhere(tmp_path: Path, address: str) -> None:
    async with open_house(tmp_path, {"TRUSTED_PROXIES": "127.0.0.0/8 ::1"}) as house:
        ann = await house.person("ann", admin=True)
        bo, cy = FromFar(house, address), Person(house, address)
        await bo.sign_up("/signup", "bo")
        await cy.sign_up("/signup", "cy")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo, cy)
        everyone = [ann, bo, cy]
        wires = [await person.connect(room) for person in everyone]
        for wire in wires:
            await wire.post(room, "hello")
        await _visit(house, ann, room, bo.id)
        await _visit(house, bo, room, ann.id)
        await ann.remove(room, bo)
        last = (await ann.rooms())[room]["seq"]
        await wires[2].heard(room, last)
        for asker in house.askers:
            for seen in (asker.seen, *(bytes(wire.raw) for wire in asker.wires)):
                assert BEHIND.encode() not in seen
                assert b"198.51.100.1" not in seen


async def _visit(house: House, who: Person, room: str, other: str) -> None:
    """Everything that can be asked without changing anything, and every refusal of the rest."""
    for endpoint in endpoints(house.chatelaine.application()):
        parts: list[Any] = [room, other][: endpoint.template.count("{}")]
        path = endpoint.template.format(*parts)
        for page in (path, f"{path}?before=x", f"{path}?done=nickname"):
            await who.ask(endpoint.method if not endpoint.writes else "GET", page)
        await who.ask("DELETE", path, headers={"X-CSRF-Token": "none"})


def test_addresses_are_found() -> None:
    """The check itself sees what it looks for."""
    for seen in (b"from 127.0.0.1.", b'"127.0.7.12"', b"[::1]:80", b"::1", b"127.0.0.1:8000"):
        assert address_in(seen)
    for seen in (b"a::before", b"1127.0.0.10.5", b"12:00::15", b"localhost:8000"):
        assert address_in(seen) is None
