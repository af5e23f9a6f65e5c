"""Who listens to what on this node, and how they come in: rules 4 and 8 of docs/room-log.md."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterable

from core.errors import ChatError
from core.log import Entry, Span
from live.admission import Turnstile
from live.bus import Bus, RoomMoved
from live.ephemeral import Ephemeral
from live.feed import Feed, GivenUp
from live.lease import Lease
from live.listener import Framing, Listener, Subscription
from live.presence import Presence, here
from live.pump import Pump
from live.source import Snapshot, Source

log = logging.getLogger(__name__)

REPLAY_MOST = 500
"""Entries; who missed more loads pages instead."""
CATCH_UP_BATCH = 20
COMPARE_EVERY = 1.0
"""Seconds between comparisons of all heads with the database, also while all seems well."""


class Hub:
    """Hands every room's log to its listeners, strictly in order."""

    def __init__(self, source: Source, framing: Framing, bus: Bus, lease: Lease) -> None:
        self._source = source
        self._framing = framing
        self._lease = lease
        self._feeds: dict[str, Feed] = {}
        self._pumps: dict[str, Pump] = {}
        self._turnstile = Turnstile()
        self._ephemeral = Ephemeral(lease)
        self._presence = Presence(framing, self._ephemeral)
        bus.on(RoomMoved, self._on_moved)

    # --- coming in and going -------------------------------------------------------------------

    async def subscribe(
        self,
        listener: Listener,
        session: str,
        request: int,
        room: str,
        seq: int | None,
        tag: str | None,
    ) -> Subscription | None:
        """Let a connection hear ``room`` from after ``seq`` on; None if it may not.

        It is answered by `subscribed` or `lost` before anything else of the room. The caller has
        no other subscription of this connection to this room.
        """
        await self._lease.ensure()
        while True:
            await self._turnstile.passed()
            known = self._feeds.get(room)
            snapshot = await self._source.snapshot(room, session, whole=known is None)
            if snapshot is None or listener.closed:
                listener.send(self._framing.lost(room, 0, request))
                return None
            feed = self._feed(room, snapshot)
            if feed is None:
                continue
            subscription = await self._admit(listener, feed, snapshot, request, seq, tag)
            if subscription is not None:
                return subscription

    def _feed(self, room: str, snapshot: Snapshot) -> Feed | None:
        """The room's feed, started at the snapshot if need be; None if it vanished meanwhile."""
        feed = self._feeds.get(room)
        if feed is None and snapshot.room is not None:
            feed = Feed(
                room,
                snapshot.head,
                snapshot.tag,
                snapshot.room,
                self._source.may_hear,
                self._framing,
                self._presence.changed,
            )
            self._feeds[room] = feed
            self._pumps[room] = Pump(feed, self._source, self._lease, self._give_up)
        return feed

    async def _admit(
        self,
        listener: Listener,
        feed: Feed,
        snapshot: Snapshot,
        request: int,
        seq: int | None,
        tag: str | None,
    ) -> Subscription | None:
        """None: the snapshot has been overtaken by a change of access, take another."""
        feed.visitors += 1
        try:
            if feed.pos < snapshot.head:
                self._pumps[feed.room].wake()
            await feed.reached(snapshot.head)
            if self._feeds.get(feed.room) is not feed or _overtaken(feed, snapshot):
                return None
            start, reload = _start(feed, seq, tag)
            subscription = Subscription(listener, snapshot.person, feed.room, start)
            feed.enter(subscription)
            listener.send(self._framing.subscribed(request, feed.room, start, feed.tag, reload))
            await self._settle(feed, subscription, snapshot.spans)
            return subscription
        except GivenUp:
            return None
        finally:
            feed.visitors -= 1
            self._drop_if_unused(feed)

    async def _settle(
        self, feed: Feed, subscription: Subscription, spans: tuple[Span, ...] | None
    ) -> None:
        try:
            await self._catch_up(feed, subscription, spans)
        except BaseException:
            subscription.lost = True
            feed.leave(subscription)
            raise

    async def _catch_up(
        self, feed: Feed, subscription: Subscription, spans: tuple[Span, ...] | None
    ) -> None:
        """Hand over (own position, feed's position], then join in the very step they meet."""
        try:
            while _wants_more(subscription) and (feed.is_deciding or subscription.pos < feed.pos):
                if subscription.pos < feed.pos:
                    await self._hand_missed(feed, subscription, spans)
                else:
                    await feed.reached(feed.pos + 1)
        except ChatError:
            subscription.listener.fall_behind()
        if _wants_more(subscription):
            feed.join(subscription)
            self._presence.changed(feed)
        else:
            feed.leave(subscription)

    async def _hand_missed(
        self, feed: Feed, subscription: Subscription, spans: tuple[Span, ...] | None
    ) -> None:
        await self._turnstile.passed()
        missed = await self._missed(feed, subscription.pos, spans)
        await self._lease.ensure()
        ready = [(seq, frame) for seq, frame in missed if seq <= feed.pos]
        if subscription.lost or not ready:
            return
        subscription.listener.send(b"".join(frame for _, frame in ready))
        subscription.pos = ready[-1][0]
        await subscription.listener.drained()

    async def _missed(
        self, feed: Feed, after: int, spans: tuple[Span, ...] | None
    ) -> list[tuple[int, bytes]]:
        held = feed.recent(after, CATCH_UP_BATCH)
        if held is None:
            found = await self._source.entries_after(feed.room, after, CATCH_UP_BATCH)
            held = [(entry, self._framing.entry(entry)) for entry in found]
        return [
            (entry.seq, frame if _readable(entry, spans) else self._framing.withheld(entry))
            for entry, frame in held
        ]

    def unsubscribe(self, subscription: Subscription) -> None:
        """Stop handing anything to this subscription."""
        subscription.lost = True
        feed = self._feeds.get(subscription.room)
        if feed is not None:
            feed.leave(subscription)
            self._presence.changed(feed)
            self._drop_if_unused(feed)

    def _drop_if_unused(self, feed: Feed) -> None:
        if feed.unused:
            self._forget(feed)

    # --- what is not in the log ------------------------------------------------------------------

    def tell(self, room: str, frame: bytes, *, besides: str, up_to: int) -> None:
        """Hand an ephemeral frame to a room's listeners but ``besides``; drop it if it is ahead."""
        feed = self._feeds.get(room)
        if feed is not None and up_to <= feed.pos:
            self._ephemeral.tell(feed, frame, besides=besides)

    def may_post(self, subscription: Subscription) -> bool:
        """By the hub's current knowledge, for what is not in the log."""
        feed = self._feeds.get(subscription.room)
        if feed is None or subscription.lost:
            return False
        return self._source.may_post(feed.facts_for(subscription))

    def here(self, room: str) -> frozenset[str]:
        """Ids of those who listen to a room now."""
        feed = self._feeds.get(room)
        return frozenset(here(feed)) if feed else frozenset()

    def renamed(self, person: str) -> None:
        """Tell who is here anew wherever ``person`` is."""
        for feed in self._feeds.values():
            if feed.hears(person):
                self._presence.changed(feed)

    # --- keeping up ------------------------------------------------------------------------------

    def _on_moved(self, notice: RoomMoved) -> None:
        pump = self._pumps.get(notice.room)
        if pump is not None:
            pump.wake(notice.entries)

    async def run(self) -> None:
        """Compare all heads with the database for ever: a lost last hint shows no gap."""
        while True:
            await asyncio.sleep(COMPARE_EVERY * random.uniform(0.8, 1.2))  # noqa: S311
            positions = {room: feed.pos for room, feed in self._feeds.items()}
            try:
                self._compare(positions, await self._source.heads(positions))
            except ChatError:
                log.warning("the heads of rooms cannot be read; delivery waits")

    def _compare(self, positions: dict[str, int], heads: dict[str, tuple[int, str]]) -> None:
        """``positions`` were taken before ``heads`` were asked for.

        What failed between two slices has moved its position already, and is gone on with.
        """
        for room, (seq, tag) in heads.items():
            feed = self._feeds.get(room)
            if feed is None:
                continue
            if tag != feed.tag or seq < positions[room]:
                self._give_up(feed)
            elif seq > feed.pos or feed.is_under_way:
                self._pumps[room].wake()

    def _give_up(self, feed: Feed) -> None:
        self._forget(feed)
        feed.give_up()

    def _forget(self, feed: Feed) -> None:
        """Its room may have another feed by now; that one stays."""
        if self._feeds.get(feed.room) is feed:
            del self._feeds[feed.room]
            del self._pumps[feed.room]


def _overtaken(feed: Feed, snapshot: Snapshot) -> bool:
    return feed.last_access > snapshot.head or feed.tag != snapshot.tag


def _start(feed: Feed, seq: int | None, tag: str | None) -> tuple[int, bool]:
    """Where to begin, and whether what the client has must be dropped."""
    if seq is None:
        return feed.pos, False
    if seq > feed.pos or tag != feed.tag or feed.pos - seq > REPLAY_MOST:
        return feed.pos, True
    return seq, False


def _wants_more(subscription: Subscription) -> bool:
    return not (subscription.lost or subscription.listener.closed)


def _readable(entry: Entry, spans: Iterable[Span] | None) -> bool:
    return spans is None or any(span.holds(entry.seq) for span in spans)
