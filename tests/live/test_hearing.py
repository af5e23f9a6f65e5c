"""The receiving side of a connection, and its end, over real sockets."""

from __future__ import annotations

import asyncio

import pytest

from live.frames import text_frame
from live.wire import BAD_TEXT, PROTOCOL_ERROR, TOO_LARGE
from tests.live.client_frames import BINARY, CLOSE, PING, PONG, TEXT, Got, closing, frame
from tests.live.pairs import Behind, Pairs, on_every_wire, rounds, until
from tests.live.test_connection import block, closed_with


@on_every_wire
async def test_messages_and_control_frames(pairs: Pairs) -> None:
    user = Behind()
    first = frame(TEXT, b"with the handshake") + frame(TEXT, b"a", final=False)
    _, peer = pairs.connection(user, first=first)
    peer.send(frame(PING, b"p") + frame(0, b"b") + frame(PONG) + frame(BINARY, b"\xff"))
    await until(lambda: len(user.messages) == 3)
    assert user.messages == ["with the handshake", "ab", b"\xff"]
    assert user.disturbances == 2
    assert await peer.got(1) == [(PONG, b"p")]


@on_every_wire
async def test_messages_wait_while_one_is_dealt_with_and_reading_pauses(pairs: Pairs) -> None:
    user = Behind(slow=True)
    connection, peer = pairs.connection(user)
    messages = [f"{number} " * 200 for number in range(400)]
    data = b"".join(frame(TEXT, message.encode()) for message in messages)
    sent = 0

    def heard(count: int) -> bool:
        nonlocal sent
        sent += peer.send(data[sent:])
        return len(user.messages) >= count

    for number in range(5):
        await until(lambda: heard(number + 1))  # noqa: B023
        for _ in range(20):
            await rounds(1)
            assert not heard(number + 2)
        assert connection.is_busy
        user.done()
    assert sent < len(data) / 2
    for number in range(5, len(messages)):
        await until(lambda: heard(number + 1))  # noqa: B023
        user.done()
    assert user.messages == messages


@on_every_wire
async def test_more_than_is_read_at_once(pairs: Pairs) -> None:
    """TLS has the rest in hand, and the socket does not tell of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.connection.READ_AT_ONCE", 50)
        for slow in (False, True):
            user = Behind(slow=slow)
            _, peer = pairs.connection(user)
            assert peer.send(b"".join(frame(TEXT, b"%d" % n) for n in range(100))) < 1_000
            for number in range(100):
                await until(lambda: len(user.messages) > number)  # noqa: B023
                if slow:
                    assert len(user.messages) == number + 1
                    user.done()
            assert user.messages == [str(number) for number in range(100)]


@on_every_wire
async def test_the_peer_closes(pairs: Pairs) -> None:
    user = Behind()
    _, peer = pairs.connection(user)
    peer.send(frame(TEXT, b"last") + closing(4321, b"why") + frame(TEXT, b"too late"))
    assert await peer.end() == [closed_with(4321)]
    assert (user.messages, user.stops) == (["last"], 1)


@on_every_wire
async def test_the_peer_closes_without_a_code(pairs: Pairs) -> None:
    user = Behind()
    _, peer = pairs.connection(user)
    peer.send(frame(CLOSE))
    assert await peer.end() == [Got(CLOSE, b"")]
    assert user.stops == 1


@on_every_wire
async def test_the_peer_closes_while_something_waits(pairs: Pairs) -> None:
    """It still gets the frame that is under way."""
    user = Behind()
    connection, peer = pairs.connection(user)
    sent = block(connection)
    connection.send(text_frame(b"not begun"))
    peer.send(closing(1000))
    await until(lambda: connection.closed)
    assert user.stops == 0
    assert await peer.end() == [*sent, closed_with(1000)]
    assert (peer.rest, user.stops) == (b"", 1)


@on_every_wire
async def test_we_close(pairs: Pairs) -> None:
    """What comes before the answer is not listened to."""
    user = Behind()
    connection, peer = pairs.connection(user)
    connection.end(4001)
    assert connection.closed
    peer.send(frame(TEXT, b"too late") + frame(PING))
    assert await peer.got(1) == [closed_with(4001)]
    await rounds()
    assert (user.stops, peer.ended) == (0, False)
    peer.send(closing(4001))
    assert await peer.end() == [closed_with(4001)]
    assert (user.messages, user.disturbances, user.stops) == ([], 0, 1)


@on_every_wire
async def test_both_close_at_once(pairs: Pairs) -> None:
    user = Behind()
    connection, peer = pairs.connection(user)
    peer.send(closing(1001))
    connection.end(4001)
    assert await peer.end() == [closed_with(4001)]
    assert user.stops == 1


@on_every_wire
async def test_a_peer_that_does_not_answer_the_close_is_cut_off(pairs: Pairs) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.connection.GRACE", 0.02)
        for blocked in (False, True):
            user = Behind()
            connection, peer = pairs.connection(user)
            sent = block(connection) if blocked else []
            began = asyncio.get_running_loop().time()
            connection.end(4001)
            await until(lambda: user.stops)  # noqa: B023
            assert asyncio.get_running_loop().time() - began >= 0.019
            got = await peer.end()
            assert got == (sent[: len(got)] if blocked else [closed_with(4001)])


@on_every_wire
async def test_a_user_who_ends_it_hears_nothing_more(pairs: Pairs) -> None:
    class Ending(Behind):
        def receive(self, message: str | bytes) -> None:
            self.messages.append(message)
            connection.end(4010)

    user = Ending()
    connection, peer = pairs.connection(user)
    peer.send(frame(TEXT, b"1") + frame(TEXT, b"2") + frame(PING) + closing(1000))
    assert await peer.end() == [closed_with(4010)]
    assert (user.messages, user.disturbances, user.stops) == (["1"], 0, 1)


BREAKS = {
    PROTOCOL_ERROR: frame(TEXT, reserved=64),
    BAD_TEXT: frame(TEXT, b"\xff"),
    TOO_LARGE: frame(TEXT, b"x" * 1_001),
}


@on_every_wire
async def test_after_a_violation_nothing_is_listened_to_and_little_is_read(pairs: Pairs) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("live.connection.UNREAD_MOST", 50_000)
        for code, data in BREAKS.items():
            user = Behind()
            connection, peer = pairs.connection(user, largest=1_000)
            peer.send(frame(TEXT, b"before") + data)
            assert await peer.got(1) == [closed_with(code)]
            taken, more = 0, frame(TEXT, b"x" * 900) * 1_000
            while not user.stops:
                try:
                    taken += peer.send(more[:5_000])
                except OSError:
                    assert connection.closed
                await rounds(1)
            assert 50_000 <= taken < 50_000 + 100_000
            assert user.messages == ["before"]


@on_every_wire
async def test_who_breaks_the_rules_sees_that_nothing_follows_and_may_leave(pairs: Pairs) -> None:
    for blocked in (False, True):
        user = Behind()
        connection, peer = pairs.connection(user)
        sent = block(connection) if blocked else []
        peer.send(frame(TEXT, reserved=64))
        await until(lambda: connection.closed)  # noqa: B023
        assert await peer.got(len(sent) + 1) == [*sent, closed_with(PROTOCOL_ERROR)]
        if pairs.way != "tls":
            await peer.end()
        assert user.stops == 0
        peer.send(closing(PROTOCOL_ERROR))
        peer.socket.close()
        await until(lambda: user.stops == 1)  # noqa: B023


@on_every_wire
async def test_the_peer_is_gone(pairs: Pairs) -> None:
    for leave in ("close", "reset"):
        for found_by in ("reading", "sending", "waiting"):
            user = Behind()
            connection, peer = pairs.connection(user)
            if found_by == "waiting":
                block(connection)
            peer.reset() if leave == "reset" else peer.socket.close()
            if found_by == "sending":
                for _ in range(5):
                    connection.send(text_frame(b"into the void"))
            await until(lambda: user.stops)  # noqa: B023
            assert connection.closed
            connection.send(text_frame(b"nobody"))
            connection.end(4001)
            connection.cut()
            await rounds()
            assert user.stops == 1


@on_every_wire
async def test_the_peer_goes_while_a_message_is_dealt_with(pairs: Pairs) -> None:
    user = Behind(slow=True)
    _, peer = pairs.connection(user)
    peer.send(frame(TEXT, b"1") + frame(TEXT, b"2"))
    await until(lambda: user.messages)
    peer.socket.close()
    await rounds()
    for message in (["1"], ["1", "2"]):
        await until(lambda: user.messages == message)  # noqa: B023
        assert user.stops == 0
        user.done()
    await until(lambda: user.stops == 1)


@on_every_wire
async def test_it_is_cut_off_while_a_message_is_dealt_with(pairs: Pairs) -> None:
    user = Behind(slow=True)
    connection, peer = pairs.connection(user)
    peer.send(frame(TEXT, b"1") + frame(TEXT, b"2"))
    await until(lambda: user.messages)
    connection.cut()
    assert user.stops == 1
    user.done()
    await rounds()
    assert (user.messages, user.stops) == (["1"], 1)
    assert await peer.end() == []


@on_every_wire
async def test_it_is_over_before_it_begins(pairs: Pairs) -> None:
    """Who is greeted has no user yet that could be told."""
    connection, peer = pairs.connection()
    connection.end(4009)
    user = Behind()
    connection.begin(user, frame(TEXT, b"too late"))
    assert await peer.got(1) == [closed_with(4009)]
    peer.send(closing(4009))
    await peer.end()
    assert (user.messages, user.stops) == ([], 1)

    connection, peer = pairs.connection()
    peer.socket.close()
    while not connection.closed:
        connection.send(text_frame(b"into the void"))
    await rounds()
    user = Behind()
    connection.begin(user, b"")
    assert user.stops == 1


@on_every_wire
async def test_whatever_comes_in_breaks_the_silence(pairs: Pairs) -> None:
    connection, peer = pairs.connection(Behind())
    for data in (frame(TEXT, b"a"), frame(PONG), frame(TEXT)[:1]):
        connection.silent = 3
        peer.send(data)
        await until(lambda: connection.silent == 0)
