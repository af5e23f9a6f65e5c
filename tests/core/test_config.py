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


@pytest.mark.parametrize("mode", ["invitation", "approval", "open"])
def test_the_ways_to_sign_up(tmp_path: Path, mode: str) -> None:
    assert loaded(tmp_path, SIGNUP=mode).signup == mode


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
        ({"PUBLIC_URL": "https://chat.example.org:0"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org:"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org "}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://:secret@chat.example.org"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org/#x"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://chat.example.org/?x"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://大厅.example.org"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://[2001:db8::1"}, "setting 'public_url'"),
        ({"PUBLIC_URL": "https://"}, "setting 'public_url'"),
        ({"DATA__X": "1"}, "CHATELAINE_DATA__X and the setting 'data' exclude each other"),
        ({"LIMITS": "1", "LIMITS__BODY_BYTES": "20000"}, "exclude each other"),
        ({"LIMITS__": "1"}, "Unknown setting ''"),
        ({"": "1"}, "Unknown setting ''"),
        ({"HALL": ""}, "setting 'hall'"),
        ({"LISTEN": ":8000"}, "setting 'listen'"),
        ({"LISTEN": "127.0.0.1:65536"}, "setting 'listen'"),
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
        ("HTTPS://chat.example.org", "https://chat.example.org", True),
        ("https://xn--pbtr14e.example.org", "https://xn--pbtr14e.example.org", True),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443", True),
    ],
)
def test_the_one_origin(tmp_path: Path, url: str, origin: str, secure: bool) -> None:
    config = loaded(tmp_path, PUBLIC_URL=url)
    assert (config.origin, config.secure) == (origin, secure)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("sign_up: open", "Unknown setting 'sign_up'"),
        ("limits: {body: 1}", "Unknown setting 'body'"),
        ("limits: 1", "'limits'"),
        ("limits:", "'limits'"),
        ("signup: 1", "setting 'signup'"),
        ("public_url: [a]", "setting 'public_url'"),
        ("listen: 8000", "setting 'listen'"),
        ("trusted_proxies: 127.0.0.1", "setting 'trusted_proxies'"),
        ("sessions: {idle_days: 0}", "setting 'sessions.idle_days'"),
        ("data: elsewhere", "CHATELAINE_DATA"),
        ("1: one", "Unknown setting '1'"),
    ],
)
def test_mistakes_in_the_folder_are_told_too(tmp_path: Path, content: str, told: str) -> None:
    (tmp_path / "config.yaml").write_text(content)
    with pytest.raises(ConfigError) as refused:
        loaded(tmp_path)
    assert told in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:8000", ("127.0.0.1", 8000)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:8000", ("::1", 8000)),
        ("127.8.9.10:80", ("127.8.9.10", 80)),
    ],
)
def test_this_machine_is_served_by_plain_http(
    tmp_path: Path, listen: str, address: tuple[str, int]
) -> None:
    assert loaded(tmp_path, LISTEN=listen).listen_address == address


def test_a_settings_file_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        loaded(tmp_path)


def test_the_database_is_in_the_folder_unless_it_is_named(tmp_path: Path) -> None:
    assert loaded(tmp_path).database_url == f"sqlite:///{tmp_path}/chatelaine.db"
    assert loaded(tmp_path, DATABASE="sqlite:////elsewhere.db").database_url == (
        "sqlite:////elsewhere.db"
    )


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
