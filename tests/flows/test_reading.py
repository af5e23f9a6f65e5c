"""Unread counts and reading marks, the same in all of one's windows."""

from __future__ import annotations

from tests.house import House
from tests.people import Speaker
from tests.wires import Wire


async def _unread(person: Speaker, room: str) -> tuple[int, int]:
    own = (await person.rooms())[room]
    return own["unread"], own["read_seq"]


async def test_two_windows_agree_on_what_is_read(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    here, there = await bo.connect(room), await (await house.window(bo)).connect(room)
    anns = await ann.connect(room)
    seqs = [(await ann.post(room, f"news {number}"))["seq"] for number in range(3)]
    assert (await _unread(bo, room))[0] == 3

    assert (await here.ask("read", room=room, seq=seqs[1]))["t"] == "ok"
    for wire in (here, there):
        await wire.frame("read_up_to", room=room, seq=seqs[1])
    assert await _unread(bo, room) == (1, seqs[1])
    assert await _unread(await bo.program(), room) == (1, seqs[1])

    await there.ask("read", room=room, seq=seqs[0])
    assert await _unread(bo, room) == (1, seqs[1]), "never backwards"
    await there.ask("read", room=room, seq=seqs[2] + 100)
    assert await _unread(bo, room) == (1, seqs[1]), "never past the end"
    await bo.api("PUT", f"rooms/{room}/read", {"seq": seqs[2]})
    await here.frame("read_up_to", room=room, seq=seqs[2])
    assert await _unread(bo, room) == (0, seqs[2])
    assert len(here.all("read_up_to")) == len(there.all("read_up_to")) == 2

    await anns.settled()
    assert anns.all("read_up_to") == [], "what Bo has read is his own business"


async def test_ones_own_posts_are_not_unread(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    await bo.post(room, "mine")
    assert (await _unread(bo, room))[0] == 0
    assert (await _unread(ann, room))[0] == 1


async def test_a_newcomer_has_nothing_unread(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Market", preset="open")
    for number in range(3):
        await ann.post(room, f"old {number}")
    await bo.join(room)
    assert (await _unread(bo, room))[0] == 0
    await ann.post(room, "new")
    assert (await _unread(bo, room))[0] == 1


async def test_reading_where_one_is_not_moves_nothing(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Market", preset="open")
    seq = (await ann.post(room, "news"))["seq"]
    wire: Wire = await bo.connect()
    await wire.ask("read", room=room, seq=seq)
    await wire.settled()
    assert wire.all("read_up_to") == []
