"""Who is here: tells a room's listeners, soon after it changed and never more often than that."""

from __future__ import annotations

import asyncio
from heapq import nsmallest

from core.records import Person
from live.ephemeral import Ephemeral
from live.feed import Feed
from live.listener import Framing

SETTLE = 0.15
"""Seconds in which comings and goings are gathered into one frame."""
CROWD = 20
"""Listeners from which on it takes longer, so that the cost for each stays the same."""
NAMED_MOST = 200
"""People who are told by name; of the rest only how many they are."""


def here(feed: Feed) -> dict[str, Person]:
    """Everyone who listens to the room, by id."""
    return {subscription.facts.id: subscription.listener.person for subscription in feed.live}


def _by_nickname(person: Person) -> tuple[str, str]:
    return person.nickname.casefold(), person.id


class Presence:
    """Sends `presence` frames."""

    def __init__(self, framing: Framing, ephemeral: Ephemeral) -> None:
        self._framing = framing
        self._ephemeral = ephemeral
        self._due: set[Feed] = set()

    def changed(self, feed: Feed) -> None:
        """Someone came, went or was renamed."""
        if (feed.crowd or feed.is_deciding) and feed not in self._due:
            self._due.add(feed)
            delay = SETTLE * max(1, feed.crowd / CROWD)
            asyncio.get_running_loop().call_later(delay, self._tell, feed)

    def _tell(self, feed: Feed) -> None:
        self._due.discard(feed)
        if not self._ephemeral.may_tell(feed):
            self.changed(feed)
            return
        people = here(feed)
        named = nsmallest(NAMED_MOST, people.values(), key=_by_nickname)
        frame = self._framing.presence(feed.room, named, len(people) - len(named))
        self._ephemeral.tell(feed, frame, broken_off=lambda: self.changed(feed))
