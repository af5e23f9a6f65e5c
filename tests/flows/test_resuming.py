"""After a break a client gets exactly what it missed."""

from __future__ import annotations

import asyncio

import pytest

from core.ids import new_id
from live.hub import REPLAY_MOST
from tests.house import House
from tests.people import Person, Refused
from tests.wires import Notes


async def _kitchen(house: House) -> tuple[Person, Person, str]:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    return ann, bo, room


async def test_nothing_is_missed_and_nothing_comes_twice(house: House) -> None:
    """Bo's connection breaks again and again while Ann talks."""
    ann, bo, room = await _kitchen(house)
    notes = Notes()
    notes.at[room] = (0, (await ann.rooms())[room]["tag"])

    async def talk() -> int:
        for number in range(60):
            last = await ann.post(room, f"news {number}")
        return int(last["seq"])

    talking = asyncio.ensure_future(talk())
    while not talking.done():
        wire = await bo.connect(room, notes=notes)
        await wire.settled()
        wire.connection.transport.abort()
        await wire.closed()
    wire = await bo.connect(room, notes=notes)
    await wire.heard(room, await talking)
    assert notes.texts(room) == [f"news {number}" for number in range(60)]
    assert [entry["seq"] for entry in notes.entries[room]] == list(range(1, 1 + await talking))
    assert notes.reloads == []


async def test_many_rooms_resume_in_one_frame(house: House) -> None:
    ann, bo, _ = await _kitchen(house)
    rooms = [await ann.make_room(f"Room {number}") for number in range(12)]
    for room in rooms:
        await ann.invite(room, bo)
    wire = await bo.connect(*rooms)
    await wire.hang_up()
    for room in rooms:
        for number in range(3):
            await ann.post(room, f"{room} {number}")
    again = await bo.connect(notes=wire.notes)
    places = [{"room": r, "seq": seq, "tag": tag} for r, (seq, tag) in wire.notes.at.items()]
    await again.send("subscribe", id=7, rooms=places)
    for room in rooms:
        await again.frame("entry", room=room, text=f"{room} 2")
        assert again.notes.texts(room) == [f"{room} {number}" for number in range(3)]


@pytest.mark.parametrize("missed", [REPLAY_MOST, REPLAY_MOST + 1])
async def test_a_gap_that_is_too_large_says_reload(house: House, missed: int) -> None:
    ann, bo, room = await _kitchen(house)
    wire, _ = await bo.connect(room), await ann.connect()
    await wire.hang_up()
    await house.fill(ann, room, (f"news {number}" for number in range(missed)))
    again = await bo.connect(room, notes=wire.notes)
    await ann.post(room, "and now live")
    await again.frame("entry", text="and now live")
    texts = again.notes.texts(room)
    if missed > REPLAY_MOST:
        assert again.notes.reloads == [room]
        assert texts == ["and now live"]
        assert len(await bo.texts(room)) == 200
    else:
        assert again.notes.reloads == []
        assert len(texts) == missed + 1


@pytest.mark.parametrize(("seq", "tag"), [(2, "another"), (10_000, None), (2, None)])
async def test_a_place_in_another_log_says_reload(house: House, seq: int, tag: str | None) -> None:
    """Another tag, or further than the log: what the client has is not this room's past."""
    ann, bo, room = await _kitchen(house)
    await ann.post(room, "news")
    own = (await bo.rooms())[room]
    wire = await bo.connect()
    place = {"room": room, "seq": seq, "tag": tag or ("" if seq < 10 else own["tag"])}
    answer = await wire.ask("subscribe", rooms=[place])
    assert answer["reload"]
    assert (answer["seq"], answer["tag"]) == (own["seq"], own["tag"])
    await ann.post(room, "later")
    await wire.frame("entry", text="later")


async def test_a_post_sent_again_is_the_same_post(house: House) -> None:
    """Over either way, at once or later, from the same or another connection."""
    ann, bo, room = await _kitchen(house)
    wire, ear = await bo.connect(room), await ann.connect(room)
    client_id = new_id()
    sent = [wire.post(room, "once", client_id) for _ in range(5)]
    rest = [bo.post(room, "once", client_id) for _ in range(5)]
    answers = await asyncio.gather(*sent, *rest)
    assert len({answer["seq"] for answer in answers}) == 1
    again = await (await bo.connect(room)).post(room, "once", client_id)
    assert again["seq"] == answers[0]["seq"]
    await bo.post(room, "last")
    await ear.frame("entry", text="last")
    assert ear.notes.texts(room) == ["once", "last"]
    assert (await ear.frame("entry", text="once"))["client_id"] == client_id

    with pytest.raises(Refused, match="client_id_reused"):
        await bo.post(room, "another text", client_id)
    other = await bo.make_room("Garden")
    with pytest.raises(Refused, match="client_id_reused"):
        await bo.post(other, "once", client_id)
    assert (await ann.post(room, "once", client_id))["seq"] > again["seq"], "Ann's ids are her own"


async def test_a_retry_of_what_was_kept_is_told_so_even_after_a_removal(house: House) -> None:
    """Duplicate first, right second: it is in the log, and they may know."""
    ann, bo, room = await _kitchen(house)
    client_id = new_id()
    kept = await bo.post(room, "said in time", client_id)
    await ann.remove(room, bo)
    assert (await bo.post(room, "said in time", client_id))["seq"] == kept["seq"]
    with pytest.raises(Refused, match="not_found"):
        await bo.post(room, "too late")


async def test_a_refused_post_stays_refused(house: House) -> None:
    """An old copy that arrives after the right came back is not a new post."""
    ann, bo, room = await _kitchen(house)
    await ann.remove(room, bo)
    client_id = new_id()
    with pytest.raises(Refused, match="not_found"):
        await bo.post(room, "was refused", client_id)
    await ann.invite(room, bo)
    with pytest.raises(Refused, match="not_found"):
        await bo.post(room, "was refused", client_id)
    assert await ann.texts(room) == []
