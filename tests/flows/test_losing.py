"""Taking a right away is exact: nothing after it is handed out, nothing after it is accepted."""

from __future__ import annotations

import asyncio

import pytest

from tests.house import House
from tests.people import Person, Refused
from tests.wires import Wire


async def kitchen(house: House) -> tuple[Person, Person, Person, str]:
    """Ann owns the kitchen; Bo and Cy are in it."""
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo, cy)
    return ann, bo, cy, room


async def hears_nothing(wires: list[Wire], room: str, ann: Person, cy: Wire) -> None:
    """Ann talks, Cy hears it; ``wires`` get neither that nor anything else of the room."""
    known = {wire: dict(wire.notes.at) for wire in wires}
    for number in range(5):
        await ann.post(room, f"canary {number}")
    await cy.send("typing", room=room)
    await cy.frame("entry", text="canary 4")
    for wire in wires:
        await wire.settled()
        assert b"canary" not in wire.raw
        assert wire.notes.at == known[wire]
        assert wire.all("is_typing") == []


@pytest.mark.leaks("live", "resume", "typing", "list of rooms", "history")
async def test_removal_with_open_windows(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    windows = [await bo.connect(room), await (await house.window(bo)).connect(room)]
    ear = await cy.connect(room)
    await ann.post(room, "for all three")
    for window in windows:
        await window.frame("entry", text="for all three")

    assert await ann.remove(room, bo) == {"still_reads": False}
    removal = await ear.frame("entry", kind="removed")
    for window in windows:
        lost = await window.frame("lost", room=room)
        assert lost["seq"] == removal["seq"] == window.notes.at[room][0]
        listed = await window.frame("rooms")
        assert room not in [own["id"] for own in listed["rooms"]]
    await hears_nothing(windows, room, ann, ear)

    assert (await windows[0].post(room, "still here?"))["code"] == "not_found"
    assert (await windows[0].subscribe(room))["t"] == "lost"
    resumed = await bo.connect(room, notes=windows[0].notes)
    assert "seq" not in resumed.all("lost")[0], "the answer for a room that never was"
    with pytest.raises(Refused, match="not_found"):
        await bo.post(room, "still here?")
    with pytest.raises(Refused, match="not_found"):
        await bo.texts(room)
    await hears_nothing([*windows, resumed], room, ann, ear)
    assert b"canary" not in bo.seen


@pytest.mark.leaks("who is here")
async def test_whoever_is_removed_is_not_shown_as_here(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    ear, _ = await cy.connect(room), await bo.connect(room)
    await _here(ear, "bo", "cy")
    await ann.remove(room, bo)
    await _here(ear, "cy")
    assert (await cy.people(room)).keys() == {"ann", "cy"}


async def _here(ear: Wire, *nicknames: str) -> None:
    """Until the last word on who is here is this."""
    await ear.until(
        lambda _: (
            bool(now := ear.all("presence"))
            and [person["nickname"] for person in now[-1]["here"]] == list(nicknames)
        )
    )


async def test_leaving_is_losing(house: House) -> None:
    ann, bo, cy, room = await kitchen(house)
    windows = [await bo.connect(room), await (await house.window(bo)).connect(room)]
    ear = await cy.connect(room)
    await bo.leave(room)
    left = await ear.frame("entry", kind="left")
    for window in windows:
        assert (await window.frame("lost", room=room))["seq"] == left["seq"]
    await hears_nothing(windows, room, ann, ear)
    with pytest.raises(Refused, match="not_found"):
        await bo.join(room)


async def test_leaving_an_open_room_leaves_it_open(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Market", preset="open")
    await bo.join(room)
    wire = await bo.connect(room)
    await bo.leave(room)
    await wire.frame("lost", room=room)
    await ann.post(room, "while Bo was away")
    await bo.join(room)
    assert (await wire.subscribe(room))["t"] == "subscribed"
    await ann.post(room, "back again")
    await wire.frame("entry", text="back again")
    assert await bo.texts(room) == ["while Bo was away", "back again"]


@pytest.mark.leaks("history", "live")
async def test_removed_and_invited_again(house: House) -> None:
    """A regained right begins anew, after what was said meanwhile where history says so."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen", history="joined")
    await ann.invite(room, bo)
    wire = await bo.connect(room)
    await ann.post(room, "one")
    await wire.frame("entry", text="one")
    await ann.remove(room, bo)
    await wire.frame("lost", room=room)
    await ann.post(room, "canary")
    await ann.invite(room, bo)
    await wire.subscribe(room)
    await ann.post(room, "three")
    await wire.frame("entry", text="three")
    assert await bo.texts(room) == ["one", "three"]
    assert b"canary" not in bo.seen + bytes(wire.raw)


async def test_a_post_in_hand_is_decided_where_it_lands(house: House) -> None:
    """Posts sent around a removal: those before it in the log are kept, all others refused."""
    ann, bo, cy, room = await kitchen(house)
    wire, ear = await bo.connect(room), await cy.connect(room)
    talk = [asyncio.ensure_future(wire.post(room, f"post {number}")) for number in range(30)]
    await ear.until(lambda frame: frame["t"] == "entry" and frame["kind"] == "post")
    await ann.remove(room, bo)
    answers = await asyncio.gather(*talk)
    end = (await ear.frame("entry", kind="removed"))["seq"]
    kept = [answer["seq"] for answer in answers if answer["t"] == "posted"]
    assert all(seq < end for seq in kept)
    assert {answer["code"] for answer in answers if answer["t"] == "error"} <= {"not_found"}
    assert len(await ann.texts(room)) == len(kept)


async def test_removing_from_an_open_room_says_that_it_stays_readable(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Market", preset="open")
    await bo.join(room)
    wire = await bo.connect(room)
    assert await ann.remove(room, bo) == {"still_reads": True}
    await wire.frame("lost", room=room)
    assert room not in await bo.rooms()
    assert (await bo.directory())[room]["may_join"]
