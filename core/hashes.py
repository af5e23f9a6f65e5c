"""One-way hashes of random secrets, for keeping them in a database."""

import hashlib


def secret_hash(secret: str) -> str:
    """SHA-256 in hex. Right for 256-bit random secrets only; passwords go through bcrypt."""
    return hashlib.sha256(secret.encode()).hexdigest()
