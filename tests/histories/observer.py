"""Sees every frame that is handed to a socket, and judges all of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest

from core.access import Delta
from core.log import Entry
from live import fanout
from live.connection import Connection
from tests.histories.model import Truth
from tests.live.client_frames import TEXT, frames_of


@dataclass
class Hearing:
    """What one socket was handed of one room, from `subscribed` to `lost` or the end.

    ``bound``: where the log stood, at most, when it began.
    """

    who: str
    room: str
    bound: int
    handed: list[tuple[int, str, str | None]] = field(default_factory=list)
    lost_at: int | None = None


@dataclass(frozen=True)
class Page:
    """A page of history, asked for while the log grew from ``since`` to ``until``."""

    who: str
    room: str
    since: int
    until: int
    entries: tuple[tuple[int, str | None], ...]


class Observer:
    """``head`` asks the database, at that very moment, how far a room's log goes."""

    def __init__(self, head: Callable[[str], int]) -> None:
        self.hearings: list[Hearing] = []
        self.pages: list[Page] = []
        self._head = head
        self._open: dict[tuple[Connection, str], Hearing] = {}

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        send, hand_out = Connection.send, fanout.hand_out

        def watched(connection: Connection, frames: bytes) -> None:
            self._saw_all(connection, frames)
            send(connection, frames)

        def watched_by_many(connections: Iterable[Connection], frames: bytes) -> None:
            some = tuple(connections)
            for connection in some:
                self._saw_all(connection, frames)
            hand_out(some, frames)

        patch.setattr(Connection, "send", watched)
        patch.setattr("live.feed.hand_out", watched_by_many)
        patch.setattr("live.ephemeral.hand_out", watched_by_many)

    def _saw_all(self, connection: Connection, frames: bytes) -> None:
        """Frames go out joined; those of the protocol are texts.

        Where one is held back, both are seen when they go out together.
        """
        if not connection.closed and not connection._held_back:
            for got in frames_of(frames)[0]:
                if got.opcode == TEXT:
                    self._saw(connection, json.loads(got.payload))

    def _saw(self, connection: Connection, frame: dict[str, object]) -> None:
        key = (connection, str(frame.get("room")))
        if frame["t"] == "subscribed":
            room = str(frame["room"])
            self._open[key] = Hearing(connection.person.id, room, self._head(room))
            self.hearings.append(self._open[key])
        elif frame["t"] == "entry":
            text = frame.get("text")
            seq, kind = frame["seq"], str(frame["kind"])
            assert isinstance(seq, int) and isinstance(text, str | None)
            self._open[key].handed.append((seq, kind, text))
        elif frame["t"] == "lost" and "seq" in frame:
            seq = frame["seq"]
            assert isinstance(seq, int)
            self._open.pop(key).lost_at = seq


# --- the invariants of docs/room-log.md -----------------------------------------------------------


def judge_hearing(truth: Truth, hearing: Hearing) -> None:
    """Nobody was handed an entry that they might not have at that point."""
    for seq, kind, text in hearing.handed:
        entry, shown = truth.log[seq - 1], kind != "withheld"
        assert shown == truth.shows(hearing.who, seq, len(truth.log)), (hearing, seq)
        assert text == (entry.text if shown else None)
    heads = range(1, hearing.bound + 1)
    assert any(_could_begin(truth, hearing, head) for head in heads), hearing


def _could_begin(truth: Truth, hearing: Hearing, head: int) -> bool:
    """Whether all was right if they were let in as of entry ``head``."""
    if hearing.who not in truth.states[head].hearers:
        return False
    loss = truth.loss_after(hearing.who, head)
    if loss is None:
        return hearing.lost_at is None
    return hearing.lost_at in (None, loss) and all(seq <= loss for seq, _, _ in hearing.handed)


def judge_page(truth: Truth, page: Page) -> None:
    """There was a moment at which all of it might be read."""
    assert any(
        page.who in truth.states[head].readers
        and all(
            seq <= head and truth.shows(page.who, seq, head) and text == truth.log[seq - 1].text
            for seq, text in page.entries
        )
        for head in range(page.since, page.until + 1)
    ), page


def judge_log(truth: Truth) -> None:
    """Every post was allowed one entry before; no hole; time goes on; nothing outlives its end."""
    assert [entry.seq for entry in truth.log] == list(range(1, len(truth.log) + 1))
    times = [entry.at for entry in truth.log]
    assert times == sorted(times)
    ends: dict[tuple[str, ...], int] = {}
    for entry in truth.log:
        if entry.delta is None:
            assert entry.by is not None
            assert entry.by.id in truth.states[entry.seq - 1].posters, entry
        if entry.kind != "expired":
            assert all(entry.at < until for until in ends.values()), (entry, ends)
        if entry.delta is not None:
            _follow(ends, entry, entry.delta)


def _follow(ends: dict[tuple[str, ...], int], entry: Entry, delta: Delta) -> None:
    """Bring up to date what will end, and when."""
    for subject in delta.revoked:
        ends.pop((subject.kind.value, subject.id), None)
    for person, level in delta.uncapped:
        ends.pop(("cap", person, level.name), None)
    rules = [((grant.subject.kind.value, grant.subject.id), grant.until) for grant in delta.grants]
    caps = [(("cap", cap.person, cap.level.name), cap.until) for cap in delta.caps]
    for key, until in (*rules, *caps):
        ends.pop(key, None)
        if until is not None:
            ends[key] = until


def judge_bytes(truth: Truth, who: str, received: bytes) -> None:
    """A text is among all that someone ever got only if they wrote it or might read it once."""
    for entry in truth.log:
        if entry.text is None or entry.text.encode() not in received:
            continue
        if entry.by is not None and entry.by.id == who:
            continue
        heads = range(entry.seq - 1, len(truth.log) + 1)
        assert any(
            who in truth.states[head].readers and truth.shows(who, entry.seq, max(head, entry.seq))
            for head in heads
        ), (who, entry)
