"""Who is here: tells a room's listeners, soon after it changed and never more often than that."""

from __future__ import annotations

import asyncio

from core.records import Person
from live.feed import Feed
from live.lease import Lease
from live.listener import Framing

SETTLE = 0.15
"""Seconds in which comings and goings are gathered into one frame."""
CROWD = 20
"""Listeners from which on it takes longer, so that the cost for each stays the same."""


def here(feed: Feed) -> list[Person]:
    """Everyone who listens to the room, by nickname."""
    people = {subscription.facts.id: subscription.listener.person for subscription in feed.live}
    return sorted(people.values(), key=lambda person: (person.nickname.casefold(), person.id))


class Presence:
    """Sends `presence` frames, as all that is not in the log only while the lease holds."""

    def __init__(self, framing: Framing, lease: Lease) -> None:
        self._framing = framing
        self._lease = lease
        self._due: set[Feed] = set()

    def changed(self, feed: Feed) -> None:
        """Someone came, went or was renamed."""
        if (feed.live or feed.is_deciding) and feed not in self._due:
            self._due.add(feed)
            delay = SETTLE * max(1, len(feed.live) / CROWD)
            asyncio.get_running_loop().call_later(delay, self._tell, feed)

    def _tell(self, feed: Feed) -> None:
        self._due.discard(feed)
        if feed.is_deciding or not self._lease.is_fresh:
            self.changed(feed)
            return
        frame = self._framing.presence(feed.room, here(feed))
        for subscription in feed.live:
            subscription.listener.send(frame)
