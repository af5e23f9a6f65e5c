"""The end of a log-in is the end of its sockets, wherever it was ended."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.house import House, Later, open_house
from tests.people import PASSWORD, Person
from tests.wires import Wire

ENDED = 4001
NEW = "another long password"


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """One in which only word of an ended log-in can close its sockets: the look-up every two
    seconds, which does it too, hardly ever comes."""
    monkeypatch.setattr("live.lease.EVERY", 3_600)
    async with open_house(tmp_path) as house:
        yield house


async def test_a_socket_closes_also_when_word_of_it_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.lease.EVERY", 0.05)
    async with open_house(tmp_path) as house:
        ann = await house.person("ann", admin=True)
        wire = await ann.connect()
        monkeypatch.setattr(house.chatelaine.bus, "publish", lambda notice: None)
        await ann.page("/account")
        await ann.submit("/logout")
        assert await wire.closed() == ENDED


async def test_a_socket_closes_when_its_log_in_expires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.lease.EVERY", 0.05)
    clock = Later()
    async with open_house(tmp_path, {"SESSIONS__IDLE_DAYS": "1"}, clock) as house:
        ann = await house.person("ann", admin=True)
        wire = await ann.connect()
        await wire.settled()
        clock.ahead = 2 * 86_400
        assert await wire.closed() == ENDED


async def test_log_out_closes_the_other_tab(house: House) -> None:
    ann = await house.person("ann", admin=True)
    elsewhere = await house.window(ann)
    tabs = [await ann.connect(), await ann.connect()]
    other = await elsewhere.connect()
    await ann.page("/account")
    assert (await ann.submit("/logout")).location == "/login"
    for tab in tabs:
        assert await tab.closed() == ENDED
    await other.settled()
    assert (await ann.page("/")).location.startswith("/login")


async def test_a_new_password_closes_all_other_windows(house: House) -> None:
    bo, wires = await _bo_everywhere(house)
    here = await bo.connect()
    await bo.page("/account")
    changed = await bo.submit("/account/password", current=PASSWORD, password=NEW)
    assert changed.status == 303
    await _all_closed(wires)
    await here.settled()
    with pytest.raises(AssertionError, match="403"):
        await house.window(bo)
    await house.window(bo, password=NEW)


async def test_ending_one_on_the_account_page(house: House) -> None:
    bo = await house.person("bo")
    first, second = await house.window(bo), await house.window(bo)
    wires = {window: await window.connect() for window in (bo, first, second)}
    ids = await _listed(bo)
    assert len(ids) == 2, "one's own cannot be ended there"
    assert (await bo.submit(f"/account/sessions/{ids[0]}/end")).status == 303
    ended = [window for window in (first, second) if (await window.page("/")).status != 200]
    assert len(ended) == 1
    assert await wires[ended[0]].closed() == ENDED
    for window, wire in wires.items():
        if window is not ended[0]:
            await wire.settled()


async def test_ending_anothers_does_nothing(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    await house.window(bo)
    wire = await bo.connect()
    (session,) = await _listed(bo)
    await ann.page("/account")
    await ann.submit(f"/account/sessions/{session}/end")
    await wire.settled()
    assert await _listed(bo) == [session]


async def test_ending_all_others(house: House) -> None:
    bo, wires = await _bo_everywhere(house)
    here = await bo.connect()
    await bo.page("/account")
    assert (await bo.submit("/account/sessions/end-others")).status == 303
    await _all_closed(wires)
    await here.settled()


async def test_a_reset_link_lets_in_and_puts_out(house: House) -> None:
    """An admin makes it; whoever opens it has the account, and all old log-ins end."""
    ann = await house.person("ann", admin=True)
    bo, wires = await _bo_everywhere(house)
    wires.append(await bo.connect())
    await ann.page("/admin")
    made = await ann.submit(f"/admin/people/{bo.id}/reset-link")
    found = re.search(rf"{house.origin}(/reset/[\w-]+)", made.text)
    assert found
    visitor = house.visitor()
    assert (await visitor.page(found[1])).status == 200
    for wire in wires:
        await wire.settled()
    assert (await visitor.submit(found[1], password=NEW)).location == "/"
    await _all_closed(wires)
    assert (await visitor.page("/")).status == 200
    assert (await visitor.page(found[1])).status == 404
    await house.window(bo, password=NEW)


async def test_a_socket_of_an_ended_session_hears_nothing_more(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    wire = await bo.connect(room)
    await bo.page("/account")
    await bo.submit("/logout")
    await ann.post(room, "canary")
    assert await wire.closed() == ENDED
    assert b"canary" not in wire.raw
    with pytest.raises(InvalidStatus):
        await bo.dial()


async def _bo_everywhere(house: House) -> tuple[Person, list[Wire]]:
    """Bo, and sockets of another browser of his and of a program."""
    bo = await house.person("bo")
    window, program = await house.window(bo), await bo.program()
    return bo, [await window.connect(), await window.connect(), await program.connect()]


async def _all_closed(wires: list[Wire]) -> None:
    for wire in wires:
        assert await wire.closed() == ENDED


async def _listed(person: Person) -> list[str]:
    page = await person.page("/account")
    return re.findall(r"/account/sessions/(\w+)/end\"", page.text)
