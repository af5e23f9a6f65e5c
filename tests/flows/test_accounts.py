"""Suspended, deleted or come to its end: over real sockets, and for whoever else is in the room."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from core.records import GONE
from rooms.changes import Changes
from tests.house import House, Later, open_house
from tests.people import PASSWORD, Answer, Person, Refused
from tests.wires import Ended

ENDED = 4001
DAY = 86_400


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """One in which only word of an ended log-in can close its sockets, as in test_sessions."""
    monkeypatch.setattr("live.lease.EVERY", 3_600)
    async with open_house(tmp_path) as house:
        yield house


async def kitchen(house: House) -> tuple[Person, Person, Person, str]:
    """Ann is the admin; Cy owns the kitchen, and Bo is in it."""
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await cy.make_room("Kitchen")
    await cy.invite(room, bo)
    return ann, bo, cy, room


async def does(admin: Person, whom: Person, form: str, **fields: str) -> Answer:
    """An admin sends a form of someone's page; returns the page after it."""
    at = f"/admin/people/{whom.id}"
    assert (await admin.page(at)).status == 200
    answer = await admin.submit(f"{at}/{form}", **fields)
    if answer.status == 303:
        return await admin.page(answer.location)
    return answer


async def test_suspended_with_open_windows(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    window, program = await house.window(bo), await bo.program()
    wires = [await it.connect(room) for it in (bo, window, program)]
    ear = await cy.connect(room)
    page = await does(ann, bo, "suspend", why="a long holiday")
    assert "The account is suspended" in page.text
    assert "a long holiday" in page.text
    entry = await ear.frame("entry", kind="account")
    assert entry["by"]["nickname"] == "ann"
    for wire in wires:
        assert await wire.closed() == ENDED
    await cy.post(room, "canary")
    await ear.frame("entry", text="canary")
    for wire in wires:
        assert b"canary" not in wire.raw
    for asker in (bo, program):
        with pytest.raises(Refused, match="not_signed_in"):
            await asker.post(room, "still here?")
        with pytest.raises(InvalidStatus):
            await asker.dial()
    with pytest.raises(Refused, match="403"):
        await house.window(bo)
    assert b"holiday" not in bytes(ear.raw) + cy.seen, "a reason is for admins"


@pytest.mark.parametrize("form", ["suspend", "delete"])
async def test_also_those_of_someone_who_is_in_no_room(house: House, form: str) -> None:
    """No entry of a log tells of it."""
    ann, dan = await house.person("ann", admin=True), await house.person("dan")
    for room in await dan.rooms():
        await dan.leave(room)
    wire = await dan.connect()
    await does(ann, dan, form)
    assert await wire.closed() == ENDED


async def test_restored_one_is_back_in_the_same_rooms(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    await does(ann, bo, "suspend")
    assert (await cy.people(room)).keys() == {"cy"}
    assert "can be used again" in (await does(ann, bo, "restore")).text
    back = await house.window(bo)
    wire = await back.connect(room)
    await back.post(room, "here again")
    await wire.frame("entry", text="here again")
    assert (await cy.people(room)).keys() == {"cy", "bo"}


async def test_the_hub_drops_at_that_very_entry(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing after it is handed out, though nobody hears that the log-in is over."""
    ann, bo, cy, room = await kitchen(house)
    wires, ear = [await bo.connect(room), await bo.connect(room)], await cy.connect(room)
    monkeypatch.setattr(Changes, "tell_ended", lambda changes, ended: None)
    await does(ann, bo, "suspend")
    entry = await ear.frame("entry", kind="account")
    for wire in wires:
        lost = await wire.frame("lost", room=room)
        assert lost["seq"] == entry["seq"] == wire.notes.at[room][0]
    await cy.post(room, "canary")
    await ear.frame("entry", text="canary")
    for wire in wires:
        await wire.hang_up()
        assert b"canary" not in wire.raw


async def test_posts_in_flight_are_decided_where_they_land(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    wire, ear = await bo.connect(room), await cy.connect(room)
    await ann.page(f"/admin/people/{bo.id}")
    talk = [asyncio.ensure_future(wire.post(room, f"post {number}")) for number in range(30)]
    await ear.until(lambda frame: frame["t"] == "entry" and frame["kind"] == "post")
    await ann.submit(f"/admin/people/{bo.id}/suspend")
    answers = await asyncio.gather(*talk, return_exceptions=True)
    entry = await ear.frame("entry", kind="account")
    last = (await cy.post(room, "the end"))["seq"]
    await ear.heard(room, last)
    for answer in answers:
        assert isinstance(answer, dict | Ended)
        if isinstance(answer, dict) and answer["t"] == "posted":
            assert answer["seq"] < entry["seq"]
    after = [it for it in ear.notes.entries[room] if it["seq"] > entry["seq"]]
    assert [it.get("text") for it in after] == ["the end"]


async def test_deleted_in_front_of_others(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    wire, ear = await bo.connect(room), await cy.connect(room)
    await bo.post(room, "so long")
    asked = await ann.page(f"/admin/people/{bo.id}/delete")
    assert "This cannot be undone." in asked.text
    told = await ann.submit(f"/admin/people/{bo.id}/delete", why="asked for it")
    assert "The account of bo is deleted." in told.text
    assert await wire.closed() == ENDED
    renamed = await ear.frame("person")
    assert renamed["person"] == {"id": bo.id, "nickname": GONE}
    assert (await cy.people(room)).keys() == {"cy"}
    said = (await cy.entries(room))["entries"]
    assert [it["by"]["nickname"] for it in said if it.get("text") == "so long"] == [GONE]
    assert (await ann.page(f"/admin/people/{bo.id}")).status == 404
    with pytest.raises(Refused, match="403"):
        await house.window(bo)
    taken = house.visitor()
    await taken.page("/signup")
    assert (await taken.submit("/signup", name="bo", password=PASSWORD)).status == 409


async def test_rooms_left_without_an_owner_are_listed_by_name(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    await bo.post(room, "canary")
    page = await does(ann, cy, "suspend")
    assert "Kitchen" in page.text
    assert room in page.text
    assert room in (await ann.page("/admin")).text
    await does(ann, cy, "restore")
    assert room not in (await ann.page("/admin")).text
    deleted = await does(ann, cy, "delete")
    assert deleted.status == 200
    assert "Kitchen" in deleted.text
    assert room in deleted.text
    assert b"canary" not in ann.seen


async def test_a_log_in_is_ended_by_an_admin(house: House) -> None:
    ann, bo, _, _ = await kitchen(house)
    window = await house.window(bo)
    wires = [await bo.connect(), await window.connect()]
    page = await ann.page(f"/admin/people/{bo.id}")
    ends = re.findall(rf"/admin/people/{bo.id}/(sessions/\w+/end)\"", page.text)
    assert len(ends) == 2
    assert "That log-in has ended." in (await does(ann, bo, ends[0])).text
    done, _ = await asyncio.wait(
        [asyncio.ensure_future(wire.closed()) for wire in wires],
        return_when=asyncio.FIRST_COMPLETED,
    )
    assert [task.result() for task in done] == [ENDED]
    await does(ann, bo, "sessions/end-all")
    for wire in wires:
        assert await wire.closed() == ENDED
    await house.window(bo)


# --- an end that comes by itself -----------------------------------------------------------------


async def gus_until_tomorrow(house: House) -> tuple[Person, Person, list[str]]:
    """Gus, a guest in two rooms of Ann's."""
    ann = await house.person("ann", admin=True)
    rooms = [await ann.make_room(name) for name in ("Kitchen", "Pantry")]
    gus = await house.person("gus", link=await ann.link(rooms[0]))
    await ann.invite(rooms[1], gus)
    assert "The role is changed." in (await does(ann, gus, "role", role="guest")).text
    page = await does(ann, gus, "end", days="1")
    assert "The end is set." in page.text
    return ann, gus, rooms


async def kinds(person: Person, room: str) -> list[str]:
    return [entry["kind"] for entry in (await person.entries(room))["entries"]]


async def test_a_guest_whose_end_passes_is_put_out(tmp_path: Path) -> None:
    clock = Later()
    async with open_house(tmp_path, clock=clock) as house:
        ann, gus, rooms = await gus_until_tomorrow(house)
        wire, ear = await gus.connect(*rooms), await ann.connect(*rooms)
        clock.ahead = DAY + 60
        for room in rooms:
            await ear.frame("entry", kind="expired", room=room)
        assert await wire.closed() == ENDED
        for room in rooms:
            assert (await kinds(ann, room))[-1] == "expired"
        assert "Ended by itself on" in (await ann.page(f"/admin/people/{gus.id}")).text
        with pytest.raises(Refused, match="403"):
            await house.window(gus)


async def test_also_while_the_server_is_down_and_with_the_clock_set_back(tmp_path: Path) -> None:
    clock = Later()
    async with open_house(tmp_path, clock=clock) as house:
        ann, gus, rooms = await gus_until_tomorrow(house)
        port = house.port
    clock.ahead = DAY + 60
    async with open_house(tmp_path, clock=clock, port=port) as house:
        back = await house.window(ann)
        ear = await back.connect(*rooms)
        for room in rooms:
            while "expired" not in await kinds(back, room):
                await ear.frame("entry", kind="expired", room=room)
        tab = house.visitor()
        tab.cookies = gus.cookies
        assert (await tab.page("/")).location.startswith("/login")
    clock.ahead = 0
    async with open_house(tmp_path, clock=clock, port=port) as house:
        back = await house.window(ann)
        visitor = house.visitor()
        await visitor.page("/login")
        denied = await visitor.submit("/login", name="gus", password=PASSWORD)
        assert denied.status == 403
        for room in rooms:
            assert (await kinds(back, room)).count("expired") == 1
        await does(back, gus, "restore")
        await back.post(rooms[0], "welcome back")
        again = await house.window(gus)
        await again.post(rooms[0], "thanks")
