"""Guessing passwords is slow, and nobody can lock another person out by guessing."""

from __future__ import annotations

from collections import OrderedDict

from auth.addresses import network
from auth.throttle import REMEMBERED, Limiter, Rate
from core.clock import Clock
from core.errors import ChatError

PER_NETWORK = 5
PER_ACCOUNT = 10


class LoginThrottle:
    """Three limits, the narrowest first:

    - an account from one network: ``rate``;
    - a network, whatever the accounts: ``PER_NETWORK`` times that;
    - an account from all networks where it has never logged in: ``PER_ACCOUNT`` times that. So one
      attacking network cannot use it up, and its own networks never meet it.
    """

    def __init__(self, rate: Rate, clock: Clock, remembered: int = REMEMBERED) -> None:
        self._pairs = Limiter(rate, clock, remembered)
        self._networks = Limiter(_times(PER_NETWORK, rate), clock, remembered)
        self._strangers = Limiter(_times(PER_ACCOUNT, rate), clock, remembered)
        self._own: OrderedDict[str, None] = OrderedDict()
        self._remembered = remembered

    def attempt(self, name: str, address: str) -> None:
        """Count a try before it is made. Raises `ChatError` login_too_many."""
        here = network(address)
        pair = _pair(name, here)
        limits = [(self._pairs, pair), (self._networks, here)]
        if pair not in self._own:
            limits.append((self._strangers, name))
        wait = max(limit.wait(key) for limit, key in limits)
        if wait > 0:
            raise ChatError("login_too_many", retry_after=wait)
        for limit, key in limits:
            limit.take(key)

    def succeeded(self, name: str, address: str) -> None:
        """The password was right: this network is the person's own from now on."""
        pair = _pair(name, network(address))
        self._pairs.forget(pair)
        self._own[pair] = None
        self._own.move_to_end(pair)
        if len(self._own) > self._remembered:
            self._own.popitem(last=False)


def _pair(name: str, here: str) -> str:
    return f"{here} {name}"


def _times(factor: int, rate: Rate) -> Rate:
    return Rate(rate.burst * factor, rate.interval / factor)
