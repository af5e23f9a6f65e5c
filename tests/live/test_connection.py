"""The sending side of a connection, over real sockets that take little at a time."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from live.backlog import CHUNK, Backlog
from live.connection import FELL_BEHIND, Connection
from live.frames import text_frame
from tests.live.client_frames import CLOSE, PING, PONG, TEXT, Got, closing, frame
from tests.live.pairs import Behind, Pairs, on_every_wire, rounds, until

SIZES = (0, 1, 125, 126, 3_000, 65_535, 65_536, 150_000, 7, 70_000)


def marked(number: int, size: int) -> bytes:
    """A payload that no other has."""
    return (b"%d " % number * (size // 2 + 1))[: max(size, 8)]


def closed_with(code: int) -> Got:
    return Got(CLOSE, code.to_bytes(2, "big"))


def block(connection: Connection) -> list[Got]:
    """Send until the socket takes no more; returns what was sent."""
    sent: list[Got] = []
    while connection._backlog is None:
        payload = marked(len(sent), 20_000)
        connection.send(text_frame(payload))
        sent.append(Got(TEXT, payload))
    return sent


def is_direct(connection: Connection) -> bool:
    """Nothing is kept here, and a frame goes straight to the socket."""
    return connection._backlog is None and connection.write == connection._socket.send


@on_every_wire
async def test_whatever_part_the_socket_takes_frames_come_whole_and_in_order(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind())
    sent = [marked(number, size) for number, size in enumerate(SIZES * 3)]
    for payload in sent:
        connection.send(text_frame(payload))
    connection.send(b"")
    assert connection._backlog is not None
    while not is_direct(connection):
        peer.read(1_001)
        await rounds(1)
    assert await peer.got(len(sent)) == [(TEXT, payload) for payload in sent]
    assert peer.rest == b""


@on_every_wire
async def test_frames_go_straight_to_the_socket_again_when_nothing_waits(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind())
    for number in range(3):
        before = len(peer.raw)
        sent = block(connection)
        assert not is_direct(connection)
        await until(lambda: peer.read() == 0 and is_direct(connection))
        payload = marked(number, 100)
        connection.send(text_frame(payload))
        assert is_direct(connection)
        await until(lambda: peer.frames[-1] == (TEXT, payload))  # noqa: B023
        assert len(peer.raw) - before > 20_000 * len(sent)


@on_every_wire
async def test_a_frame_can_go_with_the_next_or_else_at_the_end_of_the_turn(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind())
    calls: list[bytes] = []
    plain = connection._socket
    connection._socket = Told(plain, calls)  # type: ignore[assignment]
    one, two, three = (text_frame(marked(number, 100)) for number in range(3))
    connection.send_with_next(one)
    assert calls == []
    connection.send(two)
    assert calls == [one + two]
    connection.send_with_next(three)
    await rounds()
    assert calls == [one + two, three]
    assert len(await peer.got(3)) == 3
    connection._socket = plain


class Told:
    """A socket that notes what it is asked to send."""

    def __init__(self, sock: socket.socket, calls: list[bytes]) -> None:
        self._socket = sock
        self._calls = calls

    def send(self, data: bytes) -> int:
        self._calls.append(bytes(data))
        return self._socket.send(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


@on_every_wire
async def test_what_is_held_back_keeps_its_place(pairs: Pairs) -> None:
    """Whatever comes next: more of its kind, a socket that takes no more, or the end."""
    connection, peer = pairs.connection(Behind())
    sent = [marked(number, size) for number, size in enumerate(SIZES * 3)]
    for payload in sent:
        connection.send_with_next(text_frame(payload))
    assert await peer.got(len(sent)) == [(TEXT, payload) for payload in sent]
    await until(lambda: is_direct(connection))
    connection.send_with_next(text_frame(b"before the end"))
    connection.end(FELL_BEHIND)
    got = await peer.got(len(sent) + 2)
    assert got[-2:] == [(TEXT, b"before the end"), closed_with(FELL_BEHIND)]


@on_every_wire
async def test_what_is_held_back_for_a_peer_who_is_gone_is_dropped(pairs: Pairs) -> None:
    user = Behind()
    connection, _ = pairs.connection(user)
    calls: list[bytes] = []
    connection._socket = Told(connection._socket, calls)  # type: ignore[assignment]
    connection.send_with_next(text_frame(b"too late"))
    connection.cut()
    await rounds()
    assert user.stops == 1 and connection.closed
    assert calls == []


@on_every_wire
async def test_who_falls_behind_is_closed_after_whole_frames(pairs: Pairs) -> None:
    """Small frames, and some are read meanwhile: many are offered to the socket at a time."""
    user = Behind()
    connection, peer = pairs.connection(user, backlog=50_000)
    sent: list[Got] = []
    while not connection.closed:
        payload = marked(len(sent), 300)
        connection.send(text_frame(payload))
        sent.append(Got(TEXT, payload))
        if len(sent) % 10 == 0:
            peer.read(500)
            await rounds(2)
    connection.send(text_frame(b"too late"))
    await until(lambda: peer.frames[-1:] == [closed_with(FELL_BEHIND)])
    *got, _ = peer.frames
    assert got == sent[: len(got)]
    assert len(got) < len(sent)
    peer.send(closing(FELL_BEHIND))
    await peer.end()
    assert peer.rest == b""
    assert user.stops == 1


@on_every_wire
async def test_the_backlog_is_bounded_but_for_a_single_frame(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind(), backlog=1_000)
    connection.send(text_frame(b"x" * 500_000))
    closed = [connection.closed]
    connection.send(text_frame(b"y"))
    assert [*closed, connection.closed] == [False, True]
    assert await peer.got(2) == [(TEXT, b"x" * 500_000), closed_with(FELL_BEHIND)]


@on_every_wire
async def test_up_to_the_limit_nobody_has_fallen_behind(pairs: Pairs) -> None:
    connection, _ = pairs.connection(Behind(), backlog=30_000)
    block(connection)
    assert connection._backlog is not None
    last = text_frame(b"x" * (30_000 - connection._backlog.size - 4))
    connection.send(last)
    closed = [connection.closed]
    assert connection._backlog.size == 30_000
    connection.send(text_frame(b""))
    assert [*closed, connection.closed] == [False, True]


@on_every_wire
async def test_the_end_comes_after_the_frame_under_way_and_before_the_others(pairs: Pairs) -> None:
    user = Behind()
    connection, peer = pairs.connection(user)
    sent = block(connection)
    for number in range(5):
        connection.send(text_frame(marked(number, 200)))
    connection.end(4001)
    connection.send(text_frame(b"never"))
    connection.end(4002)
    assert await peer.got(len(sent) + 1) == [*sent, closed_with(4001)]
    await rounds()
    assert peer.frames[len(sent) + 1 :] == []
    assert user.stops == 0
    peer.send(closing(4001))
    await peer.end()
    assert (peer.rest, user.stops) == (b"", 1)


@on_every_wire
async def test_only_the_newest_ping_is_answered_once_the_socket_can(pairs: Pairs) -> None:
    user = Behind()
    connection, peer = pairs.connection(user)
    sent = block(connection)
    for number in range(5):
        peer.send(frame(PING, b"%d" % number))
        await until(lambda: user.disturbances == number + 1)  # noqa: B023
    connection.send(text_frame(b"after"))
    expected = [*sent, (TEXT, b"after"), (PONG, b"4")]
    assert await peer.got(len(expected)) == expected
    peer.send(frame(PING, b"a") + frame(PING, b"b"))
    assert (await peer.got(len(expected) + 2))[-2:] == [(PONG, b"a"), (PONG, b"b")]


@on_every_wire
async def test_no_pong_follows_the_close_frame(pairs: Pairs) -> None:
    user = Behind()
    connection, peer = pairs.connection(user)
    sent = block(connection)
    peer.send(frame(PING))
    await until(lambda: user.disturbances)
    connection.end(4001)
    assert (await peer.got(len(sent) + 1))[-1] == closed_with(4001)
    peer.send(frame(PING) + closing(4001))
    await peer.end()
    assert peer.frames == [*sent, closed_with(4001)]


# --- waiting until nothing waits -----------------------------------------------------------------


@on_every_wire
async def test_drained(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind())
    await connection.drained()
    block(connection)
    waiting = [asyncio.ensure_future(connection.drained()) for _ in range(3)]
    await rounds()
    assert not any(task.done() for task in waiting)
    waiting.pop().cancel()
    await until(lambda: peer.read() == 0 and is_direct(connection))
    await asyncio.gather(*waiting)
    block(connection)
    again = asyncio.ensure_future(connection.drained())
    await rounds()
    assert not again.done()
    connection.end(4001)
    await rounds()
    assert again.done()
    await connection.drained()


@on_every_wire
async def test_nobody_waits_for_what_is_gone(pairs: Pairs) -> None:
    user = Behind()
    connection, peer = pairs.connection(user)
    block(connection)
    waiting = asyncio.ensure_future(connection.drained())
    await rounds()
    peer.reset()
    await waiting
    assert connection.closed
    await until(lambda: user.stops)
    await connection.drained()


# --- the queue itself ----------------------------------------------------------------------------


def backlog(*frames: bytes) -> Backlog:
    made = Backlog()
    for each in frames:
        made.add(each)
    return made


def test_a_backlog_gives_its_bytes_in_order_whatever_is_taken() -> None:
    frames = [bytes([number]) * (number * 97 % 40) for number in range(1, 200)]
    waiting, got, step = backlog(*frames), b"", 1
    while waiting:
        chunk = waiting.chunk()
        step = min(step * 3 % 101 + 1, len(chunk))
        got += chunk[:step]
        waiting.taken(step)
        assert waiting.size == len(b"".join(frames)) - len(got)
    assert got == b"".join(frames)


def test_a_chunk_is_about_so_much_and_one_large_frame_is_not_copied() -> None:
    large = bytes(5 * CHUNK)
    assert backlog(large, b"next").chunk() is large
    small = backlog(*[bytes(1_000)] * 1_000)
    assert CHUNK <= len(small.chunk()) < CHUNK + 1_000


def test_a_refused_chunk_is_offered_again_whole_whatever_is_forgotten() -> None:
    """TLS takes nothing else once it has sealed a part of it."""
    waiting = backlog(*[b"a" * 10] * 3)
    refused = waiting.chunk()
    waiting.hold()
    waiting.add(b"b" * 10)
    waiting.keep_only_first()
    waiting.add(b"c")
    assert waiting.chunk() == refused + b"c"
    assert waiting.size == 31


@pytest.mark.parametrize("taken", [0, 1, 9, 10, 11, 25])
def test_only_what_may_be_under_way_is_kept(taken: int) -> None:
    waiting = backlog(b"a" * 10, b"b" * 10, b"c" * 10)
    waiting.taken(taken)
    first = waiting.chunk()[: 10 - taken % 10]
    waiting.keep_only_first()
    assert (waiting.chunk(), waiting.size) == (first, len(first))
