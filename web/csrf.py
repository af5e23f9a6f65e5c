"""Proof that a form or a JSON write comes from a page that this server gave to this session."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode

FIELD = "_csrf"
HEADER = "X-CSRF-Token"


class Csrf:
    """Tokens bound to a session: no other session's token passes, and none can be made up."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, session: str) -> str:
        digest = hmac.digest(self._key, f"csrf:{session}".encode(), hashlib.sha256)
        return urlsafe_b64encode(digest).rstrip(b"=").decode()

    def accepts(self, session: str, token: str) -> bool:
        return hmac.compare_digest(self.token(session).encode(), token.encode())
