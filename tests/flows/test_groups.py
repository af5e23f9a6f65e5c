"""Groups and broken glass over open sockets: who loses a room by them hears nothing after it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.access import Delta, person_subject
from core.levels import Level
from core.log import Kind
from rooms.ledger import Opened, open_room
from storage.engine import Tx
from tests.house import House, Later, open_house
from tests.people import Person, Refused
from tests.wires import Wire


class Crew:
    """Ann runs the server and has a group; Olga has a room that names it; Bo and Cy are in both."""

    def __init__(self, house: House) -> None:
        self.house = house

    async def gather(self) -> Crew:
        self.ann = await self.house.person("ann", admin=True)
        self.olga, self.bo, self.cy = [await self.house.person(it) for it in ("olga", "bo", "cy")]
        self.page = (await self.ann.submit("/admin/groups", name="Crew")).location
        await self.add(self.bo, self.cy)
        self.room = await self.olga.make_room("Kitchen")
        await self.give(Level.POST)
        for member in (self.bo, self.cy):
            await member.join(self.room)
        return self

    async def add(self, *people: Person, until: str = "") -> None:
        for person in people:
            form = {"nickname": person.nickname, "until": until}
            answer = await self.ann.submit(f"{self.page}/members", **form)
            assert answer.status == 303, answer.text

    async def take_out(self, person: Person) -> None:
        await self.ann.submit(f"{self.page}/members/{person.id}/take-out")

    async def give(self, level: Level) -> None:
        await self.house.chatelaine.rooms.bulk.give("Crew", level, [self.room])

    async def take_back_personal(self, person: Person) -> None:
        """What one has of one's own, but not their place in the room."""

        def work(tx: Tx, touched: list[Opened]) -> None:
            room = open_room(tx, self.room)
            room.write(Kind.ACCESS, None, Delta(revoked=(person_subject(person.id),)))
            touched.append(room)

        await self.house.chatelaine.rooms.changes.commit(work)

    async def hears_nothing(self, *wires: Wire) -> None:
        """Olga talks, and Cy hears it."""
        ear = await self.cy.connect(self.room)
        await self.olga.post(self.room, "canary")
        await ear.frame("entry", text="canary")
        for wire in wires:
            await wire.settled()
            assert b"canary" not in wire.raw


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    async with open_house(tmp_path) as house:
        yield await Crew(house).gather()


async def listed(wire: Wire) -> set[str]:
    return {room["id"] for room in (await wire.frame("rooms"))["rooms"]}


async def test_who_leaves_a_group_loses_its_rooms(crew: Crew) -> None:
    windows = [await crew.bo.connect(crew.room) for _ in range(2)]
    ear = await crew.cy.connect(crew.room)
    await crew.take_out(crew.bo)
    told = await ear.frame("entry", kind="account")
    for window in windows:
        assert (await window.frame("lost", room=crew.room))["seq"] == told["seq"]
        assert crew.room not in await listed(window)
    await crew.hears_nothing(*windows)
    assert (await windows[0].subscribe(crew.room))["t"] == "lost"
    with pytest.raises(Refused, match="not_found"):
        await crew.bo.texts(crew.room)
    with pytest.raises(Refused, match="not_found"):
        await crew.bo.post(crew.room, "still here?")
    assert crew.room not in await crew.bo.directory()


async def test_who_comes_back_sees_the_room_appear(crew: Crew) -> None:
    """In the list, as they had joined it; somebody else finds it in the directory."""
    await crew.take_out(crew.bo)
    window = await crew.bo.connect()
    await crew.add(crew.bo)
    assert crew.room in await listed(window)
    assert (await window.subscribe(crew.room))["t"] == "subscribed"
    dee = await crew.house.person("dee")
    other = await dee.connect()
    await crew.add(dee)
    assert crew.room not in await listed(other)
    assert (await dee.directory())[crew.room]["may_join"]


async def test_a_deleted_group_takes_its_rooms_from_all(crew: Crew) -> None:
    wires = [await person.connect(crew.room) for person in (crew.bo, crew.cy)]
    await crew.ann.submit(f"{crew.page}/delete")
    for wire in wires:
        await wire.frame("lost", room=crew.room)
    await crew.olga.post(crew.room, "canary")
    for wire in wires:
        await wire.settled()
        assert b"canary" not in wire.raw


async def test_a_membership_that_ends_by_itself(tmp_path: Path) -> None:
    clock = Later()
    async with open_house(tmp_path, clock=clock) as house:
        crew = await Crew(house).gather()
        await crew.add(crew.bo, until=datetime.now(UTC).strftime("%Y-%m-%d"))
        wire = await crew.bo.connect(crew.room)
        ear = await crew.cy.connect(crew.room)
        clock.ahead += 86_400
        ended = await ear.frame("entry", kind="expired")
        assert (await wire.frame("lost", room=crew.room))["seq"] == ended["seq"]
        assert crew.room not in await listed(wire)
        await crew.hears_nothing(wire)


class TestAGroupThatWasNotNamedYet:
    """Who came into it and left it is in no entry of a room that does not name it."""

    @pytest.fixture
    async def unnamed(self, crew: Crew) -> Crew:
        """Bo is in the room by himself, and listens; Crew is not named there any more."""
        await crew.olga.invite(crew.room, crew.bo, crew.cy)
        await crew.house.chatelaine.rooms.bulk.take("Crew", [crew.room])
        return crew

    async def test_who_has_left_it_does_not_hear_by_it(self, unnamed: Crew) -> None:
        wire = await unnamed.bo.connect(unnamed.room)
        await unnamed.take_out(unnamed.bo)
        await unnamed.give(Level.POST)
        await unnamed.take_back_personal(unnamed.bo)
        await wire.frame("lost", room=unnamed.room)
        await unnamed.hears_nothing(wire)

    async def test_who_has_come_into_it_does(self, unnamed: Crew) -> None:
        await unnamed.take_out(unnamed.bo)
        wire = await unnamed.bo.connect(unnamed.room)
        await unnamed.add(unnamed.bo)
        await unnamed.give(Level.POST)
        await unnamed.take_back_personal(unnamed.bo)
        await unnamed.olga.post(unnamed.room, "still here")
        await wire.frame("entry", text="still here")
        assert wire.all("lost") == []


async def test_the_room_sees_the_glass_break(crew: Crew) -> None:
    """And whoever broke it comes in, reads, and goes when it is ended."""
    wire = await crew.bo.connect(crew.room)
    await crew.olga.post(crew.room, "private")
    assert crew.room not in await crew.ann.directory()
    form = {"level": "READ", "hours": "1", "why": "Someone asked for help"}
    await crew.ann.submit(f"/admin/rooms/{crew.room}/glass", **form)
    told = await wire.frame("entry", kind="glass")
    assert (told["by"]["nickname"], told["level"], told["why"]) == ("ann", "READ", form["why"])
    await crew.ann.join(crew.room)
    assert await crew.ann.texts(crew.room) == ["private"]
    ear = await crew.ann.connect(crew.room)
    await crew.ann.submit(f"/admin/rooms/{crew.room}/glass/{crew.ann.id}/end")
    await ear.frame("lost", room=crew.room)
    ended = await wire.until(lambda it: it.get("kind") == "glass" and "level" not in it)
    assert [it["nickname"] for it in ended["people"]] == ["ann"]
    await crew.hears_nothing(ear)
