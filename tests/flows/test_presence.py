"""Who is here, who is typing, and what people are called: seen live by those who share a room."""

from __future__ import annotations

from tests.house import House
from tests.people import Person
from tests.wires import Wire


async def _now_here(ear: Wire, room: str, *nicknames: str) -> None:
    """Until the last word on who is in the room is this."""

    def last() -> list[str]:
        told = [frame for frame in ear.all("presence") if frame["room"] == room]
        return [person["nickname"] for person in told[-1]["here"]] if told else []

    await ear.until(lambda _: last() == list(nicknames))


async def _kitchen(house: House) -> tuple[Person, Person, Person, str]:
    ann = await house.person("ann", admin=True)
    bo, cy = await house.person("bo"), await house.person("cy")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    return ann, bo, cy, room


async def test_coming_and_going(house: House) -> None:
    ann, bo, cy, room = await _kitchen(house)
    stranger = await cy.connect()
    ear = await ann.connect(room)
    await _now_here(ear, room, "ann")
    first, second = await bo.connect(room), await (await house.window(bo)).connect(room)
    await _now_here(ear, room, "ann", "bo")
    assert {name: row["here"] for name, row in (await ann.people(room)).items()} == {
        "ann": True,
        "bo": True,
    }
    await first.hang_up()
    await second.ask("unsubscribe", room=room)
    await _now_here(ear, room, "ann")
    assert not (await ann.people(room))["bo"]["here"]
    await stranger.settled()
    assert {frame["t"] for frame in stranger.frames} <= {"welcome", "ok"}


async def test_typing_is_seen_by_the_others_in_the_room(house: House) -> None:
    ann, bo, cy, room = await _kitchen(house)
    await ann.invite(room, cy, level="READ")
    anns, bos, cys = await ann.connect(room), await bo.connect(room), await cy.connect(room)
    deaf = await (await house.window(ann)).connect()
    await bos.send("typing", room=room)
    told = await anns.frame("is_typing", room=room)
    assert told["person"] == {"id": bo.id, "nickname": "bo"}
    await cys.frame("is_typing")

    await cys.send("typing", room=room)  # may read only
    await deaf.send("typing", room=room)  # has not subscribed
    await bos.settled()
    for wire in (cys, deaf, anns, bos):
        await wire.settled()
    assert bos.all("is_typing") == deaf.all("is_typing") == []
    assert len(anns.all("is_typing")) == len(cys.all("is_typing")) == 1


async def test_a_new_nickname_is_seen_and_the_old_one_is_gone(house: House) -> None:
    ann, bo, cy, room = await _kitchen(house)
    await bo.post(room, "said as Bo")
    anns, bos = await ann.connect(room), await bo.connect(room)
    stranger = await cy.connect()
    hall = next(id for id in await cy.rooms() if id != room)
    await _now_here(anns, room, "ann", "bo")

    await bo.page("/account")
    assert (await bo.submit("/account/nickname", nickname="Bobby")).status == 303
    for wire in (anns, bos, stranger):
        assert (await wire.frame("person"))["person"] == {"id": bo.id, "nickname": "Bobby"}
    await _now_here(anns, room, "ann", "Bobby")
    after = len(anns.frames)
    await bos.post(room, "said as Bobby")
    await bos.send("typing", room=room)
    said = await anns.frame("entry", text="said as Bobby")
    assert said["by"] == {"id": bo.id, "nickname": "Bobby"}
    assert (await anns.frame("is_typing"))["person"]["nickname"] == "Bobby"
    assert not any('"bo"' in str(frame) for frame in anns.frames[after:])

    page = await ann.entries(room)
    authors = {entry["by"]["nickname"] for entry in page["entries"] if entry["kind"] == "post"}
    assert authors == {"Bobby"}, "also on what was said before"
    assert set(await ann.people(room)) == {"ann", "Bobby"}
    assert "bo" not in await cy.people(hall)
    resumed = await (await house.window(bo)).connect(room)
    await _now_here(resumed, room, "ann", "Bobby")


async def test_a_name_is_not_told_to_those_who_share_no_room(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await bo.make_room("Kitchen")
    gus = await house.person("gus", link=await bo.link(room))
    wire = await gus.connect(room)
    await ann.page("/account")
    await ann.submit("/account/nickname", nickname="Annabel")
    await bo.post(room, "later")
    await wire.frame("entry", text="later")
    assert wire.all("person") == []
    assert b"Annabel" not in wire.raw + gus.seen
