"""One of two servers that are alike, with a clock that stands and nothing that runs by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from core.ids import new_id
from rooms.ledger import Opened
from storage import groups
from storage.engine import Tx
from storage.groups import Group
from tests.house import House, open_house
from tests.people import Person
from tests.rooms.house import HeldClock

PEOPLE = ("olga", "ivy", "ned", "mel", "rex")


@dataclass
class Twin:
    """``cellar`` is hidden from all outsiders, and there on the busy one only; ``attic`` is on
    both, and rex was removed from it."""

    house: House
    clock: HeldClock
    busy: bool
    people: dict[str, Person]
    rooms: dict[str, str]
    group: str
    link: str
    """The secret of one into the garden."""
    turn: int = 0
    names: dict[str, str] = field(default_factory=dict)
    """What ids stand for."""

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def name(self) -> str:
        """What the hidden rooms are called now; outsiders give it to rooms of their own."""
        return f"Cellar {self.turn}"

    async def change(self, work: Callable[[Tx, list[Opened]], None]) -> None:
        """A change of rights that has no route."""
        await self.house.chatelaine.rooms.changes.commit(work)

    async def at(self, ms: int) -> None:
        """Let the clock stand here from now on."""
        self.clock.ms = ms
        await self.house.chatelaine.lease.renew()

    async def quiet(self) -> None:
        """Until all that happened has been told to everyone."""
        server = self.house.chatelaine
        while (  # noqa: ASYNC110
            server.hub._presence._due
            or any(client._tasks or client._rooms_stale for client in server.sockets)
            or any(pump._task is not None for pump in server.hub._pumps.values())
        ):
            await asyncio.sleep(0.005)
        for person in self.people.values():
            for wire in person.wires:
                if wire.connection.close_code is None:
                    await wire.settled()


@asynccontextmanager
async def open_twin(folder: Path, *, busy: bool) -> AsyncIterator[Twin]:
    clock = HeldClock()
    async with open_house(folder, clock=clock) as house:
        await house.chatelaine.lease.renew()
        for task in house.chatelaine._tasks:
            task.cancel()
        yield await _furnished(house, clock, busy)


async def _furnished(house: House, clock: HeldClock, busy: bool) -> Twin:
    people = {"ann": await house.person("ann", admin=True)}
    people |= {name: await house.person(name) for name in PEOPLE}
    olga, mel = people["olga"], people["mel"]
    rooms = {"absent": new_id(), "cellar": new_id()}
    for room, maker, name in (
        ("garden", olga, "Garden"), ("attic", olga, "Attic"), ("den", mel, "Mel’s den"),
    ):  # fmt: skip
        clock.ms += 1
        rooms[room] = await maker.make_room(name)
    if busy:
        rooms["cellar"] = await olga.make_room("Cellar", topic="topic canary")
    clock.ms += 1
    link = (await olga.link(rooms["garden"])).rpartition("/")[2]
    people["gus"] = await house.person("gus", link=f"/invite/{link}")
    await olga.invite(rooms["garden"], mel, people["ned"])
    await olga.invite(rooms["attic"], people["ivy"], people["rex"])
    await olga.post(rooms["attic"], "said while Rex was in")
    await olga.remove(rooms["attic"], people["rex"])
    twin = Twin(house, clock, busy, people, rooms, new_id(), link)
    twin.names = {person.id: name for name, person in people.items()}
    twin.names |= {id: f"the {name}" for name, id in rooms.items()} | {link: "the link"}
    made = Group(twin.group, "Band", "band", "", people["ann"].id, house.chatelaine.clock.now())
    await house.chatelaine.database.write(lambda tx: groups.add(tx, made))
    return twin
