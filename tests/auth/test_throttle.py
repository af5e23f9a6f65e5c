"""Limits hold, forget in time, stay small, and cannot be turned against a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.addresses import network
from auth.login_throttle import PER_ACCOUNT, PER_NETWORK, LoginThrottle
from auth.throttle import Limiter, Rate
from core.errors import ChatError
from tests.auth.house import AWAY, HOME, StillClock
from tests.auth.refusals import refusal

RATE = Rate(5, 30)


def tries_until_refused(throttle: LoginThrottle, name: str, address: str, most: int = 1_000) -> int:
    for made in range(most):
        refused = refusal(lambda: throttle.attempt(name, address))
        if refused is not None:
            assert refused.code == "login_too_many"
            assert (refused.retry_after or 0) > 0
            return made
    return most


@given(
    st.integers(1, 10),
    st.floats(0.1, 100),
    st.lists(st.floats(0, 50), max_size=60),
)
def test_never_more_than_the_rate(burst: int, interval: float, pauses: list[float]) -> None:
    clock = StillClock()
    clock.seconds = 0.0
    limiter = Limiter(Rate(burst, interval), clock)
    allowed: list[float] = []
    for pause in pauses:
        clock.pass_by(pause)
        if limiter.take("key") == 0:
            allowed.append(clock.seconds)
    for start, begun in enumerate(allowed):
        for count, at in enumerate(allowed[start:], 1):
            assert count <= burst + (at - begun) / interval + 1e-6


@given(st.integers(1, 10), st.integers(1, 100))
def test_after_the_wait_it_told_a_try_is_allowed(burst: int, interval: int) -> None:
    clock = StillClock()
    clock.seconds = 0.0
    limiter = Limiter(Rate(burst, interval), clock)
    assert [limiter.take("key") for _ in range(burst)] == [0] * burst
    wait = limiter.take("key")
    assert wait == interval
    clock.pass_by(wait)
    assert limiter.take("key") == 0
    assert limiter.take("other") == 0


def test_memory_is_bounded_and_the_longest_untouched_is_forgotten(clock: StillClock) -> None:
    limiter = Limiter(Rate(1, 60), clock, remembered=3)
    for key in "abcd":
        limiter.take(key)
    assert limiter.take("d") > 0
    assert limiter.take("b") > 0
    assert limiter.take("a") == 0


def test_a_key_in_use_is_not_the_one_forgotten(clock: StillClock) -> None:
    limiter = Limiter(Rate(2, 60), clock, remembered=2)
    for key in "abac":
        limiter.take(key)
    assert limiter.take("a") > 0


def test_one_attacker_is_slowed_down(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    assert tries_until_refused(throttle, "ann", AWAY) == RATE.burst
    clock.pass_by(RATE.interval)
    assert tries_until_refused(throttle, "ann", AWAY) == 1


def test_one_network_cannot_lock_ann_out_anywhere_else(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    for _ in range(200):
        tries_until_refused(throttle, "ann", AWAY)
        clock.pass_by(10)
    throttle.attempt("ann", HOME)


def test_no_number_of_networks_locks_ann_out_of_her_own(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    throttle.attempt("ann", HOME)
    throttle.succeeded("ann", HOME)
    strangers = [tries_until_refused(throttle, "ann", f"203.0.113.{n}") for n in range(200)]
    assert sum(strangers) <= RATE.burst * PER_ACCOUNT
    assert tries_until_refused(throttle, "ann", HOME) == RATE.burst


def test_one_network_cannot_try_one_password_on_everybody(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    made = [tries_until_refused(throttle, f"name{n}", AWAY, most=1) for n in range(500)]
    assert sum(made) == RATE.burst * PER_NETWORK


def test_all_of_an_ipv6_network_counts_as_one(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    made = [tries_until_refused(throttle, "ann", f"2001:db8::{n:x}", most=1) for n in range(50)]
    assert sum(made) == RATE.burst
    throttle.attempt("ann", "2001:db8:0:1::1")


def test_a_refused_try_uses_nothing_up(clock: StillClock) -> None:
    throttle = LoginThrottle(RATE, clock)
    tries_until_refused(throttle, "ann", AWAY)
    for _ in range(1_000):
        with pytest.raises(ChatError):
            throttle.attempt("ann", AWAY)
    clock.pass_by(RATE.interval)
    throttle.attempt("ann", AWAY)


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:4711", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_networks(address: str, counted_as: str) -> None:
    assert network(address) == counted_as
