"""How much one person may do: counted over all their windows and programs, not for each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.ids import new_id
from tests.house import House, open_house
from tests.people import Answer, Person, Speaker
from tests.rooms.house import HeldClock
from tests.wires import Wire

FRAMES, ROOMS, INVITES = 30, 3, 2
LIMITS = {
    "LIMITS__FRAME_BURST": str(FRAMES),
    "LIMITS__FRAMES_PER_SECOND": "1",
    "THROTTLE__ROOMS_BURST": str(ROOMS),
    "THROTTLE__ROOMS_SECONDS": "60",
    "THROTTLE__INVITES_BURST": str(INVITES),
    "THROTTLE__INVITES_SECONDS": "10",
}


@pytest.fixture
def clock() -> HeldClock:
    """No time passes unless a test says so, however slow the machine is."""
    return HeldClock()


@pytest.fixture
async def house(tmp_path: Path, clock: HeldClock) -> AsyncIterator[House]:
    async with open_house(tmp_path, LIMITS, clock) as house:
        yield house


def too_many(answer: Answer, seconds: int) -> bool:
    waits = answer.headers.get("Retry-After") == str(seconds)
    return answer.status == 429 and answer.error == "too_many_requests" and waits


# --- frames and posts ----------------------------------------------------------------------------


async def ping(wire: Wire) -> str:
    """How one more frame is answered: ok, or the code of the error."""
    known = len(wire.frames)
    await wire.send("ping", id=1)
    answer = await wire.until(lambda frame: frame["t"] in ("ok", "error"), known)
    return str(answer.get("code", answer["t"]))


async def post(who: Speaker, room: str) -> Answer:
    new = {"client_id": new_id(), "text": "hello"}
    return await who.ask("POST", f"/api/v1/rooms/{room}/posts", new)


async def test_frames_of_all_sockets_and_posts_are_counted_together(
    house: House, clock: HeldClock
) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    program = await bo.program()
    wires = [await bo.connect(), await (await house.window(bo)).connect(), await program.connect()]
    for number in range(FRAMES):
        if number % 4 < 3:
            assert await ping(wires[number % 4]) == "ok"
        else:
            assert (await post(program, room)).status == 201
    for wire in wires:
        assert await ping(wire) == "too_many_requests"
    for asker in (bo, program):
        assert too_many(await post(asker, room), 1)
    assert (await post(ann, room)).status == 201, "others are not concerned"
    clock.ms += 1_000
    assert (await post(bo, room)).status == 201
    assert await ping(wires[0]) == "too_many_requests"
    assert len(await ann.texts(room)) == FRAMES // 4 + 2


# --- typing --------------------------------------------------------------------------------------


async def type_in(room: str, *wires: Wire) -> None:
    for wire in wires:
        await wire.send("typing", room=room)
        await wire.settled()


async def test_typing_is_told_once_in_two_and_a_half_seconds(
    house: House, clock: HeldClock
) -> None:
    ann, bo, cy = [await house.person(name, admin=name == "ann") for name in ("ann", "bo", "cy")]
    room, other = await ann.make_room("Kitchen"), await ann.make_room("Pantry")
    ear = await ann.connect(room, other)
    await ann.invite(room, bo)
    await ann.invite(other, bo)
    clock.ms += 10_000  # for the next invitation
    await house.chatelaine.lease.renew()
    await ann.invite(room, cy)
    bos = [await bo.connect(room, other), await (await house.window(bo)).connect(room)]
    cys = await cy.connect(room)

    async def told(room: str = room) -> list[str]:
        await ear.settled()
        heard = [frame for frame in ear.all("is_typing") if frame["room"] == room]
        return [frame["person"]["nickname"] for frame in heard]

    await type_in(room, *bos, *bos)
    assert await told() == ["bo"]
    await type_in(room, cys)
    assert await told() == ["bo", "cy"], "each person for themself"
    await type_in(other, bos[0])
    assert await told(other) == ["bo"], "each room for itself"
    clock.ms += 2_400
    await type_in(room, *bos)
    assert await told() == ["bo", "cy"]
    clock.ms += 200
    await type_in(room, *bos)
    assert await told() == ["bo", "cy", "bo"]


# --- rooms and invitations -----------------------------------------------------------------------


async def make(who: Speaker, name: str = "Kitchen") -> Answer:
    return await who.ask("POST", "/api/v1/rooms", {"name": name})


async def test_making_rooms(house: House, clock: HeldClock) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    program = await bo.program()
    hall = len(await bo.rooms())
    assert (await make(bo, "")).error == "room_name_bad"
    for maker in (bo, program, bo):
        assert (await make(maker)).status == 201
    for maker in (bo, program):
        assert too_many(await make(maker), 60)
    assert len(await bo.rooms()) == hall + ROOMS, "a name that was refused did not count"
    assert (await make(ann)).status == 201
    clock.ms += 60_000
    assert (await make(program)).status == 201
    assert too_many(await make(bo), 60)


async def invite(who: Speaker, room: str, nickname: str) -> Answer:
    wanted = {"nickname": nickname, "level": "POST"}
    return await who.ask("POST", f"/api/v1/rooms/{room}/people", wanted)


async def test_inviting(house: House, clock: HeldClock) -> None:
    """Also in vain: nobody tries out nicknames at will."""
    ann, cy = await house.person("ann", admin=True), await house.person("cy")
    rooms = [await ann.make_room("Kitchen"), await ann.make_room("Pantry")]
    program = await ann.program()
    assert (await invite(ann, rooms[0], "nobody")).error == "person_not_found"
    assert (await invite(program, rooms[1], "cy")).status == 200
    for inviter, room in ((ann, rooms[0]), (program, rooms[1])):
        assert too_many(await invite(inviter, room, "cy"), 10)
    assert rooms[0] not in await cy.rooms()
    assert (await invite(cy, rooms[0], "ann")).error == "not_found"
    clock.ms += 10_000
    assert (await invite(ann, rooms[0], "cy")).status == 200


async def test_what_is_asked_of_a_hidden_room_counts_as_well(house: House) -> None:
    """The limit tells a hidden room from an absent one no more than anything else."""
    ann, cy = await house.person("ann", admin=True), await house.person("cy")
    room = await ann.make_room("Kitchen")
    answers: list[list[str]] = []
    for asker, at in ((cy, room), (await _someone_else(house), new_id())):
        answers.append([(await invite(asker, at, "ann")).error for _ in range(INVITES + 1)])
    assert answers[0] == answers[1] == ["not_found"] * INVITES + ["too_many_requests"]


async def _someone_else(house: House) -> Person:
    return await house.person("dee")
