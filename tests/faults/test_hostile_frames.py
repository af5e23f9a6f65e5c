"""Frames as no good client sends them: answered, or closed with the code that RFC 6455 gives them
(1002 protocol error, 1007 not UTF-8, 1009 too large); nobody else notices, and memory stays flat.

What is wrong inside of a good frame is in tests/flows/test_frames.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.faults.memory import rss
from tests.faults.raw import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Got,
    Raw,
    dialled,
    frame,
    handshake,
    split,
    text,
)
from tests.people import Person
from tests.start.server import Server, running
from tests.wires import Wire

LIMIT = 65_536
"""Bytes of a message: limits.frame_bytes."""
GROWTH = 24 * 2**20
"""Bytes that all of this may make the server grow by."""
ASK = b'{"t":"ping","id":1}'
UNICODE = '{"t":"ping","id":1,"é":"你"}'.encode()
PROTOCOL_ERROR, NOT_UTF8, TOO_LARGE = 1002, 1007, 1009
OK, BAD = "ok", "bad_request"


ANSWERED: dict[str, tuple[list[bytes], list[str]]] = {
    "a message in fragments": ([split(ASK, 3, 7)], [OK]),
    "fragments of nothing": ([split(ASK, 0, 0, 5, 0)], [OK]),
    "a character cut by a fragment": ([split(UNICODE, UNICODE.index(b"\xc3") + 1)], [BAD]),
    "each byte a fragment": ([split(ASK, *[1] * len(ASK))], [OK]),
    "a thousand tiny fragments": ([split(b'"%s"' % (b"x" * 1_000), *[1] * 1_000)], [BAD]),
    "each byte a packet": ([bytes([byte]) for byte in frame(TEXT, ASK)], [OK]),
    "many messages in a packet": ([frame(TEXT, ASK) * 20], [OK] * 20),
    "the largest message": ([frame(TEXT, b"x" * LIMIT)], [BAD]),
    "the largest message in fragments": ([split(b"x" * LIMIT, 30_000)], [BAD]),
    "no text": ([frame(TEXT)], [BAD]),
    "no bytes": ([frame(BINARY)], [BAD]),
    "bytes": ([frame(BINARY, ASK)], [BAD]),
    "bytes that are no text": ([frame(BINARY, b"\xff\xfe")], [BAD]),
    "a ping in the middle of a message": (
        [frame(TEXT, ASK[:5], fin=False) + frame(PING, b"!") + frame(CONTINUATION, ASK[5:])],
        ["pong !", OK],
    ),
    "a ping of 125 bytes": ([frame(PING, b"p" * 125)], ["pong " + "p" * 125]),
    "a pong that was not asked for": ([frame(PONG, b"?")], []),
    "one name twice": ([frame(TEXT, b'{"t":"ping","id":5,"id":1}')], [OK]),
}
CLOSED: dict[str, tuple[list[bytes], set[int | None]]] = {
    "not masked": ([frame(TEXT, ASK, masked=False)], {PROTOCOL_ERROR}),
    "a ping that is not masked": ([frame(PING, masked=False)], {PROTOCOL_ERROR}),
    **{
        f"reserved bit {bit}": ([frame(TEXT, ASK, reserved=bit)], {PROTOCOL_ERROR})
        for bit in (1, 2, 4)
    },
    **{
        f"opcode {opcode}": ([frame(opcode, b"x")], {PROTOCOL_ERROR})
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
    },
    "a ping in fragments": ([frame(PING, b"x", fin=False)], {PROTOCOL_ERROR}),
    "a pong in fragments": ([frame(PONG, b"x", fin=False)], {PROTOCOL_ERROR}),
    "a close in fragments": ([frame(CLOSE, b"\x03\xe8", fin=False)], {PROTOCOL_ERROR}),
    "a ping of 126 bytes": ([frame(PING, b"p" * 126)], {PROTOCOL_ERROR}),
    "a close of 126 bytes": ([frame(CLOSE, b"\x03\xe8" + b"p" * 124)], {PROTOCOL_ERROR}),
    "going on with nothing": ([frame(CONTINUATION, ASK)], {PROTOCOL_ERROR}),
    "a message in the middle of one": (
        [frame(TEXT, ASK[:5], fin=False) + frame(TEXT, ASK)],
        {PROTOCOL_ERROR},
    ),
    "a length of 2^63": (
        [frame(TEXT, ASK, length=b"\x7f\x80\0\0\0\0\0\0\0")],
        {PROTOCOL_ERROR, TOO_LARGE},
    ),
    "a length of 2^62": ([frame(TEXT, ASK, length=b"\x7f\x40\0\0\0\0\0\0\0")], {TOO_LARGE}),
    "a byte too much": ([frame(TEXT, b"x" * (LIMIT + 1))], {TOO_LARGE}),
    "a byte too much in fragments": ([split(b"x" * (LIMIT + 1), 30_000)], {TOO_LARGE}),
    "far too much": ([frame(TEXT, b"x" * 8 * 2**20)], {TOO_LARGE}),
    "fragments without an end": (
        [frame(TEXT, b"x" * 1_000, fin=False), *[frame(CONTINUATION, b"x" * 999, fin=False)] * 900],
        {TOO_LARGE},
    ),
    "fragments of nothing without an end": (
        [frame(TEXT, fin=False), frame(CONTINUATION, fin=False) * 20_000],
        {TOO_LARGE},
    ),
    "thousands of tiny fragments": ([split(b"x" * 20_000, *[1] * 20_000)], {TOO_LARGE}),
    **{
        f"no UTF-8: {bad!r}": ([frame(TEXT, b'{"t":"ping","id":1,"%s":1}' % bad)], {NOT_UTF8})
        for bad in (
            b"\xff\xfe",
            b"\xc0\xaf",
            b"\xed\xa0\x80",
            b"\xf4\x90\x80\x80",
            b"\x80",
        )
    },
    "half a character": ([frame(TEXT, b'"\xe4\xbd')], {NOT_UTF8}),
    "no UTF-8 in the second fragment": ([split(b'{"\xe4\xbdx":1}', 3)], {NOT_UTF8}),
    "a close of 1 byte": ([frame(CLOSE, b"\x03")], {PROTOCOL_ERROR}),
    "a close with bad UTF-8": ([frame(CLOSE, b"\x03\xe8\xff")], {NOT_UTF8}),
    **{
        f"a close with {code}": ([frame(CLOSE, code.to_bytes(2, "big"))], {PROTOCOL_ERROR})
        for code in (0, 999, 1005, 1006, 1015, 5000, 65_535)
    },
    "a good close": ([frame(CLOSE, b"\x03\xe8bye")], {1000}),
    "a close without a code": ([frame(CLOSE)], {None, 1000}),
    "a close with a code of one's own": ([frame(CLOSE, b"\x0f\xa0")], {4000, 1000}),
    "a message after the close": ([frame(CLOSE, b"\x03\xe8") + frame(TEXT, ASK)], {1000}),
}


@dataclass(frozen=True)
class Scene:
    """``bo`` sends it; ``ear`` is somebody else's socket, which must not notice."""

    server: Server
    ann: Person
    bo: Person
    room: str
    ear: Wire

    async def nobody_noticed(self) -> None:
        await self.ear.settled()


@pytest.fixture(scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scene]:
    async with running(tmp_path_factory.mktemp("frames") / "data") as server:
        ann, bo = await server.person("ann", admin=True), await server.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        scene = Scene(server, ann, bo, room, await ann.connect(room))
        await _answers(scene.bo, [frame(TEXT, ASK)])
        before = rss(server.pid)
        yield scene
        said = (await ann.post(room, "all the same"))["seq"]
        await scene.ear.heard(room, said)
        assert rss(server.pid) - before < GROWTH


@pytest.mark.parametrize("row", ANSWERED)
async def test_is_answered(scene: Scene, row: str) -> None:
    sent, expected = ANSWERED[row]
    assert await _answers(scene.bo, sent) == expected
    await scene.nobody_noticed()


@pytest.mark.parametrize("row", CLOSED)
async def test_is_closed(scene: Scene, row: str) -> None:
    """With that code, and nothing that was sent with it is answered."""
    sent, codes = CLOSED[row]
    async with dialled(scene.bo) as raw:
        await raw.answered()
        sending = asyncio.ensure_future(raw.send(sent))
        came: list[Got] = [got async for got in raw.frames()]
        sending.cancel()
    assert _answers_in(came) == []
    assert came[-1].opcode == CLOSE and came[-1].code in codes, came[-1]
    await scene.nobody_noticed()


async def test_a_frame_in_the_packet_of_the_handshake(scene: Scene) -> None:
    first = handshake(scene.bo) + frame(TEXT, ASK)
    assert await _answers(scene.bo, [], first) == [OK]


async def test_a_handshake_byte_by_byte(scene: Scene) -> None:
    first = handshake(scene.bo)
    async with dialled(scene.bo, b"") as raw:
        await raw.send([bytes([byte]) for byte in first])
        await raw.answered()
        assert await _until_last(raw) == []


@pytest.mark.parametrize(
    "flood",
    [
        frame(PING, b"p" * 125) * 100,
        frame(CONTINUATION, fin=False) * 1_000,
        frame(TEXT, b"{") * 100,
        frame(TEXT, ASK) * 100,
    ],
    ids=["pings", "empty fragments", "rubbish", "questions"],
)
async def test_a_flood_whose_sender_reads_nothing(scene: Scene, flood: bytes) -> None:
    """It is closed, or not read any further; or it all goes through. What it is answered does not
    pile up."""
    async with dialled(scene.bo) as raw:
        await raw.answered()
        await raw.send([frame(TEXT, b"{", fin=False)] if flood[0] == 0 else [])
        before = rss(scene.server.pid)
        for _ in range(400):
            sending = asyncio.ensure_future(raw.send([flood]))
            await scene.nobody_noticed()
            if not sending.done():
                sending.cancel()
                break
        await scene.nobody_noticed()
        assert rss(scene.server.pid) - before < GROWTH


async def _answers(person: Person, packets: list[bytes], first: bytes | None = None) -> list[str]:
    async with dialled(person, first) as raw:
        await raw.answered()
        assert raw.head.startswith(b"HTTP/1.1 101")
        await raw.send(packets)
        return await _until_last(raw)


async def _until_last(raw: Raw) -> list[str]:
    """What came until a ping of our own was answered."""
    await raw.send([text({"t": "ping", "id": 99})])
    came: list[Got] = []
    async for got in raw.frames():
        if got.opcode == TEXT and got.said.get("id") == 99:
            return _answers_in(came)
        came.append(got)
    raise AssertionError(f"it was closed after {came[-2:]}")


def _answers_in(came: list[Got]) -> list[str]:
    """Of what came, what is an answer."""
    told = []
    for got in came:
        if got.opcode == PONG:
            told.append(f"pong {got.payload.decode()}")
        elif got.opcode == TEXT and got.said["t"] == "ok":
            told.append(OK)
        elif got.opcode == TEXT and got.said["t"] == "error":
            told.append(got.said["code"])
    return told
