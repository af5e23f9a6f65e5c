"""Any bytes at all: cut anywhere they mean the same, and the same as to `websockets`.

What may differ from the latter, and why, is said in `agree`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame
from websockets.frames import Opcode as Code
from websockets.protocol import State
from websockets.server import ServerProtocol

from live.wire import Broken, Event, Happening, Incoming, Opcode, Text
from tests.live.client_frames import BINARY, CLOSE, PING, PONG, TEXT, closing, frame, frames_of

LARGEST = 10_000
"""More than a stream here has, so that only a length that is not kept to is too large: between
fragments, `websockets` counts control frames as well."""
MORE = settings(max_examples=2 * settings().max_examples)

payloads = st.one_of(
    st.binary(max_size=12),
    st.text(max_size=8).map(str.encode),
    st.sampled_from((b"", b"x" * 125, b"x" * 126, b"x" * 160)),
)
keys = st.binary(min_size=4, max_size=4)


@st.composite
def messages(draw: st.DrawFn) -> bytes:
    """A message in fragments, maybe with control frames between them."""
    opcode, parts = draw(st.sampled_from((TEXT, BINARY))), draw(st.lists(payloads, max_size=3))
    whole = draw(st.text(max_size=20)).encode()
    at = draw(st.integers(0, len(whole)))
    parts = [whole[:at], *parts, whole[at:]] if draw(st.booleans()) else [whole[:at], whole[at:]]
    data = b""
    for number, part in enumerate(parts):
        kind, final = opcode if number == 0 else 0, number == len(parts) - 1
        data += draw(st.just(b"") | control) + frame(kind, part, final=final, key=draw(keys))
    return data


short = st.binary(max_size=125)
control = st.builds(lambda code, body: frame(code, body), st.sampled_from((PING, PONG)), short)
codes = st.sampled_from((1000, 1001, 1005, 1015, 2999, 3000, 4999, 5000)) | st.integers(0, 65_535)
anything = st.builds(
    frame,
    st.integers(0, 15),
    payloads,
    final=st.booleans(),
    reserved=st.sampled_from((0, 0, 0, 16, 32, 64)),
    key=st.one_of(keys, keys, st.none()),
    wide=st.sampled_from((0, 0, 8)),
)
whole = st.builds(frame, st.sampled_from((TEXT, BINARY)), payloads, key=keys)
pieces = st.one_of(
    messages(), messages(), whole, control, anything, st.binary(max_size=6),
    st.builds(closing, codes, st.binary(max_size=10)),
)  # fmt: skip


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """What a client may send; sometimes a byte is another, missing, or the last ones are."""
    data = bytearray(b"".join(draw(st.lists(pieces, max_size=6))))
    if data and draw(st.booleans()):
        at = draw(st.integers(0, len(data) - 1))
        match draw(st.sampled_from(("changed", "gone", "cut"))):
            case "changed":
                data[at] ^= 1 << draw(st.integers(0, 7))
            case "gone":
                del data[at]
            case "cut":
                del data[at:]
    return bytes(data)


# --- cut anywhere --------------------------------------------------------------------------------


def fed(parts: list[bytes]) -> list[Happening]:
    incoming = Incoming(LARGEST)
    return [happening for part in parts for happening in incoming.feed(part)]


@MORE
@given(streams())
def test_a_stream_cut_at_any_byte_means_the_same(data: bytes) -> None:
    expected = fed([data])
    for at in range(min(len(data), 400)):
        assert fed([data[:at], data[at:]]) == expected
    assert fed([data[at : at + 1] for at in range(len(data))]) == expected


@MORE
@given(streams(), st.lists(st.integers(0, 2_000), max_size=12))
def test_a_stream_cut_into_any_parts_means_the_same(data: bytes, cuts: list[int]) -> None:
    ends = sorted(cuts)
    parts = [data[a:b] for a, b in zip([0, *ends], [*ends, None], strict=True)]
    assert fed(parts) == fed([data])


# --- another reader of the same ------------------------------------------------------------------


@dataclass
class Understood:
    """What a reader made of a stream."""

    messages: list[str | bytes] = field(default_factory=list)
    pings: list[bytes] = field(default_factory=list)
    closed: bytes | None = None
    """The payload of the client's close frame."""
    code: int | None = None
    """The server's own, that says what is wrong with the stream."""
    amid: bool = field(default=False, compare=False)
    """The client closed in the middle of a message in fragments."""


def ours(data: bytes) -> Understood:
    understood, incoming = Understood(), Incoming(LARGEST)
    for at in range(len(data)):
        for happening in incoming.feed(data[at : at + 1]):
            match happening:
                case Text(words):
                    understood.messages.append(words)
                case Event(Opcode.BINARY, payload):
                    understood.messages.append(payload)
                case Event(Opcode.PING, payload):
                    understood.pings.append(payload)
                case Event(Opcode.CLOSE, payload):
                    understood.closed = payload
                    understood.amid = incoming._parts is not None
                    return understood
                case Broken(code):
                    understood.code = code
    return understood


def theirs(data: bytes) -> Understood:
    """By `websockets`, which leaves the joining of fragments and UTF-8 to its callers."""
    protocol = ServerProtocol(state=State.OPEN, max_size=LARGEST)
    protocol.receive_data(data)
    understood = Understood()
    parts: list[Frame] = []
    for event in protocol.events_received():
        assert isinstance(event, Frame)
        if event.opcode in (Code.TEXT, Code.BINARY, Code.CONT):
            parts.append(event)
            if event.fin and not _end(parts, understood):
                return understood
        elif event.opcode is Code.PING:
            understood.pings.append(bytes(event.data))
        elif event.opcode is Code.CLOSE:
            understood.closed = bytes(event.data)
    answers, _ = frames_of(b"".join(protocol.data_to_send()))
    assert [payload for opcode, payload in answers if opcode == PONG] == understood.pings
    if understood.closed is None:
        codes = [payload[:2] for opcode, payload in answers if opcode == CLOSE]
        understood.code = int.from_bytes(codes[0], "big") if codes else None
    return understood


def _end(parts: list[Frame], understood: Understood) -> bool:
    """The last fragment has come; False if the text is none."""
    whole, opcode = b"".join(bytes(part.data) for part in parts), parts[0].opcode
    parts.clear()
    try:
        understood.messages.append(whole.decode() if opcode is Code.TEXT else whole)
    except UnicodeDecodeError:
        understood.code = 1007
    return understood.code is None


def agree(data: bytes) -> None:
    """``data`` is the same to both, except that

    - we refuse a frame by its first two bytes; they read all of it before they look at reserved
      bits, at what may follow what, and at control frames that are fragmented or too long. So they
      may wait for the rest where we have refused already, or find it too large before they find
      that it was out of order;
    - they take the top bit of a 64-bit length for a large size;
    - of a close frame whose code and reason are both bad, they tell of the reason;
    - they take a control frame whose length is small but laid out wide;
    - they refuse a close frame between fragments.
    """
    us, them = ours(data), theirs(data[: _wide_control(data)])
    if us.code == 1002 and them.code is None:
        at = _wide_control(data)
        them = theirs(data[:at] + (REFUSED if at < len(data) else FILLING))
    if us.code == 1002 and them.code in (1007, 1009):
        them.code = 1002
    if us.closed is not None and us.amid and them.code == 1002:
        them.closed, them.code = us.closed, None
    assert us == them


REFUSED = frame(PING, reserved=64)
FILLING = b"\xff" * (LARGEST + 14)


def _wide_control(data: bytes) -> int:
    """Where the first control frame begins that says wide how small it is, or may do so."""
    at = 0
    while at + 2 <= len(data):
        opcode, size = data[at] & 15, data[at + 1] & 127
        wide = {126: 2, 127: 8}.get(size, 0)
        if wide:
            size = int.from_bytes(data[at + 2 : at + 2 + wide], "big")
        if opcode >= CLOSE and wide and size < 126:
            return at
        at += 2 + wide + 4 * (data[at + 1] >> 7) + size
    return len(data)


@MORE
@given(streams())
@example(frame(TEXT, b"\xff") + closing(1000))
@example(frame(PING, b"x" * 126)[:2])
@example(frame(PING, b"x", wide=8) + frame(TEXT))
@example(frame(PING, b"a") + frame(PONG, b"x", wide=2)[:3])
@example(b"\x81\xff" + (1 << 63).to_bytes(8, "big") + bytes(4))
def test_it_is_read_as_websockets_reads_it(data: bytes) -> None:
    agree(data)


@pytest.mark.parametrize("code", [*range(995, 1020), 1999, 2999, 3000, 3999, 4000, 4999, 5000])
def test_close_codes_are_judged_as_websockets_judges_them(code: int) -> None:
    agree(closing(code))
    agree(closing(code, "wörds".encode()))
    agree(closing(code, b"\xff"))
