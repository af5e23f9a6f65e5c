"""Passwords: checked before they are taken, kept as bcrypt hashes, compared off the event loop.

A stored hash reads ``v1$<pepper version>$<bcrypt>``; bcrypt is given base64 of HMAC-SHA-256 under
the server's pepper, because it would cut (or refuse) whatever is longer than 72 bytes.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from unicodedata import category, normalize

import bcrypt

from auth.common_passwords import check_guessable
from core.errors import ChatError

LONGEST = 1024
WAITING_PER_THREAD = 16

_FORMAT = "v1"
T = TypeVar("T")


class Passwords:
    """Hashes and compares at one cost, in its own few threads."""

    def __init__(
        self, cost: int, threads: int, pepper: Mapping[int, bytes], min_length: int
    ) -> None:
        self._cost = cost
        self._pepper = dict(pepper)
        self._min_length = min_length
        self._dummy = _never_matching(cost)
        self._room = (WAITING_PER_THREAD + 1) * threads
        self._threads = ThreadPoolExecutor(threads, "passwords")

    def check_strength(self, password: str, *names: str) -> None:
        """Whether ``password`` may be chosen by who is called ``names``; `ChatError` if not."""
        if len(password) > LONGEST:
            raise ChatError("password_long", count=LONGEST)
        opaque = prepare(password)
        if opaque is None:
            raise ChatError("password_bad")
        if len(opaque) < self._min_length:
            raise ChatError("password_short", count=self._min_length)
        check_guessable(opaque, *names)

    async def hash(self, password: str) -> str:
        """What to store. Raises `ChatError` busy, password_bad, password_long."""
        if len(password) > LONGEST:
            raise ChatError("password_long", count=LONGEST)
        opaque = prepare(password)
        if opaque is None:
            raise ChatError("password_bad")
        version = max(self._pepper)
        hashed = await self._in_thread(lambda: self._bcrypt(opaque, version))
        return f"{_FORMAT}${version}{hashed}"

    async def verify(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` made ``stored``. Costs the same when there is nothing stored.

        Raises `ChatError` busy.
        """
        opaque = prepare(password[:LONGEST])
        pepper, hashed = self._parse(stored)
        digest = _prehash(opaque or "", pepper)
        matches = await self._in_thread(lambda: self._compare(digest, hashed))
        return matches and opaque is not None and len(password) <= LONGEST

    def needs_rehash(self, stored: str) -> bool:
        """Whether ``stored`` was made with another cost or an older key than are in use."""
        return not stored.startswith(f"{_FORMAT}${max(self._pepper)}$2b${self._cost:02d}$")

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def _compare(self, digest: bytes, hashed: bytes) -> bool:
        """What was stored at a lower cost takes as long as what was never stored."""
        matches = bcrypt.checkpw(digest, hashed)
        if _cost_of(hashed) < self._cost:
            bcrypt.checkpw(digest, self._dummy)
        return matches

    def _bcrypt(self, opaque: str, version: int) -> str:
        digest = _prehash(opaque, self._pepper[version])
        return bcrypt.hashpw(digest, bcrypt.gensalt(self._cost)).decode()

    def _parse(self, stored: str | None) -> tuple[bytes, bytes]:
        if stored:
            form, version, hashed = stored.split("$", 2)
            if form == _FORMAT and int(version) in self._pepper:
                return self._pepper[int(version)], f"${hashed}".encode()
        return self._pepper[max(self._pepper)], self._dummy

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._room <= 0:
            raise ChatError("busy", retry_after=1)
        self._room -= 1
        future = self._threads.submit(work)
        future.add_done_callback(self._leave(asyncio.get_running_loop()))
        return await asyncio.wrap_future(future)

    def _leave(self, loop: asyncio.AbstractEventLoop) -> Callable[[object], None]:
        """Give the place back when the work ends, even if nobody waits for it any more."""

        def leave(_future: object) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._free_one)

        return leave

    def _free_one(self) -> None:
        self._room += 1


def prepare(password: str) -> str | None:
    """RFC 8265 OpaqueString's mappings: other spaces become spaces, then NFC.

    Its repertoire is not enforced beyond control characters: joined emoji are in passwords too.
    None for what cannot be a password.
    """
    if any(category(char) in ("Cc", "Cs") for char in password):
        return None
    spaced = "".join(" " if category(char) == "Zs" else char for char in password)
    return normalize("NFC", spaced)


def _prehash(opaque: str, pepper: bytes) -> bytes:
    return base64.b64encode(hmac.digest(pepper, opaque.encode(), hashlib.sha256))


def _cost_of(hashed: bytes) -> int:
    return int(hashed.split(b"$")[2])


def _never_matching(cost: int) -> bytes:
    """A hash that takes its full cost to compare, and that no known password has."""
    return bcrypt.gensalt(cost) + b"." * 31
