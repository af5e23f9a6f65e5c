"""One room's log being handed out: position, facts as of it, and who listens there.

Follows rule 3 of docs/room-log.md. `step` is the only place where ``pos`` moves; it never waits,
so nobody joins, leaves or is decided on in the middle of it.
"""

from __future__ import annotations

from asyncio import Future, get_running_loop
from collections import deque
from collections.abc import Callable

from core.access import Delta, Facts, RoomFacts, with_token_of
from core.log import Entry
from live.listener import Framing, Subscription

RING = 256


class GivenUp(Exception):
    """The feed that was waited for is not followed any more."""


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
        self.live: tuple[Subscription, ...] = ()
        self.catching: set[Subscription] = set()
        self.visitors = 0
        """Subscribers on their way in; a feed with neither these nor listeners may be dropped."""
        self._facts = facts
        self._may_hear = may_hear
        self._framing = framing
        self._listeners_changed = listeners_changed
        self._ring: deque[tuple[Entry, bytes]] = deque(maxlen=RING)
        self._waiting: list[tuple[int, Future[None]]] = []

    @property
    def unused(self) -> bool:
        return not (self.live or self.catching or self.visitors)

    # --- handing out ---------------------------------------------------------------------------

    def step(self, entry: Entry) -> None:
        """Hand out the next entry."""
        if entry.seq != self.pos + 1 or entry.tag != self.tag:
            raise AssertionError(f"{entry.seq} does not follow {self.pos}")
        frame = self._framing.entry(entry)
        listeners = self.live
        if entry.delta is not None:
            self._fold(entry.delta)
        for subscription in listeners:
            subscription.pos = entry.seq
            subscription.listener.send(frame)
        if entry.delta is not None:
            self._drop_losers(entry.delta, entry.seq)
        self._ring.append((entry, frame))
        self.pos = entry.seq
        self._tell_waiting()

    def _fold(self, delta: Delta) -> None:
        self._facts.apply(delta)
        changed = {account.id: account for account in delta.accounts}
        for subscription in (*self.live, *self.catching):
            new = changed.get(subscription.facts.id)
            if new is not None:
                subscription.facts = with_token_of(new, subscription.facts)

    def _drop_losers(self, delta: Delta, seq: int) -> None:
        self.last_access = seq
        concerned = delta.people
        losers = [
            subscription
            for subscription in (*self.live, *self.catching)
            if (delta.is_room_wide or subscription.facts.id in concerned)
            and not self._may_hear(self.facts_for(subscription))
        ]
        for subscription in losers:
            self.leave(subscription)
            subscription.lost = True
            subscription.listener.send(self._framing.lost(self.room, seq, None))
        if losers:
            self._listeners_changed(self)

    # --- who listens ---------------------------------------------------------------------------

    def facts_for(self, subscription: Subscription) -> Facts:
        return Facts(subscription.facts, self._facts)

    def join(self, subscription: Subscription) -> None:
        """From now on ``subscription``, which stands at ``pos``, gets every step."""
        assert subscription.pos == self.pos
        assert not subscription.lost
        self.catching.discard(subscription)
        self.live = (*self.live, subscription)

    def leave(self, subscription: Subscription) -> None:
        self.catching.discard(subscription)
        self.live = tuple(other for other in self.live if other is not subscription)

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
        for subscription in (*self.live, *self.catching):
            subscription.lost = True
            subscription.listener.fall_behind()
        self.live, self.catching, self._waiting = (), set(), []
