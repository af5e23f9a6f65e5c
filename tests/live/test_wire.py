"""Clients' frames, row by row of RFC 6455, sections 5 and 7.4."""

from __future__ import annotations

import sys

import pytest

from live.frames import close_frame, control_frame, text_frame
from live.wire import FRAGMENTS_MOST, Broken, Event, Happening, Incoming, Opcode, Text, unmasked
from tests.live.client_frames import (
    BINARY,
    CLOSE,
    KEY,
    PING,
    PONG,
    TEXT,
    closing,
    frame,
    frames_of,
)

LARGEST = 100_000
PROTOCOL, BAD_TEXT, TOO_LARGE = Broken(1002), Broken(1007), Broken(1009)
EURO = "€".encode()


def read(data: bytes, largest: int = LARGEST) -> list[Happening]:
    return Incoming(largest).feed(data)


def begun(payload: bytes = b"", opcode: int = TEXT) -> bytes:
    return frame(opcode, payload, final=False)


def more(payload: bytes = b"") -> bytes:
    return frame(0, payload, final=False)


def end(payload: bytes = b"") -> bytes:
    return frame(0, payload)


def text(words: str) -> Text:
    return Text(words)


def event(opcode: int, payload: bytes = b"") -> Event:
    return Event(Opcode(opcode), payload)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 125, 126, 127, 65_535, 65_536, LARGEST])
@pytest.mark.parametrize("wide", [0, 2, 8])
def test_every_length_in_every_width_that_can_say_it(size: int, wide: int) -> None:
    if wide == 2 and size > 65_535:
        return
    payload = bytes(i * 7 & 0x7F for i in range(size))
    assert read(frame(TEXT, payload, wide=wide)) == [text(payload.decode())]
    assert read(frame(BINARY, payload, wide=wide)) == [event(BINARY, payload)]


ORDERLY = {
    "all opcodes": (
        frame(TEXT, EURO) + frame(BINARY, b"\xff") + frame(PING, b"1") + frame(PONG, b"2"),
        [text("€"), event(BINARY, b"\xff"), event(PING, b"1"), event(PONG, b"2")],
    ),
    "the longest control frame": (frame(PING, b"x" * 125), [event(PING, b"x" * 125)]),
    "fragments": (begun(b"a", BINARY) + more(b"b") + end(b"c"), [event(BINARY, b"abc")]),
    "fragments without anything": (begun() + more() + end(), [text("")]),
    "a character in two fragments": (begun(EURO[:1]) + end(EURO[1:]), [text("€")]),
    "control frames between fragments": (
        begun(b"a") + frame(PING, b"1") + more(b"b") + frame(PONG) + end(b"c"),
        [event(PING, b"1"), event(PONG), text("abc")],
    ),
    "a close frame between fragments": (begun(b"a") + closing(1001), [event(CLOSE, b"\x03\xe9")]),
    "a message after one in fragments": (
        begun(b"a") + end(b"b") + frame(TEXT, b"c"),
        [text("ab"), text("c")],
    ),
    "a key of nulls": (frame(TEXT, b"plain", key=b"\0\0\0\0"), [text("plain")]),
    "a null in a text": (frame(TEXT, b"a\0b"), [text("a\0b")]),
    "the last character of all": (frame(TEXT, b"\xf4\x8f\xbf\xbf"), [text("\U0010ffff")]),
}


@pytest.mark.parametrize(("data", "expected"), ORDERLY.values(), ids=ORDERLY)
def test_what_is_in_order(data: bytes, expected: list[Happening]) -> None:
    assert read(data) == expected


BAD_UTF8 = {
    "a byte that is none": b"ok\xff",
    "a character cut short": EURO[:2],
    "one byte too many": b"\x80",
    "a surrogate": b"\xed\xa0\x80",
    "longer than need be": b"\xc0\xaf",
    "beyond the last": b"\xf4\x90\x80\x80",
}
VIOLATIONS = {
    "unmasked": (frame(TEXT, b"a", key=None), PROTOCOL),
    "an unmasked ping": (frame(PING, key=None), PROTOCOL),
    **{f"reserved bit {bit:#x}": (frame(TEXT, reserved=bit), PROTOCOL) for bit in (16, 32, 64)},
    **{f"opcode {code}": (frame(code), PROTOCOL) for code in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)},
    "a continuation of nothing": (end(b"a"), PROTOCOL),
    "a text within a text": (begun(b"a") + frame(TEXT, b"b"), PROTOCOL),
    "a binary message within a text": (begun(b"a") + frame(BINARY, b"b"), PROTOCOL),
    "another beginning": (begun(b"a") + begun(b"b"), PROTOCOL),
    **{f"a fragment of {code}": (frame(code, final=False), PROTOCOL) for code in (8, 9, 10)},
    **{f"126 bytes in {code}": (frame(code, b"x" * 126), PROTOCOL) for code in (8, 9, 10)},
    "a ping with a wide length": (frame(PING, b"x", wide=2), PROTOCOL),
    "the top bit of 64": (b"\x81\xff" + (1 << 63).to_bytes(8, "big"), PROTOCOL),
    "as large as can be said": (b"\x81\xff" + ((1 << 63) - 1).to_bytes(8, "big"), TOO_LARGE),
    "half a close code": (frame(CLOSE, b"\x03"), PROTOCOL),
    **{
        f"a close reason: {what}": (closing(1000, bad), BAD_TEXT)
        for what, bad in BAD_UTF8.items()
    },
    **{what: (frame(TEXT, bad), BAD_TEXT) for what, bad in BAD_UTF8.items()},
    **{
        f"in fragments: {what}": (begun(bad[:1]) + more(bad[1:]) + end(), BAD_TEXT)
        for what, bad in BAD_UTF8.items()
    },
}  # fmt: skip


@pytest.mark.parametrize(("data", "broken"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_what_breaks_the_stream(data: bytes, broken: Broken) -> None:
    """What came before it still counts; nothing after it does."""
    incoming = Incoming(LARGEST)
    before = frame(TEXT, b"before" * 1_000)
    assert incoming.feed(before[:-1]) == []
    happened = incoming.feed(before[-1:] + data + frame(TEXT, b"after"))
    assert happened == [text("before" * 1_000), broken]
    assert incoming.feed(frame(TEXT, b"later") + closing(1000)) == []
    assert held(incoming) < 300


def test_a_continuation_after_the_end() -> None:
    assert read(begun(b"a") + end(b"b") + end(b"c")) == [text("ab"), PROTOCOL]


@pytest.mark.parametrize("head", [b"\xc1\x80", b"\x81\x00", b"\x83\x80", b"\x09\x80", b"\x89\xfe"])
def test_a_frame_that_may_not_begin_so_is_not_waited_for(head: bytes) -> None:
    assert read(head) == [PROTOCOL]


MAY_BE_SENT = {1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)}


def test_every_close_code() -> None:
    for code in range(65_536):
        expected = [event(CLOSE, code.to_bytes(2, "big"))] if code in MAY_BE_SENT else [PROTOCOL]
        assert read(b"\x88\x82\0\0\0\0" + code.to_bytes(2, "big")) == expected, code


def test_close_payloads() -> None:
    assert read(frame(CLOSE)) == [event(CLOSE)]
    reason = b"\x03\xe8" + EURO * 41
    assert len(reason) == 125
    assert read(frame(CLOSE, reason)) == [event(CLOSE, reason)]


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        (frame(TEXT, b"x" * 10), True),
        (frame(TEXT, b"x" * 11), False),
        (begun(b"x" * 5) + end(b"x" * 5), True),
        (begun(b"x" * 5) + end(b"x" * 6), False),
        (begun(b"x" * 10) + frame(PING, b"x" * 100) + end(), True),
        (begun(b"x" * 10) + more(b"x"), False),
        (begun(b"x" * 11), False),
    ],
)
def test_the_limit_of_a_message_is_exact(data: bytes, fits: bool) -> None:
    last = read(data, largest=10)[-1]
    assert last == text("x" * 10) if fits else last == TOO_LARGE


def test_too_large_is_found_before_it_has_come() -> None:
    assert read(frame(TEXT, b"x" * 11)[:2], largest=10) == [TOO_LARGE]
    assert read(frame(TEXT, b"x" * 200)[:4], largest=100) == [TOO_LARGE]


def test_each_message_has_the_whole_limit() -> None:
    one = begun(b"x" * 5) + end(b"x" * 5)
    assert read(one * 3 + frame(TEXT, b"x" * 10), largest=10) == [text("x" * 10)] * 4


def test_fragments_without_end() -> None:
    """Empty ones never come to the limit of bytes."""
    most = begun() + more() * (FRAGMENTS_MOST - 2)
    assert read(most + end() + begun() + end()) == [text(""), text("")]
    assert read(most + more() + end()) == [TOO_LARGE]
    assert read(begun() + more() * 100_000) == [TOO_LARGE]


# --- what is kept ------------------------------------------------------------------------------


def held(incoming: Incoming) -> int:
    """Bytes of all that the parser holds."""
    parts = [getattr(incoming, name) for name in Incoming.__slots__]
    return sum(sys.getsizeof(part) for part in parts if isinstance(part, bytes | bytearray))


def test_between_messages_nothing_is_held() -> None:
    incoming = Incoming(LARGEST)
    empty = held(incoming)
    for data in (
        frame(TEXT, b"x" * 65_536),
        begun(b"x" * 40_000) + end(b"x" * 40_000),
        frame(PING, b"x" * 125) * 1_000,
    ):
        for at in range(0, len(data), 10_000):
            incoming.feed(data[at : at + 10_000])
        assert held(incoming) == empty


def test_of_a_frame_under_way_only_what_has_come_is_held() -> None:
    incoming = Incoming(LARGEST)
    data = frame(BINARY, b"x" * 65_536)
    for at in range(0, len(data) - 16_384, 1_000):
        assert incoming.feed(data[at : at + 1_000]) == []
        assert held(incoming) <= at + 1_000 + 200


def test_of_fragments_only_the_bytes_are_held() -> None:
    incoming = Incoming(LARGEST)
    incoming.feed(begun())
    for _ in range(1_000):
        incoming.feed(more(b"x" * 50))
    assert held(incoming) < 50_000 * 1.2 + 500


# --- what the server sends -----------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536, 200_000])
def test_our_own_frames(size: int) -> None:
    payload = b"x" * size
    assert frames_of(text_frame(payload)) == ([(TEXT, payload)], b"")


def test_our_own_control_frames() -> None:
    assert control_frame(Opcode.PING, b"x" * 125) == b"\x89\x7d" + b"x" * 125
    assert close_frame(4000) == b"\x88\x02\x0f\xa0"
    with pytest.raises(AssertionError):
        control_frame(Opcode.PONG, b"x" * 126)


def test_unmasking() -> None:
    assert unmasked(b"", KEY) == b""
    for size in range(1, 20):
        payload = bytes(range(size))
        assert unmasked(unmasked(payload, KEY), KEY) == payload
        assert unmasked(bytes(size), KEY) == (KEY * 5)[:size]
