"""The helpers themselves: people come in, talk, and are heard."""

from __future__ import annotations

from tests.house import House


async def test_two_people_talk_in_a_room(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    wire = await bo.connect(room)
    await ann.post(room, "hello")
    await wire.frame("entry", text="hello")
    program = await ann.program()
    ear = await program.connect(room)
    answer = await wire.post(room, "hi")
    assert answer["t"] == "posted"
    await ear.frame("entry", text="hi")
    window = await house.window(bo)
    assert await window.texts(room) == ["hello", "hi"]
