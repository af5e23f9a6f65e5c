"""The server's own secrets: made on first start in the data folder, never with a default.

keys.json (mode 0600) holds every key that is still valid; of each kind the newest is in use.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from core.errors import ConfigError

FILE = "keys.json"
KEY_BYTES = 32
_LEAST_VARIETY = 12
_PLACEHOLDERS = (b"changeme", b"change-me", b"secret", b"password", b"default", b"example")


class JwtKey(Struct, frozen=True, forbid_unknown_fields=True):
    """A key for tokens, bound to the one algorithm it may be used with."""

    kid: str
    alg: Literal["HS256"]
    key: bytes


class Keys(Struct, frozen=True, forbid_unknown_fields=True):
    """Versions count up; the highest is in use, the others still verify."""

    cookie: dict[int, bytes]
    csrf: bytes
    pepper: dict[int, bytes]
    jwt: list[JwtKey]

    @property
    def cookie_secrets(self) -> dict[int, str]:
        """What Tornado's ``cookie_secret`` setting takes."""
        return {version: base64.b64encode(key).decode() for version, key in self.cookie.items()}


def load_or_create(folder: Path) -> Keys:
    """The keys in ``folder``, made there if there are none yet. Raises `ConfigError`."""
    file = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            _write_new(file, _fresh())
        return _read(file)
    except OSError as error:
        raise ConfigError(f"The keys in {file} cannot be used: {error.strerror}.") from None


def rotate(folder: Path) -> Keys:
    """Add a new key of each kind; what the old ones signed stays valid. Raises `ConfigError`."""
    if not (folder / FILE).exists():
        raise ConfigError(f"There are no keys in {folder} yet: start the server once.")
    old = load_or_create(folder)
    fresh = _fresh()
    new = Keys(
        cookie={**old.cookie, max(old.cookie) + 1: fresh.cookie[1]},
        csrf=fresh.csrf,
        pepper={**old.pepper, max(old.pepper) + 1: fresh.pepper[1]},
        jwt=[*fresh.jwt, *old.jwt],
    )
    file = folder / FILE
    try:
        _written_beside(file, new).replace(file)
    except OSError as error:
        raise ConfigError(f"The keys in {file} cannot be written: {error.strerror}.") from None
    return new


def _fresh() -> Keys:
    return Keys(
        cookie={1: secrets.token_bytes(KEY_BYTES)},
        csrf=secrets.token_bytes(KEY_BYTES),
        pepper={1: secrets.token_bytes(KEY_BYTES)},
        jwt=[JwtKey(secrets.token_hex(8), "HS256", secrets.token_bytes(KEY_BYTES))],
    )


def _write_new(file: Path, keys: Keys) -> None:
    """Of two first starts at once, one wins and both use its keys."""
    beside = _written_beside(file, keys)
    try:
        os.link(beside, file)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _written_beside(file: Path, keys: Keys) -> Path:
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(msgspec.json.format(msgspec.json.encode(keys), indent=2))
        stream.flush()
        os.fsync(stream.fileno())
    return beside


def _read(file: Path) -> Keys:
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ConfigError(f"Others on this machine may read {file}: run chmod 600 on it.")
    try:
        keys = msgspec.json.decode(file.read_bytes(), type=Keys)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        raise ConfigError(
            f"{file} is damaged: restore it from a backup. Without it nobody's password works."
        ) from None
    _check(keys, file)
    return keys


def _check(keys: Keys, file: Path) -> None:
    if not (keys.cookie and keys.pepper and keys.jwt):
        raise ConfigError(f"{file} lacks a key: restore it from a backup.")
    every = [*keys.cookie.values(), keys.csrf, *keys.pepper.values(), *(k.key for k in keys.jwt)]
    if any(len(key) < KEY_BYTES for key in every):
        raise ConfigError(f"A key in {file} is too short: each has {KEY_BYTES} bytes or more.")
    if any(_looks_made_up(key) for key in every):
        raise ConfigError(f"A key in {file} is not random: restore the file from a backup.")
    if len({key.kid for key in keys.jwt}) < len(keys.jwt):
        raise ConfigError(f"Two keys in {file} have the same kid: restore it from a backup.")


def _looks_made_up(key: bytes) -> bool:
    return len(set(key)) < _LEAST_VARIETY or any(word in key.lower() for word in _PLACEHOLDERS)
