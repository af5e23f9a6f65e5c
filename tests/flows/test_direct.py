"""Two people in a direct room, over real sockets; what each is sent, and what others are not."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.house import House
from tests.people import Speaker


async def _direct(one: Speaker, other: Speaker) -> Any:
    return await one.api("POST", "direct", {"person": other.id})


async def test_a_message_brings_the_room_into_the_others_open_window(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo", nickname="Bo")
    wire = await bo.connect()
    room = await ann.api("POST", "direct", {"nickname": "Bo"})
    assert room["peer"] == {"id": bo.id, "nickname": "Bo"}
    seq = (await ann.post(room["id"], "hello"))["seq"]
    frame = await wire.until(lambda it: it["t"] == "rooms" and _has(it, room["id"]))
    own = next(own for own in frame["rooms"] if own["id"] == room["id"])
    assert (own["peer"]["id"], own["unread"], own["seq"]) == (ann.id, 1, seq)


async def test_hidden_and_back_misses_nothing_and_repeats_nothing(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = (await _direct(ann, bo))["id"]
    await ann.post(room, "one")
    wire = await bo.connect(room)
    await ann.post(room, "two")
    seq = (await ann.post(room, "three"))["seq"]
    await wire.heard(room, seq)
    await bo.leave(room)
    await wire.frame("lost", room=room)
    since = len(wire.frames)
    seq = (await ann.post(room, "four"))["seq"]
    await wire.until(lambda it: it["t"] == "rooms" and _has(it, room), since)
    await wire.subscribe(room)
    await wire.heard(room, seq)
    assert wire.notes.texts(room) == ["two", "three", "four"]
    assert (await bo.rooms())[room]["unread"] == 1
    assert await bo.texts(room) == ["one", "two", "three", "four"]


async def test_who_is_blocked_is_told_nothing_but_that_they_may_not_post(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = (await _direct(ann, bo))["id"]
    await ann.post(room, "hello")
    wire = await bo.connect(room)
    since = len(wire.frames)
    await ann.api("PUT", f"blocks/{bo.id}")
    await wire.until(lambda it: it["t"] == "rooms" and not _has(it, room)["may"]["post"], since)
    face = await wire.frame("entry", kind="withheld")
    assert face.keys() == {"t", "room", "seq", "tag", "at", "kind"}
    assert (await wire.post(room, "why?"))["code"] == "post_not_allowed"
    assert not (await bo.rooms())[room]["blocked"]
    await wire.send("typing", room=room)
    anns = await ann.connect(room)
    await anns.settled()
    assert anns.all("is_typing") == []
    await ann.api("DELETE", f"blocks/{bo.id}")
    assert (await wire.post(room, "thank you"))["t"] == "posted"


async def test_a_block_against_posts_under_way(house: House) -> None:
    """Each post is before the block or refused; nothing is accepted after it."""
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    room = (await _direct(ann, bo))["id"]
    wire, ear = await bo.connect(), await ann.connect(room)
    posts = [asyncio.create_task(wire.post(room, str(number))) for number in range(30)]
    await ann.api("PUT", f"blocks/{bo.id}")
    answers = [await post for post in posts]
    kept = [answer["seq"] for answer in answers if answer["t"] == "posted"]
    refused = {answer["code"] for answer in answers if answer["t"] == "error"}
    assert refused <= {"post_not_allowed"}
    page = (await ann.entries(room, limit=200))["entries"]
    await ear.heard(room, page[-1]["seq"])
    quiet = [entry["seq"] for entry in page if entry["kind"] == "withheld"]
    block = quiet[-1]
    assert all(seq < block for seq in kept)


async def test_third_persons_are_sent_nothing_of_it(house: House) -> None:
    ann, bo = await house.person("ann", admin=True), await house.person("bo")
    cy, admin = await house.person("cy"), ann
    eve = await house.person("eve")
    wires = [await cy.connect(), await admin.connect()]
    room = (await _direct(bo, eve))["id"]
    await bo.post(room, "canary")
    await bo.api("PUT", f"blocks/{eve.id}")
    await eve.leave(room)
    for wire, who in zip(wires, (cy, admin), strict=True):
        await wire.settled()
        assert room.encode() not in bytes(wire.raw)
        assert room not in await who.directory()
        assert room not in await who.rooms()
        for path in ("", "/entries", "/people", "/links"):
            assert (await who.ask("GET", f"/api/v1/rooms/{room}{path}")).status == 404
    for path in ("/admin", "/admin/invitations"):
        assert room not in (await admin.page(path)).text
    for who in (bo, eve):
        assert room not in await who.directory()


async def test_the_refusal_is_the_same_to_the_byte(house: House) -> None:
    ann = await house.person("ann", admin=True)
    nobody, sharing, blocking = [await house.person(name) for name in ("ned", "sue", "bob")]
    await nobody.api("PUT", "reachable", {"by": "nobody"})
    await sharing.api("PUT", "reachable", {"by": "sharing"})
    await blocking.api("PUT", f"blocks/{ann.id}")
    for room in await sharing.rooms():
        await sharing.leave(room)
    answers = set()
    for person in (nobody, sharing, blocking):
        answer = await ann.ask("POST", "/api/v1/direct", {"person": person.id})
        answers.add((answer.status, answer.error, answer.body))
    assert len(answers) == 1
    assert next(iter(answers))[:2] == (403, "direct_refused")


def _has(frame: dict[str, Any], room: str) -> Any:
    return next((own for own in frame["rooms"] if own["id"] == room), None)
