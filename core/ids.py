"""Random identifiers that say nothing about what they name."""

import secrets

ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"
LENGTH = 13


def new_id() -> str:
    """65 random bits, readable aloud (no 0, 1, l, o), safe in a URL and on a command line."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_secret() -> str:
    """256 random bits for a URL or a cookie; keep only `core.hashes.secret_hash` of it."""
    return secrets.token_urlsafe(32)
