"""People who act at the same moment: whatever the order, the log says what was allowed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from core.access import Facts, PersonFacts, RoomFacts
from core.log import Entry, Kind
from core.records import Role
from rooms.permissions import decide
from storage import access
from storage.access import NOWHERE
from tests.flows.racing import granted, judged, rounds, together
from tests.house import House
from tests.people import Answer, Person, Refused


def _replayed(entries: list[Entry]) -> RoomFacts:
    """What the room is after these, asserting that every post was allowed where it stands."""
    facts = RoomFacts(NOWHERE)
    for place, entry in enumerate(entries, 1):
        assert entry.seq == place
        if entry.kind is Kind.POST:
            assert entry.by is not None
            author = PersonFacts(entry.by.id, Role.MEMBER)
            assert decide("post", Facts(author, facts)).allowed, f"post {entry.seq}"
        if entry.delta is not None:
            facts.apply(entry.delta)
    return facts


async def _agrees(house: House, room: str) -> list[Entry]:
    """The log replays to what the tables say, by the program's rules and by others; returns it."""
    entries = await judged(house, room)
    told = _replayed(entries)
    kept = await house.chatelaine.database.read(lambda tx: access.room_facts(tx, room))
    assert (told.grants, told.members) == (kept.grants, kept.members)
    return entries


@rounds()
async def test_joining_against_removing(house: House, rounds: int) -> None:
    """Into an open room from which one is being removed: in or out, and heard accordingly."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Market", preset="open")
    ear = await ann.connect(room)
    for number in range(rounds):
        await bo.join(room)
        early, late = await bo.connect(room), await bo.connect()
        await together(ann.remove(room, bo), bo.join(room), late.subscribe(room))
        inside = room in await bo.rooms()
        assert inside == (bo.id in _replayed(await _agrees(house, room)).members)
        await ann.post(room, f"canary {number}.")
        await ear.frame("entry", text=f"canary {number}.")
        for wire in (early, late):
            await wire.settled()
            if room in wire.hearing:
                assert inside
                await wire.frame("entry", text=f"canary {number}.")
            else:
                assert f"canary {number}.".encode() not in wire.raw
            await wire.hang_up()


@rounds()
async def test_posting_against_removing(house: House, rounds: int) -> None:
    """Every post that was accepted was allowed at its seq, and is there; no other is."""
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo, cy)
    wire = await bo.connect(room)
    for number in range(rounds):
        talk: list[Awaitable[Any]] = [bo.post(room, f"{number} {i}") for i in range(6)]
        wired = [asyncio.ensure_future(wire.post(room, f"{number} wire {i}")) for i in range(3)]
        others = [cy.post(room, f"{number} cy {i}") for i in range(3)]
        results = await together(ann.remove(room, bo), *talk, *others)
        answers = await asyncio.gather(*wired)
        assert all(map(granted, results[7:])), "Cy's posts are none of it"
        accepted = {result["seq"] for result in results[1:] if granted(result)}
        accepted |= {answer["seq"] for answer in answers if answer["t"] == "posted"}
        entries = await _agrees(house, room)
        of_round = [
            entry.seq
            for entry in entries
            if entry.kind is Kind.POST and entry.text and entry.text.startswith(f"{number} ")
        ]
        assert sorted(accepted) == of_round
        (end,) = [entry.seq for entry in entries if entry.kind is Kind.REMOVED][number:]
        said_later = [e for e in entries if e.seq > end and e.by and e.by.id == bo.id]
        assert said_later == []
        await wire.frame("lost", room=room)
        await ann.invite(room, bo)
        await wire.until(lambda _, n=number: len(wire.all("lost")) == n + 1)  # type: ignore[misc]
        await wire.subscribe(room)


@rounds()
async def test_one_link_for_one_person_used_by_two(house: House, rounds: int) -> None:
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    for number in range(rounds):
        room = await ann.make_room(f"Room {number}")
        path = (await ann.link(room, uses=1)).removeprefix(house.origin)
        for person in (bo, cy):
            assert (await person.page(path)).status == 200
        answers: list[Answer] = await together(bo.submit(path), cy.submit(path))
        assert sorted(answer.status for answer in answers) == [303, 404]
        entries = await _agrees(house, room)
        assert [entry.kind for entry in entries] == [Kind.MADE, Kind.JOINED]
        ((_, inside),) = [
            (answer, person)
            for answer, person in zip(answers, (bo, cy), strict=True)
            if answer.status == 303
        ]
        outside = cy if inside is bo else bo
        assert room in await inside.rooms()
        assert room not in await outside.rooms()


@rounds()
async def test_one_link_for_one_newcomer_used_by_two(house: House, rounds: int) -> None:
    """One gets an account; of the other nothing is left, not even their name."""
    ann = await house.person("ann", admin=True)
    for number in range(rounds):
        room = await ann.make_room(f"Room {number}")
        link = await ann.link(room, uses=1)
        names = [f"left{number}", f"right{number}"]
        found = await together(*(house.person(name, link=link) for name in names))
        assert sorted(map(granted, found)) == [False, True]
        (in_,) = [name for name, result in zip(names, found, strict=True) if granted(result)]
        (out,) = [name for name in names if name != in_]
        assert set(await ann.people(room)) == {"ann", in_}
        await house.person(out)


@rounds()
async def test_two_owners_leave_at_once(house: House, rounds: int) -> None:
    """One of them stays."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    for number in range(rounds):
        room = await ann.make_room(f"Room {number}")
        await ann.invite(room, bo, level="OWN")
        results = await together(ann.leave(room), bo.leave(room))
        assert sorted(map(granted, results)) == [False, True]
        (refusal,) = [result for result in results if not granted(result)]
        assert refusal.answer.error == "last_owner"
        facts = _replayed(await _agrees(house, room))
        assert len(facts.members) == len(facts.grants) == 1


@rounds()
async def test_two_owners_remove_each_other_at_once(house: House, rounds: int) -> None:
    """An owner cannot be removed by another; both stay."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo, level="OWN")
    for _ in range(rounds):
        results = await together(ann.remove(room, bo), bo.remove(room, ann))
        assert [result.answer.error for result in results] == ["person_outranks"] * 2
    assert len(_replayed(await _agrees(house, room)).members) == 2


@rounds()
async def test_one_name_wanted_by_two(house: House, rounds: int) -> None:
    for number in range(rounds):
        found = await together(*(house.person(f"same{number}") for _ in range(2)))
        assert sorted(map(granted, found)) == [False, True]


@rounds()
async def test_logging_out_against_posting(house: House, rounds: int) -> None:
    """What was accepted is in the log; after the log-out nothing is accepted."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    for number in range(rounds):
        window: Person = await house.window(bo)
        posts = [window.post(room, f"{number} {i}") for i in range(4)]
        _, *results = await together(window.submit("/logout"), *posts)
        kept = [text for text in await ann.texts(room) if text.startswith(f"{number} ")]
        assert len(kept) == sum(map(granted, results))
        with pytest.raises(Refused, match="not_signed_in"):
            await window.post(room, "too late")
