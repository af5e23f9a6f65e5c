"""Who listens to one room on this node: at its position, catching up, or waiting to be decided on.

Coming, going and finding the listeners of one person do not depend on how many there are. The tuple
of those at the position is never changed, only replaced when it is next wanted, so that whoever
walks through it is not disturbed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from live.listener import Listener, Subscription


class Audience:
    """The subscriptions of a room. In the middle of a wide change none is ``live``."""

    def __init__(self) -> None:
        self.catching: set[Subscription] = set()
        self._live: dict[Subscription, None] = {}
        self._listeners: tuple[Listener, ...] | None = ()
        """Of those that are live; None: to be made anew."""
        self._undecided: dict[Subscription, None] = {}
        self._staying: list[Subscription] = []
        self._of: dict[str, set[Subscription]] = {}

    def __bool__(self) -> bool:
        return bool(self._of)

    def __iter__(self) -> Iterator[Subscription]:
        return iter([subscription for own in self._of.values() for subscription in own])

    def __contains__(self, subscription: Subscription) -> bool:
        return subscription in self._of.get(subscription.facts.id, ())

    def of(self, person: str) -> tuple[Subscription, ...]:
        """All subscriptions of one person."""
        return tuple(self._of.get(person, ()))

    # --- who is at the position ------------------------------------------------------------------

    @property
    def live(self) -> tuple[Subscription, ...]:
        """In the order in which they came."""
        return tuple(self._live)

    def is_live(self, subscription: Subscription) -> bool:
        return subscription in self._live

    @property
    def crowd(self) -> int:
        """How many are live."""
        return len(self._live)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """The connections of those that are live."""
        if self._listeners is None:
            self._listeners = tuple([subscription.listener for subscription in self._live])
        return self._listeners

    # --- coming and going ------------------------------------------------------------------------

    def enter(self, subscription: Subscription) -> None:
        """It begins to catch up."""
        self.catching.add(subscription)
        self._of.setdefault(subscription.facts.id, set()).add(subscription)

    def join(self, subscription: Subscription) -> None:
        """It has caught up."""
        self.enter(subscription)
        self.catching.discard(subscription)
        self._live[subscription] = None
        self._listeners = None

    def leave(self, gone: Collection[Subscription]) -> None:
        """Whichever of them are here are not any more."""
        for subscription in gone:
            self._forget(subscription)

    def _forget(self, subscription: Subscription) -> None:
        person = subscription.facts.id
        own = self._of.get(person, set())
        own.discard(subscription)
        if not own:
            self._of.pop(person, None)
        self.catching.discard(subscription)
        self._undecided.pop(subscription, None)
        if subscription in self._live:
            del self._live[subscription]
            self._listeners = None

    # --- a change that concerns everyone ---------------------------------------------------------

    def scatter(self) -> None:
        """From now on nobody is live, and everyone is to be decided on."""
        self._undecided = dict.fromkeys((*self._live, *self.catching))
        self._staying = []
        self._live, self._listeners = {}, ()

    @property
    def is_decided(self) -> bool:
        return not self._undecided

    def next_undecided(self, most: int) -> Iterator[tuple[Subscription, bool]]:
        """Takes so many out, and tells of each whether it was live."""
        while self._undecided and most > 0:
            subscription, _ = self._undecided.popitem()
            yield subscription, subscription not in self.catching
            most -= 1

    def keep(self, subscription: Subscription) -> None:
        """It was decided that it stays; who is catching up goes on with that."""
        if subscription not in self.catching:
            self._staying.append(subscription)

    def gather(self) -> None:
        """All are decided on: those who stayed are live again, in the order of before."""
        assert self.is_decided and not self._live
        kept = [subscription for subscription in reversed(self._staying) if subscription in self]
        self._live, self._listeners = dict.fromkeys(kept), None
        self._staying = []
