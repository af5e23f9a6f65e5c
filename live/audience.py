"""Who listens to one room on this node: at its position, catching up, or waiting to be decided on.

Finding the listeners of one person does not depend on how many there are. The tuple of those at the
position is never changed, only replaced, so that whoever walks through it is not disturbed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from live.listener import Subscription


class Audience:
    """The subscriptions of a room. In the middle of a wide change none is ``live``."""

    def __init__(self) -> None:
        self.live: tuple[Subscription, ...] = ()
        self.catching: set[Subscription] = set()
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

    # --- coming and going ------------------------------------------------------------------------

    def enter(self, subscription: Subscription) -> None:
        """It begins to catch up."""
        self.catching.add(subscription)
        self._of.setdefault(subscription.facts.id, set()).add(subscription)

    def join(self, subscription: Subscription) -> None:
        """It has caught up."""
        self.enter(subscription)
        self.catching.discard(subscription)
        self.live = (*self.live, subscription)

    def leave(self, gone: Collection[Subscription]) -> None:
        """Whichever of them are here are not any more."""
        for subscription in gone:
            self._forget(subscription)
        self.live = _without(self.live, gone)

    def _forget(self, subscription: Subscription) -> None:
        person = subscription.facts.id
        own = self._of.get(person, set())
        own.discard(subscription)
        if not own:
            self._of.pop(person, None)
        self.catching.discard(subscription)
        self._undecided.pop(subscription, None)

    # --- a change that concerns everyone ---------------------------------------------------------

    def scatter(self) -> None:
        """From now on nobody is live, and everyone is to be decided on."""
        self._undecided = dict.fromkeys((*self.live, *self.catching))
        self._staying = []
        self.live = ()

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
        assert self.is_decided and not self.live
        self.live = tuple(kept for kept in reversed(self._staying) if kept in self)
        self._staying = []


def _without(
    live: tuple[Subscription, ...], gone: Collection[Subscription]
) -> tuple[Subscription, ...]:
    if len(gone) > 1:
        out = set(gone)
        return tuple(subscription for subscription in live if subscription not in out)
    for subscription in gone:
        if subscription in live:
            at = live.index(subscription)
            return live[:at] + live[at + 1 :]
    return live
