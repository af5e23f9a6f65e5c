"""Keys are made once, kept to oneself, rotated, and never made up by hand."""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest

from auth import keys
from core.errors import ConfigError


def edit(folder: Path, **changes: Any) -> None:
    file = folder / keys.FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def text_key(text: str) -> str:
    return b64encode(text.encode()).decode()


def test_first_start_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    made = keys.load_or_create(folder)
    assert (folder.stat().st_mode & 0o777, (folder / keys.FILE).stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    assert keys.load_or_create(folder) == made
    assert [file.name for file in folder.iterdir()] == [keys.FILE]


def test_no_two_servers_share_a_key(tmp_path: Path) -> None:
    one, other = keys.load_or_create(tmp_path / "1"), keys.load_or_create(tmp_path / "2")
    every = [one.csrf, one.cookie[1], one.pepper[1], one.jwt[0].key]
    assert len({*every, other.csrf, other.cookie[1], other.pepper[1], other.jwt[0].key}) == 8


def test_rotation_adds_a_key_and_keeps_the_old_ones(tmp_path: Path) -> None:
    old = keys.load_or_create(tmp_path)
    new = keys.rotate(tmp_path)
    assert new == keys.load_or_create(tmp_path)
    assert (max(new.cookie), new.cookie[1], new.pepper[1]) == (2, old.cookie[1], old.pepper[1])
    assert new.jwt[1:] == old.jwt
    assert new.jwt[0].kid != old.jwt[0].kid
    assert (tmp_path / keys.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_that_others_may_read_stops_the_start(tmp_path: Path, mode: int) -> None:
    keys.load_or_create(tmp_path)
    (tmp_path / keys.FILE).chmod(mode)
    with pytest.raises(ConfigError, match="chmod 600"):
        keys.load_or_create(tmp_path)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"csrf": "!"}', "\udcff", "[" * 100_000])
def test_a_damaged_file_stops_the_start(tmp_path: Path, content: str) -> None:
    keys.load_or_create(tmp_path)
    (tmp_path / keys.FILE).write_text(content, errors="surrogateescape")
    with pytest.raises(ConfigError, match="damaged"):
        keys.load_or_create(tmp_path)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"csrf": text_key("short")}, "too short"),
        ({"csrf": ""}, "too short"),
        ({"csrf": text_key("x" * 32)}, "not random"),
        ({"cookie": {"1": text_key("changeme-abcdefghijklmnopqrstuvw")}}, "not random"),
        ({"pepper": {"1": text_key("my-very-own-Secret-for-this-chat!")}}, "not random"),
        ({"cookie": {}}, "lacks a key"),
        ({"jwt": []}, "lacks a key"),
        ({"jwt": [{"kid": "1", "alg": "none", "key": ""}]}, "damaged"),
        ({"unknown": 1}, "damaged"),
    ],
)
def test_a_weak_or_missing_key_stops_the_start(
    tmp_path: Path, change: dict[str, Any], complaint: str
) -> None:
    keys.load_or_create(tmp_path)
    edit(tmp_path, **change)
    with pytest.raises(ConfigError, match=complaint) as refused:
        keys.load_or_create(tmp_path)
    assert str(tmp_path / keys.FILE) in str(refused.value)


def test_the_same_kid_twice_stops_the_start(tmp_path: Path) -> None:
    keys.load_or_create(tmp_path)
    jwt = json.loads((tmp_path / keys.FILE).read_text())["jwt"]
    edit(tmp_path, jwt=[*jwt, *jwt])
    with pytest.raises(ConfigError, match="same kid"):
        keys.load_or_create(tmp_path)


def test_a_folder_in_the_way_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be used"):
        keys.load_or_create(tmp_path / "file" / "data")
