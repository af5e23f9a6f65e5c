"""What a client may do wrong on a socket: it is told so, or closed, and nobody else notices."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.frames import Frame, Opcode

from api.client import BAD_FRAMES_MOST
from core.ids import new_id
from tests.house import House, open_house
from tests.people import Person
from tests.wires import Wire

BURST = 40


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One that lets nobody hold many sockets, nor much wait for them."""
    limits = {
        "LIMITS__SOCKETS_PER_PERSON": "3",
        "LIMITS__BACKLOG_BYTES": "65536",
    }
    async with open_house(tmp_path, limits) as house:
        yield house


async def _kitchen(house: House) -> tuple[Person, Person, str]:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    return ann, bo, room


def _ping(value: str) -> str:
    return f'{{"t":"ping","id":{value}}}'


def _post(text: str, room: str = '"ROOM"', client_id: str = '"12345678"') -> str:
    return f'{{"t":"post","id":1,"room":{room},"client_id":{client_id},"text":{text}}}'


UNREADABLE: dict[str, str | bytes] = {
    "nothing": "",
    "a word": "hello",
    "half an object": '{"t":"ping",',
    "a list": '[{"t":"ping","id":1}]',
    "a number": "1",
    "null": "null",
    "two objects": '{"t":"ping","id":1}{"t":"ping","id":2}',
    "no type": '{"id":1}',
    "an unknown type": '{"t":"shout","id":1}',
    "a frame of the server's": '{"t":"welcome"}',
    "a type that is no text": '{"t":1,"id":1}',
    "an unknown field": '{"t":"ping","id":1,"admin":true}',
    "a missing field": '{"t":"ping"}',
    "deep lists": "[" * 20_000,
    "a deep value": _ping("[" * 9_000 + "]" * 9_000),
    "deep objects": '{"t":' * 9_000,
    "not a number": _ping("NaN"),
    "infinity": _ping("Infinity"),
    "too large for a float": _ping("1e999"),
    "a fraction": _ping("1.5"),
    "below zero": _ping("-1"),
    "2^31": _ping(str(2**31)),
    "2^63": _ping(str(2**63)),
    "2^64": _ping(str(2**64)),
    "a number of 5,000 digits": _ping("9" * 5_000),
    "true": _ping("true"),
    "a seq past 2^53": '{"t":"read","id":1,"room":"ROOM","seq":9007199254740993}',
    "a lone surrogate": _post(r'"\ud800"'),
    "a surrogate's other half": _post(r'"\udc00x"'),
    "a bad escape": _post(r'"\x41"'),
    "a line break in a text": _post('"a\nb"'),
    "no text": _post('""'),
    "a text that is too long": _post(json.dumps("x" * 10_001)),
    "a room that cannot be": _post('"x"', room='"../hall"'),
    "an id that cannot be": _post('"x"', client_id='"short"'),
    "an id with a line break": _post('"x"', client_id='"12345678\\n"'),
    "too many rooms": json.dumps(
        {"t": "subscribe", "id": 1, "rooms": [{"room": f"r{number}"} for number in range(1_001)]}
    ),
    "no rooms": '{"t":"subscribe","id":1,"rooms":[]}',
    "a binary frame": b'{"t":"ping","id":1}',
    "an empty binary frame": b"",
}


async def test_what_cannot_be_read_is_answered_and_changes_nothing(house: House) -> None:
    ann, bo, room = await _kitchen(house)
    ear = await ann.connect(room)
    wires: list[Wire] = []
    for number, (name, frame) in enumerate(UNREADABLE.items()):
        if number % (BAD_FRAMES_MOST - 5) == 0:
            wires.append(await bo.connect(room))
        wire = wires[-1]
        said = frame if isinstance(frame, bytes) else frame.replace("ROOM", room)
        known = len(wire.frames)
        await wire.connection.send(said)
        told = await wire.frame("error", since=known)
        assert told["code"] == "bad_request", name
        assert "id" not in told, name
        assert set(told) == {"t", "code", "message", "retryable"}
    for wire in wires:
        await wire.settled()
    await ear.settled()
    assert await ann.texts(room) == []
    assert ear.all("error") == ear.all("entry") == []


async def test_texts_that_are_kept_as_they_should_be(house: House) -> None:
    ann, bo, room = await _kitchen(house)
    wire = await bo.connect(room)
    said = {
        "😀 你好 é": "😀 你好 é",
        "a\r\nb\rc": "a\nb\nc",
        "nul\0 bell\a": "nul bell",
        "\n\n  indented\n\n": "  indented",
        "x" * 10_000: "x" * 10_000,
        "<script>alert(1)</script>": "<script>alert(1)</script>",
    }
    for text in said:
        assert (await wire.post(room, text))["t"] == "posted"
    assert await ann.texts(room) == wire.notes.texts(room) == list(said.values())
    for text in (" ", "\n\t", "\0"):
        assert (await wire.post(room, text))["code"] == "post_empty"


async def test_who_only_sends_rubbish_is_closed(house: House) -> None:
    _, bo, room = await _kitchen(house)
    wire, other = await bo.connect(room), await bo.connect(room)
    for _ in range(BAD_FRAMES_MOST):
        await wire.connection.send("rubbish")
    assert await wire.closed() == 4010
    assert len(wire.all("error")) == BAD_FRAMES_MOST
    await other.settled()


async def test_too_large_a_frame(house: House) -> None:
    ann, bo, room = await _kitchen(house)
    wire, ear = await bo.connect(room), await ann.connect(room)
    limit = house.chatelaine.config.limits.frame_bytes
    await wire.connection.send("x" * limit)
    assert (await wire.frame("error"))["code"] == "bad_request"
    await wire.connection.send("x" * (limit + 1))
    assert await wire.closed() == 1009
    again = await bo.connect(room)
    await again.post(room, "smaller")
    await ear.frame("entry", text="smaller")


async def test_text_that_is_not_utf8(house: House) -> None:
    """Such a connection is cut."""
    ann, bo, room = await _kitchen(house)
    wire, ear = await bo.connect(room), await ann.connect(room)
    frame = Frame(Opcode.TEXT, b'{"t":"ping","id":1,"\xff\xfe":1}')
    wire.connection.transport.write(frame.serialize(mask=True))
    assert await wire.closed() in (1006, 1007)
    await ann.post(room, "still here")
    await ear.frame("entry", text="still here")


@pytest.fixture
async def slow_house(tmp_path: Path) -> AsyncIterator[House]:
    """One that lets nobody send much."""
    limits = {"LIMITS__FRAME_BURST": str(BURST), "LIMITS__FRAMES_PER_SECOND": "1"}
    async with open_house(tmp_path, limits) as house:
        yield house


async def test_too_fast(slow_house: House) -> None:
    """What came too fast is not done, and said to be so; whoever goes on is closed."""
    house = slow_house
    ann, bo, room = await _kitchen(house)
    wire, ear = await bo.connect(room), await ann.connect(room)
    ids = [new_id() for _ in range(BURST + 5)]
    for number, client_id in enumerate(ids):
        await wire.send("post", id=number, room=room, client_id=client_id, text=f"post {number}")
    told = await wire.frame("error")
    assert (told["code"], told["retryable"]) == ("too_many_requests", True)
    assert 0 < told["retry_after"] <= 1
    last = (await ann.post(room, "last"))["seq"]
    await ear.heard(room, last)
    kept = ear.notes.texts(room)
    assert BURST - 5 <= len(kept) - 1 <= BURST + 3
    assert kept == [f"post {number}" for number in range(len(kept) - 1)] + ["last"]
    for number in range(BAD_FRAMES_MOST):
        await wire.send("ping", id=1_000 + number)
    assert await wire.closed() == 4008


async def test_only_so_many_windows(house: House) -> None:
    ann, bo, room = await _kitchen(house)
    window, program = await house.window(bo), await bo.program()
    wires = [await bo.connect(room), await window.connect(room), await program.connect(room)]
    for asker in (bo, window, program):
        assert await (await asker.dial()).closed() == 4009
    await (await ann.connect(room)).settled()
    for wire in wires:
        await wire.settled()
    await wires[0].hang_up()
    while len(house.chatelaine.sockets.of_person(bo.id)) == 3:
        await wires[1].settled()
    await (await bo.connect(room)).settled()


async def test_whoever_does_not_read_is_closed_and_resumes(house: House) -> None:
    ann, bo, room = await _kitchen(house)
    cy = await house.person("cy")
    await ann.invite(room, cy)
    slow, ear = await bo.connect(room), await cy.connect(room)
    slow.connection.transport.pause_reading()
    (held,) = house.chatelaine.sockets.of_person(bo.id)
    texts: list[str] = []
    while not held.listener.closed:
        texts.append(f"{len(texts)} " + "多" * 9_900)
        seq = (await ann.post(room, texts[-1]))["seq"]
        await ear.heard(room, seq)
        assert len(texts) < 400, "half of what the kernel holds was expected to be enough"
    texts.append("said after")
    seq = (await ann.post(room, texts[-1]))["seq"]
    slow.connection.transport.resume_reading()
    assert await slow.closed() in (4000, 1006)
    assert len(slow.notes.texts(room)) < len(texts)
    again = await bo.connect(room, notes=slow.notes)
    await again.heard(room, seq)
    await ear.heard(room, seq)
    assert again.notes.texts(room) == ear.notes.texts(room) == texts
    assert again.notes.reloads == []
