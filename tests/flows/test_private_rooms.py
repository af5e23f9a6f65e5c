"""Two people talk in a private room; nobody else knows that it is there."""

from __future__ import annotations

import asyncio

import pytest

from tests.house import House
from tests.people import Refused


@pytest.mark.leaks("directory", "list of rooms", "answers")
async def test_two_talk_and_a_third_knows_of_nothing(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await ann.make_room("Canary kitchen")
    third = await cy.connect()
    await ann.invite(room, bo)

    anns, bos = await ann.connect(room), await bo.connect(room)
    for number in range(5):
        assert (await anns.post(room, f"canary {number} from Ann"))["t"] == "posted"
        assert (await bos.post(room, f"canary {number} from Bo"))["t"] == "posted"
    last = (await ann.rooms())[room]["seq"]
    for wire in (anns, bos):
        await wire.heard(room, last)
    assert anns.notes.texts(room) == bos.notes.texts(room) == await bo.texts(room)
    assert len(bos.notes.texts(room)) == 10

    assert await cy.rooms() == {id: own for id, own in (await cy.rooms()).items() if id != room}
    assert room not in await cy.directory()
    with pytest.raises(Refused, match="404"):
        await cy.join(room)
    assert (await third.ask("subscribe", rooms=[{"room": room}]))["t"] == "lost"
    assert (await third.post(room, "let me in"))["code"] == "not_found"
    await third.settled()
    assert b"anary" not in cy.seen + bytes(third.raw)


async def test_all_see_the_same_order(house: House) -> None:
    """Six people at once, over sockets and REST: one order for all."""
    ann = await house.person("ann", admin=True)
    people = [ann, *[await house.person(f"p{number}") for number in range(5)]]
    room = await ann.make_room("Market")
    await ann.invite(room, *people[1:])
    wires = [await person.connect(room) for person in people]
    talk = [wire.post(room, f"wire {i} {n}") for i, wire in enumerate(wires) for n in range(8)]
    rest = [ann.post(room, f"rest {n}") for n in range(8)]
    done = await asyncio.gather(*talk, *rest)
    seqs = sorted(posted["seq"] for posted in done)
    assert seqs == list(range(seqs[0], seqs[0] + 56))
    for wire in wires:
        await wire.heard(room, seqs[-1])
    assert len({tuple(wire.notes.texts(room)) for wire in wires}) == 1
    assert wires[0].notes.texts(room) == await ann.texts(room)


async def test_whoever_is_added_sees_the_room_at_once(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    wire, window = await bo.connect(), await (await house.window(bo)).connect()
    room = await ann.make_room("Kitchen")
    await ann.post(room, "said before")
    await ann.invite(room, bo)
    for open_window in (wire, window):
        told = await open_window.until(
            lambda frame: frame["t"] == "rooms" and any(r["id"] == room for r in frame["rooms"])
        )
        seen = next(r for r in told["rooms"] if r["id"] == room)
        assert (seen["name"], seen["level"], seen["restricted"]) == ("Kitchen", "POST", True)
    assert (await wire.subscribe(room))["t"] == "subscribed"
    await ann.post(room, "said after")
    await wire.frame("entry", text="said after")
    assert await bo.texts(room) == ["said before", "said after"]


@pytest.mark.leaks("resume", "history")
async def test_since_joining_the_past_stays_closed(house: House) -> None:
    """On pages, and to a socket that asks for what came before."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen", history="joined")
    tag = (await ann.rooms())[room]["tag"]
    await ann.post(room, "canary of the past")
    await ann.invite(room, bo)
    await ann.post(room, "for all")
    wire = await bo.connect()
    await wire.send("subscribe", id=1, rooms=[{"room": room, "seq": 0, "tag": tag}])
    await wire.frame("entry", text="for all")
    assert [entry["kind"] for entry in wire.notes.entries[room]][:2] == ["withheld", "withheld"]
    assert await bo.texts(room) == await bo.texts(room, after=0) == ["for all"]
    await bo.entries(room, around=2)
    assert b"canary" not in bo.seen + bytes(wire.raw)


async def test_an_outsider_comes_in_by_a_link(house: House) -> None:
    """As a guest: they see the room of the link, and neither the hall nor who else is here."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await bo.make_room("Kitchen")
    link = await bo.link(room, uses=1)
    ear = await bo.connect(room)
    gus = await house.person("gus", link=link)
    told = await ear.frame("entry", kind="joined")
    assert [person["nickname"] for person in told["people"]] == ["gus"]
    assert set(await gus.rooms()) == set(await gus.directory()) == {room}
    assert set(await gus.people(room)) == {"bo", "gus"}
    assert (await gus.post(room, "thanks"))["seq"] > 0
    with pytest.raises(Refused, match="rooms_by_admins"):
        await gus.make_room("Mine")
    assert (await house.visitor().page(link.removeprefix(house.origin))).status == 404
    assert "ann" not in [*(await gus.people(room))]
    assert ann.id not in gus.seen.decode()
