"""Asking to be let in, over real sockets: who is told, who is not, and everyone at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from core.log import Entry, Kind
from storage import asks, log
from storage.asks import Ask
from tests.flows.racing import rounds
from tests.house import House
from tests.people import Person, Refused


async def ask(who: Person, room: str, text: str = "") -> None:
    await who.api("POST", f"rooms/{room}/ask", {"text": text})


async def answer(who: Person, room: str, whom: Person, what: str) -> Any:
    return await who.api("POST", f"rooms/{room}/asks/{whom.id}", {"answer": what})


async def waiting(who: Person, room: str) -> list[str]:
    return [one["nickname"] for one in (await who.api("GET", f"rooms/{room}/asks"))["asks"]]


async def listed(house: House) -> tuple[Person, Person, Person, str]:
    """Ann's room, which everyone may ask for; Bo is in it, Cy is not."""
    ann, bo, cy = [await house.person(name, admin=name == "ann") for name in ("ann", "bo", "cy")]
    room = await ann.make_room("Kitchen", preset="listed")
    await ann.invite(room, bo)
    return ann, bo, cy, room


async def change(who: Person, room: str, **wish: Any) -> None:
    await who.api("POST", f"rooms/{room}/access", wish)


async def together(*work: Awaitable[Any]) -> list[str]:
    """Everything at once; how each ended, "" for well."""
    found = await asyncio.gather(*work, return_exceptions=True)
    assert all(isinstance(it, Refused) or not isinstance(it, BaseException) for it in found), found
    return [it.answer.error if isinstance(it, Refused) else "" for it in found]


async def entries(house: House, room: str) -> list[Entry]:
    return await house.chatelaine.database.read(lambda tx: log.after(tx, room, 0, 10_000))


async def kept(house: House, room: str) -> list[Ask]:
    return await house.chatelaine.database.read(lambda tx: asks.in_room(tx, room))


async def test_who_is_told(house: House) -> None:
    ann, bo, cy, room = await listed(house)
    dee = await house.person("dee")
    anns, bos = await ann.connect(room), await bo.connect(room)
    cys, dees = await cy.connect(), await dee.connect()
    await ask(cy, room, "canary")
    for wire in (anns, cys):
        await wire.frame("asks", room=room)
    assert await waiting(ann, room) == ["cy"]
    assert (await ann.rooms())[room]["asks"] == 1
    await answer(ann, room, cy, "READ")
    await cys.until(lambda _: any(room in str(told) for told in cys.all("rooms")))
    await cys.subscribe(room)
    await anns.frame("entry", kind="let_in")
    assert (await ann.rooms())[room]["asks"] == 0
    for wire in (bos, dees):
        await wire.settled()
        assert wire.all("asks") == []
    for person in (bo, dee):
        assert b"canary" not in person.seen
        assert b"canary" not in b"".join(bytes(wire.raw) for wire in person.wires)


async def test_what_others_are_told_is_the_same_as_without(house: House) -> None:
    """Neither a member's list nor a stranger's directory shows that somebody asks."""
    _, bo, cy, room = await listed(house)
    dee = await house.person("dee")
    before = await bo.rooms(), await dee.directory(), await bo.api("GET", f"rooms/{room}/people")
    await ask(cy, room, "canary")
    after = await bo.rooms(), await dee.directory(), await bo.api("GET", f"rooms/{room}/people")
    assert after == before
    for person in (bo, dee, cy):
        refused = await person.ask("GET", f"/api/v1/rooms/{room}/asks")
        assert (refused.status, refused.error) == (403, "not_allowed")


async def test_a_no_and_when_to_come_back(house: House) -> None:
    ann, _, cy, room = await listed(house)
    await ask(cy, room)
    await answer(ann, room, cy, "decline")
    again = await cy.ask("POST", f"/api/v1/rooms/{room}/ask", {})
    assert (again.status, again.error) == (429, "asked_and_declined")
    assert 86_000 < int(again.headers["Retry-After"]) <= 86_400
    assert (await cy.directory())[room]["ask_again_at"] > 0


# --- everyone at once ----------------------------------------------------------------------------


@rounds()
async def test_two_let_the_same_one_in(house: House, rounds: int) -> None:
    ann, bo, _, _ = await listed(house)
    cy = await house.person("eve")
    for _ in range(rounds):
        room = await ann.make_room("Kitchen", preset="listed")
        await ann.invite(room, bo, level="MODERATE")
        await ask(cy, room)
        ended = await together(
            answer(ann, room, cy, "READ"),
            answer(bo, room, cy, "POST"),
            answer(bo, room, cy, "decline"),
        )
        assert sorted(ended) == ["", "ask_gone", "ask_gone"]
        let_in = [it for it in await entries(house, room) if it.kind is Kind.LET_IN]
        assert (room in await cy.rooms()) == (len(let_in) == 1)
        assert await waiting(ann, room) == []


@rounds()
async def test_letting_in_against_a_ban(house: House, rounds: int) -> None:
    """Whichever comes first: in the end they are banned, and hear nothing."""
    ann, _, cy, _ = await listed(house)
    for _ in range(rounds):
        room = await ann.make_room("Kitchen", preset="listed")
        await ask(cy, room)
        ban = {"person": cy.id, "kind": "ban"}
        ended = await together(answer(ann, room, cy, "POST"), change(ann, room, caps=[ban]))
        assert ended[0] in ("", "ask_gone") and ended[1] == ""
        kinds = [it.kind for it in await entries(house, room)]
        assert kinds[1:] == ([Kind.LET_IN, Kind.BANNED] if ended[0] == "" else [Kind.BANNED])
        assert room not in await cy.rooms()
        assert room not in await cy.directory()
        assert await waiting(ann, room) == []


@rounds()
async def test_asking_against_the_archive(house: House, rounds: int) -> None:
    """Asked in time or too late: nobody waits before a closed door."""
    ann, _, cy, _ = await listed(house)
    for _ in range(rounds):
        room = await ann.make_room("Kitchen", preset="listed")
        archive = change(ann, room, settings={"archived": True})
        ended = await together(ask(cy, room), archive)
        assert ended[0] in ("", "not_allowed")
        assert await kept(house, room) == []
        row = (await cy.directory())[room]
        assert (row["may_ask"], row["asked_at"]) == (False, None)


@rounds()
async def test_taking_back_against_an_answer(house: House, rounds: int) -> None:
    ann, _, cy, _ = await listed(house)
    for _ in range(rounds):
        room = await ann.make_room("Kitchen", preset="listed")
        await ask(cy, room)
        withdraw = cy.api("DELETE", f"rooms/{room}/ask")
        ended = await together(answer(ann, room, cy, "POST"), withdraw)
        assert sorted(ended) == ["", "ask_gone"]
        assert (room in await cy.rooms()) == (ended[0] == "")


@rounds()
async def test_asking_twice_at_once_is_asking_once(house: House, rounds: int) -> None:
    ann, _, cy, _ = await listed(house)
    for _ in range(rounds):
        room = await ann.make_room("Kitchen", preset="listed")
        ended = await together(ask(cy, room, "one"), ask(cy, room, "two"))
        assert sorted(ended) == ["", "asked_before"]
        assert await waiting(ann, room) == ["cy"]
        await cy.api("DELETE", f"rooms/{room}/ask")


@rounds()
async def test_one_link_to_two_rooms_used_by_two(house: House, rounds: int) -> None:
    """One of them gets both rooms, the other none."""
    ann, bo, cy, _ = await listed(house)
    for _ in range(rounds):
        places = [await ann.make_room(name) for name in ("Garden", "Pantry")]
        made = await ann.page("/admin/invitations")
        form: dict[str, str | list[str]] = {"_csrf": ann.csrf, "uses": "1", "days": "1"}
        made = await ann.ask("POST", "/admin/invitations", form=form | {"room": places})
        path = "/invite/" + made.text.split("/invite/")[1].split('"')[0]
        for person in (bo, cy):
            page = await person.page(path)
            assert page.status == 200 and "Garden" in page.text and "Pantry" in page.text
        answers = await asyncio.gather(bo.submit(path), cy.submit(path))
        assert sorted(answer.status for answer in answers) == [303, 404]
        inside, outside = (bo, cy) if answers[0].status == 303 else (cy, bo)
        assert set(places) <= set(await inside.rooms())
        assert not set(places) & set(await outside.rooms())
