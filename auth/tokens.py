"""Short-lived tokens (JWT) for programs, each tied to a session that can be ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jwt
from msgspec import Struct

from auth.keys import JwtKey
from core.clock import Clock
from core.errors import ChatError
from core.ids import new_id

LONGEST = 2_048
LEEWAY = 30
REQUIRED = ("iss", "aud", "sub", "sid", "jti", "iat", "exp")


class Claims(Struct, frozen=True):
    """What a token says; times in seconds."""

    account: str
    session: str
    id: str
    issued_at: int
    expires_at: int


class Tokens:
    """Issues with the first key; verifies with each, but only by the algorithm bound to it."""

    def __init__(self, keys: Sequence[JwtKey], issuer: str, minutes: int, clock: Clock) -> None:
        self._current = keys[0]
        self._keys = {key.kid: key for key in keys}
        self._issuer = issuer
        self._audience = f"{issuer}/api"
        self._seconds = minutes * 60
        self._clock = clock

    def issue(self, account: str, session: str) -> tuple[str, int]:
        """A token, and the seconds it is good for."""
        now = self._now()
        payload = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": account,
            "sid": session,
            "jti": new_id(),
            "iat": now,
            "exp": now + self._seconds,
        }
        key = self._current
        return jwt.encode(payload, key.key, key.alg, {"kid": key.kid}), self._seconds

    def verify(self, token: str) -> Claims:
        """Raises `ChatError` not_signed_in for what `issue` did not make, or made too long ago."""
        try:
            return self._checked(self._decode(token))
        except (jwt.InvalidTokenError, ValueError):
            raise ChatError("not_signed_in") from None

    def _decode(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise ValueError("too long")
        kid = jwt.get_unverified_header(token).get("kid")
        key = self._keys.get(kid) if isinstance(kid, str) else None
        if key is None:
            raise ValueError("unknown key")
        return jwt.decode(
            token,
            key.key,
            algorithms=[key.alg],
            audience=self._audience,
            issuer=self._issuer,
            options={
                "require": list(REQUIRED),
                "strict_aud": True,
                "enforce_minimum_key_length": True,
                # by our own clock, below
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )

    def _checked(self, payload: dict[str, Any]) -> Claims:
        account, session, token_id = payload["sub"], payload["sid"], payload["jti"]
        issued, expires = payload["iat"], payload["exp"]
        if not all(isinstance(text, str) and text for text in (account, session, token_id)):
            raise ValueError("not texts")
        if type(issued) is not int or type(expires) is not int or "nbf" in payload:
            raise ValueError("not times")
        now = self._now()
        if not issued - LEEWAY <= now < expires <= issued + self._seconds:
            raise ValueError("not valid at this time")
        return Claims(account, session, token_id, issued, expires)

    def _now(self) -> int:
        return self._clock.now() // 1000
