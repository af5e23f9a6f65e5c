"""Only what this server signed, for this purpose, a short time ago, is a token."""

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auth.keys import JwtKey
from auth.tickets import OPEN_AT_ONCE, OPEN_PER_SESSION, SECONDS, Tickets
from auth.tokens import REQUIRED, Tokens
from core.errors import ChatError
from tests.auth.house import StillClock
from tests.auth.refusals import refusal

ISSUER = "https://chat.example.org"
KEY = JwtKey("k1", "HS256", bytes(range(32)))
OLD = JwtKey("k0", "HS256", bytes(range(32, 64)))
MINUTES = 15


@pytest.fixture
def tokens(clock: StillClock) -> Tokens:
    return Tokens([KEY, OLD], ISSUER, MINUTES, clock)


def payload(clock: StillClock, **changes: Any) -> dict[str, Any]:
    now = clock.now() // 1000
    good = {"iss": ISSUER, "aud": f"{ISSUER}/api", "sub": "ann", "sid": "s1", "jti": "j1"}
    merged = {**good, "iat": now, "exp": now + 60, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def signed(claims: dict[str, Any], key: JwtKey = KEY, **header: Any) -> str:
    return jwt.encode(claims, key.key, "HS256", {"kid": key.kid, **header})


def refused(tokens: Tokens, token: str) -> bool:
    error = refusal(lambda: tokens.verify(token))
    return error is not None and error.code == "not_signed_in"


@given(st.text("abc123", min_size=1, max_size=13), st.text("abc123", min_size=1, max_size=13))
def test_what_is_issued_is_understood(account: str, session: str) -> None:
    tokens = Tokens([KEY, OLD], ISSUER, MINUTES, StillClock())
    token, expires_in = tokens.issue(account, session)
    claims = tokens.verify(token)
    assert (claims.account, claims.session) == (account, session)
    assert claims.expires_at - claims.issued_at == expires_in == MINUTES * 60


@given(st.data())
def test_no_changed_character_goes_unnoticed(data: st.DataObject) -> None:
    tokens = Tokens([KEY], ISSUER, MINUTES, StillClock())
    token, _ = tokens.issue("ann", "s1")
    at = data.draw(st.integers(0, len(token) - 2))  # the last one holds unused bits
    other = data.draw(st.characters(codec="utf-8").filter(lambda char: char != token[at]))
    assert refused(tokens, token[:at] + other + token[at + 1 :])


def test_good_until_it_expires(tokens: Tokens, clock: StillClock) -> None:
    token, expires_in = tokens.issue("ann", "s1")
    clock.pass_by(expires_in - 1)
    tokens.verify(token)
    clock.pass_by(1)
    assert refused(tokens, token)


def test_old_keys_still_verify(tokens: Tokens, clock: StillClock) -> None:
    assert tokens.verify(signed(payload(clock), OLD)).account == "ann"


@pytest.mark.parametrize("claim", REQUIRED)
def test_every_claim_is_required(tokens: Tokens, clock: StillClock, claim: str) -> None:
    assert not refused(tokens, signed(payload(clock)))
    assert refused(tokens, signed(payload(clock, **{claim: None})))


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example.org"},
        {"aud": ISSUER},
        {"aud": [f"{ISSUER}/api", "other"]},
        {"sub": ""},
        {"sub": 7},
        {"sid": ["s1"]},
        {"jti": 1},
        {"iat": 1_800_000_060},
        {"iat": "1800000000"},
        {"exp": 1_800_000_000},
        {"exp": 1_800_000_000 + 365 * 86_400},
        {"exp": 1_800_000_060.5},
        {"exp": True},
        {"nbf": 0},
    ],
)
def test_wrong_claims(tokens: Tokens, clock: StillClock, changes: dict[str, Any]) -> None:
    assert refused(tokens, signed(payload(clock, **changes)))


def test_wrong_key_for_the_kid(tokens: Tokens, clock: StillClock) -> None:
    assert refused(tokens, signed(payload(clock), OLD, kid="k1"))


@pytest.mark.parametrize("kid", [None, "", "k2", 1, ["k1"], {"k": 1}])
def test_unknown_kid(tokens: Tokens, clock: StillClock, kid: Any) -> None:
    header = {"alg": "HS256", "typ": "JWT", "kid": kid}
    body = f"{part(header)}.{part(payload(clock))}"
    signature = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256).sign(
        body.encode(), KEY.key
    )
    assert refused(tokens, f"{body}.{encoded(signature)}")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512", "RS256", ""])
def test_no_other_algorithm(tokens: Tokens, clock: StillClock, algorithm: str) -> None:
    for token in (
        f"{part({'alg': algorithm, 'kid': 'k1'})}.{part(payload(clock))}.",
        f"{part({'alg': algorithm, 'kid': 'k1'})}.{signed(payload(clock)).split('.', 1)[1]}",
    ):
        assert refused(tokens, token)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_right_signature_by_another_algorithm(
    tokens: Tokens, clock: StillClock, algorithm: str
) -> None:
    long_key = JwtKey("k1", "HS256", bytes(range(64)))
    token = jwt.encode(payload(clock), long_key.key, algorithm, {"kid": "k1"})
    assert refused(Tokens([long_key], ISSUER, MINUTES, clock), token)


JUNK = ("", ".", "..", "a.b.c", "\x00", "ä.ö.ü", "e30.e30.e30", "x" * 100_000)


@pytest.mark.parametrize("junk", JUNK)
def test_junk(tokens: Tokens, junk: str) -> None:
    assert refused(tokens, junk)


def part(content: dict[str, Any]) -> str:
    return encoded(json.dumps(content).encode())


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def test_a_ticket_works_once(clock: StillClock) -> None:
    tickets = Tickets(clock)
    ticket = tickets.issue("s1")
    assert tickets.redeem("another") is None
    assert tickets.redeem(ticket) == "s1"
    assert tickets.redeem(ticket) is None


def test_a_ticket_expires(clock: StillClock) -> None:
    tickets = Tickets(clock)
    ticket = tickets.issue("s1")
    clock.pass_by(SECONDS)
    assert tickets.redeem(ticket) is None


def test_tickets_are_bounded_for_each_and_for_all(clock: StillClock) -> None:
    tickets = Tickets(clock)
    for _ in range(OPEN_PER_SESSION):
        tickets.issue("s1")
    with pytest.raises(ChatError, match="too_many_requests"):
        tickets.issue("s1")
    for number in range(OPEN_AT_ONCE - OPEN_PER_SESSION):
        tickets.issue(f"other {number}")
    with pytest.raises(ChatError, match="busy"):
        tickets.issue("s2")
    clock.pass_by(SECONDS)
    tickets.issue("s1")
