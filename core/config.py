"""The settings: config.yaml, then data/config.yaml, then CHATELAINE_* variables."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
import yaml
from msgspec import Meta, Struct

from core.errors import ConfigError

PREFIX = "CHATELAINE_"

_HOST = re.compile(r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?", re.ASCII)
"""As a browser writes it into the Host header; names in other scripts in their ASCII form."""

Positive = Annotated[int, Meta(ge=1)]


class _Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of settings; an unknown key is an error."""


class Sessions(_Settings, frozen=True):
    idle_days: Positive
    per_person: Positive


class Tokens(_Settings, frozen=True):
    minutes: Annotated[int, Meta(ge=1, le=1440)]
    made_by: Literal["members", "admins", "nobody"]


class Passwords(_Settings, frozen=True):
    cost: Annotated[int, Meta(ge=4, le=20)]
    min_length: Annotated[int, Meta(ge=8, le=128)]
    threads: Annotated[int, Meta(ge=1, le=64)]


class Throttle(_Settings, frozen=True):
    login_burst: Positive
    login_seconds: Positive
    signup_burst: Positive
    signup_seconds: Positive
    rooms_burst: Positive
    rooms_seconds: Positive
    invites_burst: Positive
    invites_seconds: Positive
    asks_burst: Positive
    asks_seconds: Positive


class Limits(_Settings, frozen=True):
    body_bytes: Annotated[int, Meta(ge=16_384)]
    frame_bytes: Annotated[int, Meta(ge=16_384)]
    frame_burst: Positive
    frames_per_second: Positive
    request_burst: Positive
    requests_per_second: Positive
    sockets_per_person: Positive
    backlog_bytes: Annotated[int, Meta(ge=65_536)]
    idle_seconds: Positive
    body_seconds: Positive
    ping_seconds: Positive


class Config(_Settings, frozen=True):
    """Every setting; config.yaml beside app.py explains each."""

    public_url: str
    listen: str
    trusted_proxies: list[str]
    allow_http: bool
    data: str
    database: str
    signup: Literal["invitation", "approval", "open"]
    rooms_made_by: Literal["members", "admins"]
    direct_by: Literal["members", "everyone", "nobody"]
    hall: Annotated[str, Meta(min_length=1, max_length=80)]
    log_level: Literal["debug", "info", "warning", "error"]
    sessions: Sessions
    tokens: Tokens
    passwords: Passwords
    throttle: Throttle
    limits: Limits

    @property
    def origin(self) -> str:
        """The one origin whose pages may act: scheme, host and port of ``public_url``."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def secure(self) -> bool:
        """Whether people reach the server by https."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def listen_address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def data_folder(self) -> Path:
        return Path(self.data).absolute()

    @property
    def database_url(self) -> str:
        return self.database or f"sqlite:///{self.data_folder / 'chatelaine.db'}"


def load(defaults: Path, environ: Mapping[str, str]) -> Config:
    """Read all three sources. Raises `ConfigError` with one sentence that names the culprit."""
    settings = _read(defaults)
    overrides = _from_environment(environ)
    data = Path(str(overrides.get("data", settings.get("data", "data"))))
    own = data / "config.yaml"
    if own.exists():
        _merge(settings, _without_data(_read(own), own), str(own))
    _merge(settings, overrides, "the environment")
    return _checked(_convert(settings))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise ConfigError(f"{path} is not valid YAML.") from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ConfigError(f"{path} must hold settings, one a line, such as 'signup: open'.")
    return content


def _without_data(settings: dict[str, Any], file: Path) -> dict[str, Any]:
    if "data" in settings:
        raise ConfigError(f"{file} cannot say where it is: set CHATELAINE_DATA instead of 'data'.")
    return settings


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for variable, text in sorted(environ.items()):
        if variable.startswith(PREFIX):
            *groups, key = variable.removeprefix(PREFIX).lower().split("__")
            place = found
            for group in groups:
                place = place.setdefault(group, {})
                if not isinstance(place, dict):
                    raise ConfigError(f"{variable} and the setting '{group}' exclude each other.")
            place[key] = text.split() if key == "trusted_proxies" else text
    return found


def _merge(into: dict[str, Any], changes: Mapping[str, Any], source: str) -> None:
    for key, value in changes.items():
        if key not in into:
            raise ConfigError(f"Unknown setting '{key}' in {source}.")
        if isinstance(into[key], dict):
            if not isinstance(value, dict):
                raise ConfigError(f"Setting '{key}' in {source} is a group of settings.")
            _merge(into[key], value, source)
        else:
            into[key] = value


def _convert(settings: dict[str, Any]) -> Config:
    try:
        return msgspec.convert(settings, Config, strict=False)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        name = where.strip("`.") or "the settings"
        raise ConfigError(f"Wrong value for setting '{name}': {what}.") from None


def _checked(config: Config) -> Config:
    _check_url(config.public_url)
    _check_listen(config)
    if config.database and not config.database.startswith("sqlite:///"):
        raise ConfigError("Wrong value for setting 'database': it begins with sqlite:///.")
    for proxy in config.trusted_proxies:
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError:
            raise ConfigError(
                f"Wrong value for setting 'trusted_proxies': '{proxy}' is not an address."
            ) from None
    return config


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        good = (
            parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) and parts.port != 0
        )
    except ValueError:
        good = False
    if not good or parts.path.strip("/") or parts.query or parts.fragment:
        raise ConfigError(
            f"Wrong value for setting 'public_url': '{url}' is not like https://chat.example.org."
        )


def _check_listen(config: Config) -> None:
    try:
        host, port = config.listen_address
        good = 0 <= port <= 65_535 and host
    except ValueError:
        good = False
    if not good:
        raise ConfigError(
            f"Wrong value for setting 'listen': '{config.listen}' is not like 127.0.0.1:8000."
        )
    if not (config.secure or config.allow_http or _is_loopback(config.listen_address[0])):
        raise ConfigError(
            "Plain http is served to this machine only: set 'public_url' to https behind a proxy"
            " with TLS, or set 'allow_http' if you accept that passwords can be read on the way."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
