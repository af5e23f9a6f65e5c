"""Settings: three sources, and a sentence for each mistake."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from app import ROOT
from core.config import Config, load
from core.errors import ConfigError

DEFAULTS = ROOT / "config.yaml"


def loaded(data: Path, **environ: str) -> Config:
    given = {f"CHATELAINE_{name}": value for name, value in environ.items()}
    return load(DEFAULTS, {"CHATELAINE_DATA": str(data), "HOME": "/elsewhere", **given})


def test_the_environment_wins_over_the_folder_over_the_defaults(tmp_path: Path) -> None:
    assert loaded(tmp_path).limits.ping_seconds == 20
    (tmp_path / "config.yaml").write_text("limits: {ping_seconds: 7}\nsignup: open\n")
    assert (loaded(tmp_path).limits.ping_seconds, loaded(tmp_path).signup) == (7, "open")
    config = loaded(tmp_path, LIMITS__PING_SECONDS="8", TRUSTED_PROXIES="127.0.0.1 10.0.0.0/8")
    assert config.limits.ping_seconds == 8
    assert config.trusted_proxies == ["127.0.0.1", "10.0.0.0/8"]
    assert config.limits.body_bytes == loaded(tmp_path).limits.body_bytes


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"SIGN_UP": "open"}, "Unknown setting 'sign_up'"),
        ({"LIMITS__BODY": "1"}, "Unknown setting 'body'"),
        ({"LIMITS": "1"}, "'limits' in the environment is a group"),
        ({"SIGNUP": "maybe"}, "setting 'signup'"),
        ({"LIMITS__BODY_BYTES": "many"}, "setting 'limits.body_bytes'"),
        ({"LIMITS__BODY_BYTES": "1"}, "setting 'limits.body_bytes'"),
        ({"PASSWORDS__MIN_LENGTH": "4"}, "setting 'passwords.min_length'"),
        ({"ALLOW_HTTP": "perhaps"}, "setting 'allow_http'"),
        ({"PUBLIC_URL": "chat.example.org"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "ftp://chat.example.org"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org/chat"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://me@chat.example.org"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org:99999"}, "setting 'public_url'"),
        ({"LISTEN": "8000"}, "setting 'listen'"),
        ({"LISTEN": "127.0.0.1:http"}, "setting 'listen'"),
        ({"TRUSTED_PROXIES": "proxy"}, "'proxy' is not an address"),
        ({"LISTEN": "0.0.0.0:8000"}, "Plain http is served to this machine only"),
        ({"LISTEN": "[::]:8000"}, "Plain http is served to this machine only"),
    ],
)
def test_mistakes_are_told_by_name(tmp_path: Path, environ: dict[str, str], told: str) -> None:
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path, **environ)
    assert told in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("content", ["- a\n- b\n", "signup", "signup: [", "\x00", "a: &a [*a]"])
def test_a_file_that_holds_no_settings(tmp_path: Path, content: str) -> None:
    (tmp_path / "config.yaml").write_text(content)
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("url", "origin", "secure"),
    [
        ("https://Chat.Example.org", "https://chat.example.org", True),
        ("https://chat.example.org/", "https://chat.example.org", True),
        ("http://localhost:8000", "http://localhost:8000", False),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", True),
    ],
)
def test_the_one_origin(tmp_path: Path, url: str, origin: str, secure: bool) -> None:
    config = loaded(tmp_path, PUBLIC_URL=url)
    assert (config.origin, config.secure) == (origin, secure)


def test_plain_http_further_out_is_a_decision(tmp_path: Path) -> None:
    assert loaded(tmp_path, LISTEN="0.0.0.0:8000", ALLOW_HTTP="true").allow_http
    assert loaded(tmp_path, LISTEN="0.0.0.0:8000", PUBLIC_URL="https://chat.example.org").secure


def names(settings: dict[str, Any], kind: type) -> set[str]:
    """Every setting's path in a struct."""
    found: set[str] = set()
    for field in msgspec.structs.fields(kind):
        inner = field.type
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            found |= {f"{field.name}.{name}" for name in names(settings[field.name], inner)}
        else:
            found.add(field.name)
    return found


def test_every_setting_is_explained() -> None:
    """Each setting of the struct is in config.yaml, with a comment above it or its neighbour."""
    lines = DEFAULTS.read_text("utf-8").splitlines()
    settings = yaml.safe_load("\n".join(lines))
    flat = {
        f"{group}.{name}" if isinstance(inner, dict) else group
        for group, inner in settings.items()
        for name in (inner if isinstance(inner, dict) else [group])
    }
    assert flat == names(settings, Config)
    explained = False
    for line in lines:
        if not line.strip():
            explained = False
        elif line.lstrip().startswith("#"):
            explained = True
        elif not re.fullmatch(r"\w+:", line):
            assert explained, f"no comment explains: {line}"
