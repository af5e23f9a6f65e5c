"""Changes of rights against what they take or give, at the same moment, over real connections."""

from __future__ import annotations

import asyncio
from typing import Any

from core.levels import Level
from core.log import Kind
from tests.flows.racing import (
    both_ways,
    errors,
    granted,
    judged,
    level_of,
    posts_of,
    rounds,
    together,
)
from tests.house import House
from tests.people import Person


async def kitchen(house: House, preset: str = "private") -> tuple[Person, Person, Person, str]:
    """Ann owns it and is the admin; Bo and Cy have an account."""
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    return ann, bo, cy, await ann.make_room("Kitchen", preset=preset)


async def change(who: Person, room: str, **wish: Any) -> Any:
    return await who.api("POST", f"rooms/{room}/access", wish)


def cap(whom: Person, kind: str, *, lift: bool = False) -> dict[str, Any]:
    return {"caps": [{"person": whom.id, "kind": kind, "lift": lift}]}


def role(whom: Person, level: str) -> dict[str, Any]:
    return {"grants": [{"to": "person", "id": whom.id, "level": level}]}


async def version_of(who: Person, room: str) -> int:
    return int((await who.api("GET", f"rooms/{room}/access"))["version"])


@rounds()
async def test_joining_against_a_ban(house: House, rounds: int) -> None:
    """Whoever was first: out in the end, and what was said inside stands before the ban."""
    ann, bo, _, room = await kitchen(house, "open")
    came: list[bool] = []
    for number in range(rounds):
        wire = await bo.connect()
        ban, *acts = await together(
            change(ann, room, **cap(bo, "ban")),
            bo.join(room),
            bo.post(room, f"{number} here"),
            wire.subscribe(room),
        )
        assert granted(ban)
        came += map(granted, acts[:2])
        entries = await judged(house, room)
        banned = [entry.seq for entry in entries if entry.kind is Kind.BANNED][-1]
        assert all(seq < banned for seq in posts_of(entries, bo.id))
        assert room not in await bo.rooms()
        await ann.post(room, f"canary {number}.")
        await wire.deaf_to(room)
        await wire.settled()
        assert f"canary {number}.".encode() not in wire.raw
        await wire.hang_up()
        await change(ann, room, **cap(bo, "ban", lift=True))
    both_ways(came)


@rounds()
async def test_posting_against_a_mute(house: House, rounds: int) -> None:
    """What was accepted is in the log before the mute; the rest is nowhere, and Bo still reads."""
    ann, bo, cy, room = await kitchen(house)
    await ann.invite(room, bo, cy)
    wire = await bo.connect(room)
    said: list[bool] = []
    for number in range(rounds):
        wired = [asyncio.ensure_future(wire.post(room, f"{number} wire {i}")) for i in range(3)]
        talk = [bo.post(room, f"{number} {i}") for i in range(5)]
        mute, other, *results = await together(
            change(ann, room, **cap(bo, "mute")), cy.post(room, f"{number} cy"), *talk
        )
        assert granted(mute) and granted(other)
        said += map(granted, results)
        answers = await asyncio.gather(*wired)
        accepted = {it["seq"] for it in results if granted(it)}
        accepted |= {it["seq"] for it in answers if it["t"] == "posted"}
        entries = await judged(house, room)
        muted = [entry.seq for entry in entries if entry.kind is Kind.MUTED]
        since = muted[-2] if number else 0
        assert {seq for seq in posts_of(entries, bo.id) if seq > since} == accepted
        assert all(seq < muted[-1] for seq in accepted)
        assert errors(await together(bo.post(room, "too late"))) == ["post_not_allowed"]
        await ann.post(room, f"canary {number}.")
        await wire.frame("entry", text=f"canary {number}.")
        await change(ann, room, **cap(bo, "mute", lift=True))
    both_ways(said)


@rounds()
async def test_two_last_owners_go_at_once(house: House, rounds: int) -> None:
    """Stepping down or leaving: one of them stays an owner, and is told why."""
    ann, bo, _, _ = await kitchen(house)
    stayed: list[bool] = []
    for number in range(rounds):
        room = await ann.make_room(f"Room {number}")
        await ann.invite(room, bo, level="OWN")
        second = bo.leave(room) if number % 2 else change(bo, room, **role(bo, "POST"))
        ended = errors(await together(change(ann, room, **role(ann, "POST")), second))
        assert sorted(ended) == ["", "last_owner"]
        await judged(house, room)
        owner = ann if ended[0] else bo
        assert await level_of(house, room, owner.id) is Level.OWN
        stayed.append(owner is ann)
    both_ways(stayed)


@rounds()
async def test_two_owners_edit_one_role_blindly(house: House, rounds: int) -> None:
    """Both are heard; what holds is what the log says last."""
    ann, bo, cy, room = await kitchen(house)
    await ann.invite(room, bo, level="OWN")
    await ann.invite(room, cy)
    read: list[bool] = []
    for _ in range(rounds):
        edits = [change(ann, room, **role(cy, "MODERATE")), change(bo, room, **role(cy, "READ"))]
        assert errors(await together(*edits)) == ["", ""]
        last = (await judged(house, room))[-1]
        assert last.delta is not None and last.by is not None
        said = Level.MODERATE if last.by.id == ann.id else Level.READ
        assert last.delta.grants[0].level is said
        assert await level_of(house, room, cy.id) is said
        read.append(said is Level.READ)
        await change(ann, room, **role(cy, "POST"))
    both_ways(read)


@rounds()
async def test_two_owners_edit_one_role_that_they_looked_at(house: House, rounds: int) -> None:
    """One of them is told that it is another by now, and nothing of theirs is written."""
    ann, bo, cy, room = await kitchen(house)
    await ann.invite(room, bo, level="OWN")
    await ann.invite(room, cy)
    read: list[bool] = []
    for _ in range(rounds):
        seen, before = await version_of(ann, room), len(await judged(house, room))
        edits = [
            change(ann, room, **role(cy, "MODERATE"), version=seen),
            change(bo, room, **role(cy, "READ"), version=seen),
        ]
        ended = errors(await together(*edits))
        assert sorted(ended) == ["", "access_changed"]
        assert len(await judged(house, room)) == before + 1
        said = Level.READ if ended[0] else Level.MODERATE
        assert await level_of(house, room, cy.id) is said
        read.append(said is Level.READ)
        await change(ann, room, **role(cy, "POST"))
    both_ways(read)


@rounds()
async def test_letting_in_against_archiving(house: House, rounds: int) -> None:
    """Who is let in is in, and silent once it is archived; who asked is not asked about twice."""
    ann, bo, cy, _ = await kitchen(house)
    came: list[bool] = []
    for number in range(rounds):
        room = await ann.make_room(f"Room {number}", preset="listed")
        await ann.invite(room, bo, level="OWN")
        await cy.api("POST", f"rooms/{room}/ask", {"text": "please"})
        answer = ann.api("POST", f"rooms/{room}/asks/{cy.id}", {"answer": "POST"})
        archive = change(bo, room, settings={"archived": True})
        let_in, archived, _, late = await together(
            answer, archive, cy.post(room, "early?"), bo.post(room, "still open?")
        )
        assert granted(archived) and errors([late])[0] in ("", "post_not_allowed")
        entries = await judged(house, room)
        assert [it.kind for it in entries].count(Kind.LET_IN) == granted(let_in)
        assert (room in await cy.rooms()) == granted(let_in)
        assert (await ann.api("GET", f"rooms/{room}/asks"))["asks"] == []
        closed = errors(await together(bo.post(room, "late"), cy.post(room, "late")))
        assert closed == ["post_not_allowed"] * 2
        kinds = [entry.kind for entry in entries]
        came.append(Kind.LET_IN in kinds[: kinds.index(Kind.ARCHIVED)])
    both_ways(came)


@rounds()
async def test_suspending_against_posting(house: House, rounds: int) -> None:
    """Nothing of Bo's stands after the entry that suspends him."""
    ann, bo, cy, room = await kitchen(house)
    await ann.invite(room, bo, cy)
    page = f"/admin/people/{bo.id}"
    said: list[bool] = []
    for number in range(rounds):
        window = await house.window(bo)
        await ann.page(page)
        talk = [window.post(room, f"{number} {i}") for i in range(5)]
        suspended, other, *results = await together(
            ann.submit(f"{page}/suspend"), cy.post(room, f"{number} cy"), *talk
        )
        assert suspended.status == 303 and granted(other)
        said += map(granted, results)
        entries = await judged(house, room)
        end = [entry.seq for entry in entries if entry.kind is Kind.ACCOUNT][-1]
        accepted = {it["seq"] for it in results if granted(it)}
        of_round = {entry.seq for entry in entries if (entry.text or "").startswith(f"{number} ")}
        assert of_round & set(posts_of(entries, bo.id)) == accepted
        assert all(seq < end for seq in accepted)
        await ann.page(page)
        await ann.submit(f"{page}/restore")
    both_ways(said)


@rounds()
async def test_leaving_a_group_against_posting(house: House, rounds: int) -> None:
    """Being in Bo's room by a group alone: out of it, nothing more of Bo's is taken."""
    ann, bo, cy, room = await kitchen(house)
    await ann.invite(room, cy)
    group = (await ann.submit("/admin/groups", name="Crew")).location
    named = {"to": "group", "id": group.rsplit("/", 1)[1].split("?")[0], "level": "POST"}
    await change(ann, room, grants=[named])
    said: list[bool] = []
    for number in range(rounds):
        await ann.submit(f"{group}/members", nickname="bo", until="")
        await bo.join(room)
        wire = await bo.connect(room)
        talk = [bo.post(room, f"{number} {i}") for i in range(5)]
        taken, other, *results = await together(
            ann.submit(f"{group}/members/{bo.id}/take-out"), cy.post(room, f"{number} cy"), *talk
        )
        assert taken.status == 303 and granted(other)
        said += map(granted, results)
        lost = await wire.frame("lost", room=room)
        entries = await judged(house, room)
        assert {it["seq"] for it in results if granted(it)} <= set(posts_of(entries, bo.id))
        assert all(seq < lost["seq"] for seq in posts_of(entries, bo.id))
        await wire.hang_up()
    both_ways(said)
