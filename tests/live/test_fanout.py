"""The same bytes to many real sockets: whatever becomes of some, the others get all of it, once."""

from __future__ import annotations

import errno
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from live.connection import FELL_BEHIND, Connection
from live.fanout import hand_out
from live.frames import text_frame
from tests.live.client_frames import CLOSE, TEXT, Got
from tests.live.pairs import AMPLE, LOOPS, Behind, Pairs, Peer, play, rounds, until
from tests.live.test_connection import closed_with, marked

FATES = ("well", "well", "slow", "never reads", "falls behind", "leaves", "ended", "cut", "broken")
ROUNDS = 8
FEW = {"tcp": 5, "tls": 10, "unix": 3}
"""One in so many examples: these sockets take long to make, or the machine has few of them."""

Fate = tuple[str, int]
"""What becomes of a listener, and in which round."""


@dataclass
class One:
    """A listener and its fate."""

    fate: str
    at: int
    connection: Connection
    peer: Peer
    user: Behind

    def before(self, now: int) -> None:
        """What happens to it before the frame of this round is handed out."""
        if self.fate in ("well", "ended") or (self.fate == "slow" and now % 3 == 0):
            self.peer.read(AMPLE if self.fate != "slow" else 700)
        if now == self.at:
            match self.fate:
                case "leaves":
                    self.peer.socket.close()
                case "ended":
                    self.connection.end(4001)
                case "cut":
                    self.connection.cut()
                case "broken":
                    self.connection.write = broken

    async def judge(self, sent: list[Got]) -> None:
        match self.fate:
            case "well" | "slow" | "never reads":
                assert await self.peer.got(len(sent)) == sent
                assert (self.peer.rest, self.user.stops) == (b"", 0)
            case "ended":
                await until(lambda: self.peer.frames[-1:] == [closed_with(4001)])
                *got, _ = self.peer.frames
                assert got == sent[: len(got)]
                assert len(got) <= self.at
            case "falls behind":
                await until(lambda: len(self.peer.frames) >= len(sent) or self._is_told)
                got = [each for each in self.peer.frames if each.opcode == TEXT]
                assert got == sent[: len(got)]
                assert self._is_told or got == sent
            case "leaves":
                self.connection.send(text_frame(b"x"))
                await until(lambda: self.user.stops == 1)
            case "cut" | "broken":
                got = await self.peer.end()
                assert got == sent[: len(got)]
                assert (len(got) <= self.at, self.user.stops) == (True, 1)

    @property
    def _is_told(self) -> bool:
        return self.peer.frames[-1:] == [closed_with(FELL_BEHIND)]


def broken(frame: bytes) -> int:
    raise OSError(errno.ETIMEDOUT, "the network is gone")


async def played(pairs: Pairs, fates: list[Fate], sizes: list[int], turns: int) -> None:
    crowd = []
    for fate, at in fates:
        user = Behind()
        backlog = 20_000 if fate == "falls behind" else AMPLE
        connection, peer = pairs.connection(user, backlog=backlog)
        crowd.append(One(fate, at, connection, peer, user))
    sent = []
    for now, size in enumerate(sizes):
        payload = marked(now, size)
        for one in crowd:
            one.before(now)
        hand_out([one.connection for one in crowd], text_frame(payload))
        sent.append(Got(TEXT, payload))
        await rounds(turns)
    for one in crowd:
        await one.judge(sent)
        assert all(got.opcode in (TEXT, CLOSE) for got in one.peer.frames)


stories = given(
    st.lists(st.tuples(st.sampled_from(FATES), st.integers(0, ROUNDS - 1)), min_size=1, max_size=9),
    st.lists(
        st.sampled_from((8, 200, 200, 3_000, 30_000)), min_size=ROUNDS, max_size=ROUNDS
    ),
    st.sampled_from((0, 0, 1, 3)),
)  # fmt: skip


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("way", FEW)
def test_everyone_who_is_well_gets_everything_once(way: str, loop: str) -> None:
    @settings(
        max_examples=max(1, settings().max_examples // FEW[way]),
        suppress_health_check=[HealthCheck.too_slow],
    )
    @stories
    def story(fates: list[Fate], sizes: list[int], turns: int) -> None:
        play(way, loop, played, fates, sizes, turns)

    story()
