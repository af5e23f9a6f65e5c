"""Notices reach everyone who wants them; sockets are found by log-in and by person."""

from __future__ import annotations

import logging

import pytest

from live.bus import Bus, ReadMoved, RoomMoved, SessionsEnded
from live.sockets import Sockets


def test_a_notice_goes_to_those_who_want_its_kind() -> None:
    bus, heard = Bus(), []
    bus.on(RoomMoved, lambda notice: heard.append(("first", notice.room)))
    bus.on(RoomMoved, lambda notice: heard.append(("second", notice.room)))
    bus.on(SessionsEnded, lambda notice: heard.append(("ended", "")))
    bus.publish(RoomMoved("kitchen"))
    bus.publish(ReadMoved("ann", "kitchen", 1))
    assert heard == [("first", "kitchen"), ("second", "kitchen")]


def test_one_that_fails_does_not_keep_the_others_from_hearing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bus, heard = Bus(), []

    def fails(notice: RoomMoved) -> None:
        raise RuntimeError("the text of this error is for the log only")

    bus.on(RoomMoved, fails)
    bus.on(RoomMoved, lambda notice: heard.append(notice.room))
    with caplog.at_level(logging.ERROR):
        bus.publish(RoomMoved("kitchen"))
    assert heard == ["kitchen"]
    assert "RoomMoved" in caplog.text


class Plug:
    """A socket that notes what happens to it."""

    def __init__(self, person: str, session: str) -> None:
        self.person_id = person
        self.session_id = session
        self.ended = False
        self.frames: list[bytes] = []

    def end(self) -> None:
        self.ended = True

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)


@pytest.fixture
def plugs() -> list[Plug]:
    return [Plug("ann", "a1"), Plug("ann", "a1"), Plug("ann", "a2"), Plug("bo", "b1")]


@pytest.fixture
def sockets(plugs: list[Plug]) -> Sockets[Plug]:
    sockets: Sockets[Plug] = Sockets()
    for plug in plugs:
        sockets.add(plug)
    return sockets


def test_sockets_are_found(sockets: Sockets[Plug], plugs: list[Plug]) -> None:
    assert set(sockets.of_person("ann")) == {*plugs[:3]}
    assert sockets.of_person("cy") == ()
    assert sorted(sockets.sessions()) == ["a1", "a2", "b1"]
    assert {*sockets} == {*plugs}


def test_a_log_in_that_ends_takes_its_sockets_only(
    sockets: Sockets[Plug], plugs: list[Plug]
) -> None:
    sockets.end_sessions(["a1", "unknown"])
    assert [plug.ended for plug in plugs] == [True, True, False, False]


def test_frames_for_people_go_to_all_their_sockets(
    sockets: Sockets[Plug], plugs: list[Plug]
) -> None:
    sockets.send_to(["bo", "ann", "nobody"], b"hello")
    assert [plug.frames for plug in plugs] == [[b"hello"]] * 4


def test_nothing_is_kept_of_what_is_gone(sockets: Sockets[Plug], plugs: list[Plug]) -> None:
    for plug in plugs:
        sockets.remove(plug)
    assert list(sockets) == []
    assert sockets.sessions() == []
    assert sockets.of_person("ann") == ()


def test_a_socket_that_closes_while_all_are_closed(
    sockets: Sockets[Plug], plugs: list[Plug]
) -> None:
    """`end` may let go of the socket at once."""
    for plug in plugs:
        plug.end = lambda plug=plug: sockets.remove(plug)  # type: ignore[method-assign, misc]
    sockets.end_sessions(["a1", "a2", "b1"])
    assert list(sockets) == []
