"""One room's log being handed out: position, facts as of it, and who listens there.

Follows rule 3 of docs/room-log.md. Only here does ``pos`` move. A step never waits, so nobody
joins, leaves or is decided on in the middle of it. What steps have gathered goes out joined, to
those who were live then, in slices between which others may run. What concerns everyone in a large
room is decided in slices too: then nobody is live, and ``pos`` stays where it is, until all are
decided on.
"""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import Callable, Collection
from typing import NamedTuple

from core.access import Delta, Facts, RoomFacts, with_token_of
from core.log import Entry
from live.audience import Audience
from live.fanout import hand_out
from live.listener import Framing, Listener, Subscription

RING = 128
DECIDED_AT_ONCE = 200
"""Listeners."""
HANDED_AT_ONCE = 512
"""Listeners: a few milliseconds of sending."""
JOINED_MOST = 65_536
"""Bytes that may be gathered before they go out."""


class GivenUp(Exception):
    """The feed that was waited for is not followed any more."""


class Wide(NamedTuple):
    """A change that is being decided for everyone: its entry, and the entry's frame."""

    entry: Entry
    frame: bytes


class Handing(NamedTuple):
    """Bytes that are being handed out: who gets them, how many have, and who went meanwhile."""

    frames: bytes
    listeners: tuple[Listener, ...]
    done: int
    gone: set[Listener]


class Feed:
    """A room with listeners, on this node."""

    def __init__(
        self,
        room: str,
        pos: int,
        tag: str,
        facts: RoomFacts,
        may_hear: Callable[[Facts], bool],
        framing: Framing,
        listeners_changed: Callable[[Feed], None],
    ) -> None:
        self.room = room
        self.pos = pos
        self.tag = tag
        self.last_access = pos
        """The last entry that may have changed rights; before the first step, any up to ``pos``."""
        self.visitors = 0
        """Subscribers on their way in; a feed with neither these nor listeners may be dropped."""
        self._audience = Audience()
        self._as_of = pos
        """The change of access that those who are live were last decided on by."""
        self.is_given_up = False
        self._gathered: list[bytes] = []
        self._gathered_size = 0
        self._handing: Handing | None = None
        self._wide: Wide | None = None
        self._facts = facts
        self._may_hear = may_hear
        self._framing = framing
        self._listeners_changed = listeners_changed
        self._ring: deque[tuple[Entry, bytes]] = deque(maxlen=RING)
        self._waiting: list[tuple[int, Future[None]]] = []

    @property
    def live(self) -> tuple[Subscription, ...]:
        return self._audience.live

    @property
    def crowd(self) -> int:
        """How many are live."""
        return self._audience.crowd

    @property
    def unused(self) -> bool:
        return not (self._audience or self.visitors)

    # --- handing out ---------------------------------------------------------------------------

    @property
    def is_settled(self) -> bool:
        """Nothing is gathered, on its way out or being decided: what any change of access needs."""
        return not self._gathered and self._handing is None and self._wide is None

    @property
    def is_full(self) -> bool:
        """What is gathered should go out before more is."""
        return self._gathered_size >= JOINED_MOST

    def step(self, entry: Entry) -> None:
        """Take the next entry, and gather it: `flush` hands out.

        One with a delta needs `is_settled`, and may have to be gone on with.
        """
        if self.is_deciding or entry.seq != self.pos + 1 or entry.tag != self.tag:
            raise AssertionError(f"{entry.seq} does not follow {self.pos}")
        frame = self._framing.entry(entry)
        if entry.delta is not None:
            assert self.is_settled
            self.last_access = entry.seq
            self._fold(entry.delta)
            if entry.delta.is_room_wide:
                self._audience.scatter()
                self._wide = Wide(entry, frame)
                self._decide_some(self._wide)
                return
            self._drop_losers(entry.delta.people, entry.seq, frame)
        self._gathered.append(frame)
        self._gathered_size += len(frame)
        self._end_step(entry, frame)

    def _end_step(self, entry: Entry, frame: bytes) -> None:
        self._ring.append((entry, frame))
        self.pos = entry.seq
        self._tell_waiting()

    def flush(self) -> None:
        """Begin to hand out what is gathered, to those who are live now."""
        if not self._gathered:
            return
        assert self._handing is None and self._as_of == self.last_access
        frames = b"".join(self._gathered)
        self._gathered, self._gathered_size = [], 0
        self._hand_some(Handing(frames, self._audience.listeners, 0, set()))

    def go_on(self) -> None:
        """Another slice of what is under way."""
        if self._handing is not None:
            self._hand_some(self._handing)
        elif self._wide is not None:
            self._decide_some(self._wide)

    @property
    def is_under_way(self) -> bool:
        """Something must be gone on with."""
        return self._handing is not None or self._wide is not None

    def _hand_some(self, handing: Handing) -> None:
        frames, listeners, start, gone = handing
        done = start + HANDED_AT_ONCE
        self._handing = handing._replace(done=done) if done < len(listeners) else None
        some: Collection[Listener] = listeners[start:done]
        if gone:
            some = [listener for listener in some if listener not in gone]
        hand_out(some, frames)

    def _fold(self, delta: Delta) -> None:
        self._facts.apply(delta)
        for account in delta.accounts:
            for subscription in self._audience.of(account.id):
                subscription.facts = with_token_of(account, subscription.facts)

    def _drop_losers(self, concerned: Collection[str], seq: int, frame: bytes) -> None:
        """They get the entry that takes their right, and nothing after it."""
        losers = [
            subscription
            for person in concerned
            for subscription in self._audience.of(person)
            if not self._may_hear(self.facts_for(subscription))
        ]
        for subscription in losers:
            if self._audience.is_live(subscription):
                subscription.listener.send(frame)
        self._drop(losers, seq)
        self._as_of = seq

    def _drop(self, losers: Collection[Subscription], seq: int) -> None:
        if not losers:
            return
        self._audience.leave(losers)
        frame = self._framing.lost(self.room, seq, None)
        for subscription in losers:
            subscription.lost = True
            subscription.listener.send(frame)
        self._listeners_changed(self)

    # --- what concerns everyone ------------------------------------------------------------------

    @property
    def is_deciding(self) -> bool:
        """In the middle of a step: nobody is live, and nobody may join."""
        return self._wide is not None

    def _decide_some(self, wide: Wide) -> None:
        """Hand the entry to some of those who were live, and decide on them as of it."""
        entry, frame = wide
        losers = []
        for subscription, was_live in self._audience.next_undecided(DECIDED_AT_ONCE):
            if was_live:
                subscription.listener.send(frame)
            if self._may_hear(self.facts_for(subscription)):
                self._audience.keep(subscription)
            else:
                losers.append(subscription)
        self._drop(losers, entry.seq)
        if self._audience.is_decided:
            self._wide = None
            self._audience.gather()
            self._as_of = entry.seq
            self._end_step(entry, frame)

    # --- who listens ---------------------------------------------------------------------------

    def facts_for(self, subscription: Subscription) -> Facts:
        return Facts(subscription.facts, self._facts)

    def hears(self, person: str) -> bool:
        """Whether they listen here, or are about to."""
        return bool(self._audience.of(person))

    def enter(self, subscription: Subscription) -> None:
        """``subscription`` begins to catch up; from now on it is decided on as all are."""
        assert not self.is_deciding
        self._audience.enter(subscription)

    def join(self, subscription: Subscription) -> None:
        """From now on ``subscription``, which stands at ``pos``, gets every step.

        What is still being handed out it has had: that goes to those who were live before.
        """
        assert subscription.pos == self.pos and not self.is_deciding and not self._gathered
        assert not subscription.lost
        self._audience.join(subscription)

    def leave(self, subscription: Subscription) -> None:
        if self._handing is not None:
            self._handing.gone.add(subscription.listener)
        self._audience.leave([subscription])

    def recent(self, after: int, limit: int) -> list[tuple[Entry, bytes]] | None:
        """What followed ``after``, with its frames, if memory still holds all of it."""
        if not self._ring or self._ring[0][0].seq > after + 1:
            return None
        first = after + 1 - self._ring[0][0].seq
        return [self._ring[i] for i in range(first, min(first + limit, len(self._ring)))]

    # --- waiting for a position ------------------------------------------------------------------

    def reached(self, seq: int) -> Future[None]:
        """Done once ``pos`` is at least ``seq``; `GivenUp` if that will never be."""
        future: Future[None] = get_running_loop().create_future()
        if self.pos >= seq:
            future.set_result(None)
        else:
            self._waiting.append((seq, future))
        return future

    def _tell_waiting(self) -> None:
        if not self._waiting:
            return
        still = []
        for seq, future in self._waiting:
            if self.pos < seq:
                still.append((seq, future))
            elif not future.done():
                future.set_result(None)
        self._waiting = still

    def give_up(self) -> None:
        """The log is not the one that was followed: everyone starts anew."""
        for _, future in self._waiting:
            if not future.done():
                future.set_exception(GivenUp())
        for subscription in self._audience:
            subscription.lost = True
            subscription.listener.fall_behind()
        self._audience, self._waiting = Audience(), []
        self._handing, self._wide, self._gathered = None, None, []
        self.is_given_up = True
