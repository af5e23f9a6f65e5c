"""Canaries: what is said, named or done in a room is in no byte that others ever get."""

from __future__ import annotations

import asyncio

import pytest

from core.access import Cap, Delta, Grant, group_subject
from core.ids import new_id
from core.levels import Level
from core.log import Kind
from rooms.ledger import Opened, open_room
from storage import groups
from storage.engine import Tx
from storage.groups import Group
from tests.house import House
from tests.people import Asker, Person


def received(*askers: Asker) -> bytes:
    """All that they ever got, by HTTP and by socket."""
    return b"".join(
        asker.seen + b"".join(bytes(wire.raw) for wire in asker.wires) for asker in askers
    )


async def canary_room(house: House) -> tuple[Person, Person, str]:
    """Ann's room, in which Bo is; everything about it is a canary."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Name canary", topic="topic canary")
    await ann.invite(room, bo)
    await ann.post(room, "text canary")
    return ann, bo, room


@pytest.mark.leaks("unread")
async def test_unread_counts_only_what_one_may_read(house: House) -> None:
    """Neither what came before one's joining, nor other rooms, nor what came after one's right."""
    ann, _, _ = await canary_room(house)
    cy = await house.person("cy")
    room = await ann.make_room("Kitchen", history="joined")
    for number in range(3):
        await ann.post(room, f"before {number}")
    await ann.invite(room, cy)
    assert (await cy.rooms())[room]["unread"] == 0
    await ann.post(room, "after")
    wire = await cy.connect(room)
    assert {own["id"]: own["unread"] for own in wire.frames[0]["rooms"]}[room] == 1
    await ann.remove(room, cy)
    await ann.post(room, "canary after the removal")
    await ann.invite(room, cy)
    assert (await cy.rooms())[room]["unread"] == 0
    await ann.post(room, "after that")
    assert (await cy.rooms())[room]["unread"] == 1
    assert sum(own["unread"] for own in (await cy.rooms()).values()) == 1
    assert b"canary" not in received(cy)


@pytest.mark.leaks("who is here", "people pane", "typing")
async def test_who_is_here_is_told_in_the_room_only(house: House) -> None:
    """Cy shares another room with both, and is told nothing of their being in this one."""
    ann, bo, room = await canary_room(house)
    cy = await house.person("cy")
    other = await ann.make_room("Garden")
    await ann.invite(other, bo, cy)
    ear = await cy.connect(other)
    talk, listen = await bo.connect(room), await ann.connect(room)
    await listen.until(lambda frame: frame["t"] == "presence" and len(frame["here"]) == 2)
    await talk.send("typing", room=room)
    await listen.frame("is_typing", room=room)
    pane = await cy.people(other)
    assert [nickname for nickname, row in pane.items() if row["here"]] == ["cy"]
    assert (await cy.ask("GET", f"/api/v1/rooms/{room}/people")).error == "not_found"
    await ear.settled()
    assert {frame["room"] for frame in ear.all("presence")} <= {other}
    assert all([person["nickname"] for person in frame["here"]] == ["cy"]
               for frame in ear.all("presence"))  # fmt: skip
    assert ear.all("is_typing") == []
    assert b"canary" not in received(cy) and room.encode() not in received(cy)


@pytest.mark.leaks("people pane", "list of rooms", "directory")
async def test_a_guest_sees_the_people_of_their_room_only(house: House) -> None:
    ann, bo, _ = await canary_room(house)
    room = await bo.make_room("Garden")
    gus = await house.person("gus", link=await bo.link(room))
    wire = await gus.connect(room)
    await gus.people(room)
    await gus.directory()
    await gus.rooms()
    await wire.settled()
    assert b"canary" not in received(gus)
    assert ann.id.encode() not in received(gus)


@pytest.mark.leaks("read marks")
async def test_how_far_one_has_read_is_told_to_oneself(house: House) -> None:
    ann, bo, room = await canary_room(house)
    ear, mine = await ann.connect(room), await bo.connect(room)
    window = await (await house.window(bo)).connect()
    await mine.ask("read", room=room, seq=3)
    await window.frame("read_up_to", room=room, seq=3)
    cy = await house.person("cy")
    strange = await cy.connect()
    hidden = await strange.ask("read", room=room, seq=3)
    nothing = await strange.ask("read", room="2" * 13, seq=3)
    for wire in (ear, strange):
        await wire.settled()
        assert wire.all("read_up_to") == []
    assert {**hidden, "id": 0} == {**nothing, "id": 0}
    assert not any("read" in key for key in (await ann.people(room))["bo"])


@pytest.mark.leaks("renames")
async def test_a_rename_is_told_to_those_who_see_them(house: House) -> None:
    """Everyone else learns the new nickname nowhere: a guest shares no room with Bo."""
    ann, bo, _ = await canary_room(house)
    cy = await house.person("cy")
    room = await cy.make_room("Garden")
    gus = await house.person("gus", link=await cy.link(room))
    ear, sees = await gus.connect(room), await ann.connect()
    await bo.page("/account")
    assert (await bo.submit("/account/nickname", nickname="Bo canary")).status == 303
    await sees.frame("person")
    await gus.people(room)
    await ear.settled()
    assert ear.all("person") == []
    assert b"canary" not in received(gus)


@pytest.mark.leaks("invitation page")
async def test_the_page_of_a_link_tells_no_more_than_it_must(house: House) -> None:
    """The room's name and who made it; neither topic, text nor people; nothing once it is void."""
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo", nickname="Bo canary")
    room = await ann.make_room("Kitchen", topic="topic canary")
    await ann.invite(room, bo)
    await ann.post(room, "text canary")
    made = await ann.api("POST", f"rooms/{room}/links", {})
    way = made["url"].removeprefix(house.origin)
    visitor, cy = house.visitor(), await house.person("cy")
    for asker in (visitor, cy):
        page = await asker.page(way)
        assert page.status == 200 and "Kitchen" in page.text and "ann" in page.text
    await ann.api("DELETE", f"rooms/{room}/links/{made['id']}")
    void, never = await visitor.page(way), await visitor.page(f"/invite/{'s' * 43}")
    assert (void.status, never.status) == (404, 404)
    assert "Kitchen" not in void.text
    assert b"canary" not in received(visitor, cy)
    assert room.encode() not in received(visitor, cy)


@pytest.mark.leaks("links")
async def test_links_are_for_those_who_may_invite(house: House) -> None:
    ann, bo, room = await canary_room(house)
    secret = (await ann.link(room)).rpartition("/")[2].encode()
    answer = await bo.ask("GET", f"/api/v1/rooms/{room}/links")
    assert answer.error == "not_allowed"
    await ann.api("GET", f"rooms/{room}/links")
    assert ann.seen.count(secret) == 1, "shown once, when it was made"
    assert secret not in received(bo)


@pytest.mark.leaks("admin pages")
async def test_admins_are_told_nothing_of_what_is_said(house: House) -> None:
    """An admin who is in none of the rooms; the pages for admins are all of those there are."""
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await bo.make_room("Kitchen")
    await bo.invite(room, cy)
    await bo.post(room, "text canary")
    routes = house.chatelaine.routes()
    pages = [route.pattern for route in routes if route.pattern.startswith("/admin")]
    plain = [pattern for pattern in pages if "(" not in pattern]
    assert plain
    for path in [*plain, f"/admin/rooms/{room}", f"/admin/people/{bo.id}"]:
        assert (await ann.page(path)).status in (200, 303, 405)
    assert b"text canary" not in received(ann)
    assert (await ann.ask("GET", f"/api/v1/rooms/{room}/entries")).error == "not_found"


@pytest.mark.leaks("asks", "why", "rights table", "who could")
async def test_reasons_are_for_those_who_moderate(house: House) -> None:
    """Neither someone who reads, nor one who only sees, nor one who knows of nothing gets them."""
    ann, bo, hidden = await canary_room(house)
    cy, di = await house.person("cy"), await house.person("di")
    room = await ann.make_room("Kitchen", preset="listed")
    await ann.invite(room, bo)
    group = Group(new_id(), "Group canary", "group canary", "", None, 0)
    reason, at = "reason canary", house.chatelaine.clock.now()

    def work(tx: Tx, touched: list[Opened]) -> None:
        groups.add(tx, group)
        crew = Grant(group_subject(group.id), Level.POST, ann.id, at, reason, at + 9_999_999)
        mute = Cap(bo.id, Level.READ, ann.id, at, reason)
        opened = open_room(tx, room)
        opened.write(Kind.ACCESS, None, Delta(grants=(crew,), caps=(mute,)))
        touched.append(opened)

    ears = [await bo.connect(room), await cy.connect()]
    await house.chatelaine.rooms.changes.commit(work)
    await di.api("POST", f"rooms/{room}/ask", {"text": "words canary"})
    for asker, closed in ((bo, "not_allowed"), (cy, "not_allowed")):
        for way in ("access", "rights", "rights/who-could?seq=1", "rights/head", "asks"):
            answer = await asker.ask("GET", f"/api/v1/rooms/{room}/{way}")
            assert answer.error == closed, way
        for action in ("post", "read", "rights"):
            await asker.ask("GET", f"/api/v1/rooms/{room}/why?action={action}")
        await asker.ask("POST", f"/api/v1/rooms/{room}/access/preview", {})
    for way in ("access", "rights", "rights/who-could?seq=1", "rights/head", "asks", "why"):
        assert (await cy.ask("GET", f"/api/v1/rooms/{hidden}/{way}")).error == "not_found", way
    for ear in ears:
        await ear.settled()
        assert ear.all("asks") == []
    for part in (b"reason canary", b"Group canary", b"words canary", group.id.encode()):
        assert part not in received(bo, cy)
    owners = await ann.ask("GET", f"/api/v1/rooms/{room}/access")
    assert b"reason canary" in owners.body


@pytest.mark.leaks("chat page")
async def test_the_chat_page_is_the_same_everywhere(house: House) -> None:
    ann, _, room = await canary_room(house)
    cy = await house.person("cy")
    sizes = set()
    for asker in (ann, cy):
        for path in (f"/r/{room}", f"/r/{'2' * 13}"):
            page = await asker.page(path)
            sizes.add((page.status, len(page.body)))
    assert len(sizes) == 1
    assert b"canary" not in received(cy)


@pytest.mark.leaks("live", "resume", "history", "answers")
async def test_around_a_removal_nothing_slips_through(house: House) -> None:
    """Bo subscribes, resumes, loads and posts without pause while he is removed, over and over."""
    ann, bo, room = await canary_room(house)
    ear = await ann.connect(room)
    for turn in range(4):
        wire = await bo.connect(room)
        loading = [bo.ask("GET", f"/api/v1/rooms/{room}/entries") for _ in range(5)]
        await asyncio.gather(
            wire.subscribe(room), wire.post(room, f"mine {turn}"), *loading, ann.remove(room, bo)
        )
        await ann.post(room, f"secret {turn}")
        await bo.ask("GET", f"/api/v1/rooms/{room}/entries")
        await (await bo.connect(notes=wire.notes)).subscribe(room)
        await ear.frame("entry", text=f"secret {turn}")
        assert f"secret {turn}".encode() not in received(bo)
        await ann.invite(room, bo)
        bo.seen = b""
        await bo.hang_up()
        bo.wires.clear()
