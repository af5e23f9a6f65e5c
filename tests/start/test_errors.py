"""Whatever keeps the program from starting, it says so in a sentence, and how to mend it."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app import ROOT
from tests.house import settings
from tests.start.forks import Forks, Run
from tests.start.server import environment, free_port


@pytest.fixture(scope="module")
def powerless() -> Iterator[Forks]:
    forks = Forks(powerless=True)
    yield forks
    forks.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that does not exist yet."""
    return tmp_path / "data"


def start(forks: Forks, folder: Path, **more: str) -> Run:
    return forks.run(["run"], {**environment(), **settings(folder, free_port(), more)})


def refused(run: Run, *words: str) -> None:
    """One clear sentence, or two; nothing else."""
    assert "Traceback" not in run.err
    assert (run.status, run.out) == (2, ""), run.err
    assert run.err.count("\n") == 1 and run.err.endswith((".\n", "?\n")), run.err
    assert len(run.err) < 400
    for word in words:
        assert word in run.err


# --- the machine ---------------------------------------------------------------------------------


def test_port_in_use(folder: Path) -> None:
    """Told by the program as people start it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "app.py", "run"],
            cwd=ROOT,
            env={**environment(), **settings(folder, port)},
            capture_output=True,
            text=True,
            check=False,
        )
    refused(
        Run(ended.returncode, ended.stdout, ended.stderr),
        f"127.0.0.1:{port}",
        "'listen'",
        "stop it",
    )


def test_an_address_that_is_not_ours(forks: Forks, folder: Path) -> None:
    more = {"LISTEN": "192.0.2.1:8000", "PUBLIC_URL": "https://chat.example.org"}
    refused(start(forks, folder, **more), "192.0.2.1:8000")


def test_a_file_in_place_of_the_data_folder(forks: Forks, folder: Path) -> None:
    folder.write_text("")
    refused(start(forks, folder), str(folder), "CHATELAINE_DATA")


@pytest.mark.parametrize("folder", ["/proc/chatelaine", "/proc/self", "/dev/null/data"])
def test_a_data_folder_where_none_can_be(forks: Forks, folder: str) -> None:
    refused(start(forks, Path(folder)), folder)


def test_a_data_folder_of_someone_else(powerless: Forks, folder: Path) -> None:
    """Modes bind this process, even when root runs the tests."""
    folder.mkdir(mode=0o500)
    refused(start(powerless, folder), str(folder), "cannot be written")


def test_a_folder_in_place_of_the_lock(forks: Forks, folder: Path) -> None:
    (folder / "lock").mkdir(parents=True)
    refused(start(forks, folder), str(folder))


def test_a_database_of_someone_else(powerless: Forks, folder: Path) -> None:
    folder.mkdir(mode=0o700)
    sqlite3.connect(folder / "chatelaine.db").close()
    (folder / "chatelaine.db").touch(mode=0o400)
    (folder / "chatelaine.db").chmod(0o400)
    refused(start(powerless, folder), "chatelaine.db")


# --- the settings --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"SINGUP": "open"}, ["'singup'", "environment"]),
        ({"LIMITS__FRAMES": "5"}, ["'frames'", "environment"]),
        ({"TOKENS": "5"}, ["'tokens'", "group"]),
        ({"TOKENS__MINUTES": "soon"}, ["'tokens.minutes'"]),
        ({"TOKENS__MINUTES": "0"}, ["'tokens.minutes'"]),
        ({"SIGNUP": "closed"}, ["'signup'"]),
        ({"ALLOW_HTTP": "perhaps"}, ["'allow_http'"]),
        ({"TRUSTED_PROXIES": "10.0.0.0/8 nginx"}, ["'trusted_proxies'", "'nginx'"]),
        ({"PUBLIC_URL": "chat.example.org"}, ["'public_url'"]),
        ({"PUBLIC_URL": "https://chat.example.org/chat"}, ["'public_url'"]),
        ({"LISTEN": "8000"}, ["'listen'"]),
        ({"LISTEN": "127.0.0.1:99999"}, ["'listen'"]),
        ({"LISTEN": "0.0.0.0:8000"}, ["Plain http", "'allow_http'"]),
        ({"LISTEN": "[::]:8000"}, ["Plain http"]),
        ({"LISTEN": "192.0.2.1:8000"}, ["Plain http"]),
    ],
    ids=lambda value: "=".join(*value.items()) if isinstance(value, dict) else "",
)
def test_settings(forks: Forks, folder: Path, more: dict[str, str], words: list[str]) -> None:
    refused(start(forks, folder, **more), *words)
    assert not folder.exists(), "nothing is made before the settings are read"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann:hunter2@localhost/chat",
        "mysql:///chat",
        "sqlite://",
        "sqlite:///:memory:",
        "no url",
        ":/",
    ],
)
def test_a_database_that_is_not_known(forks: Forks, folder: Path, url: str) -> None:
    run = start(forks, folder, DATABASE=url)
    refused(run, "'database'", "sqlite:///")
    assert "hunter2" not in run.err


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ("singup: open\n", ["'singup'", "config.yaml"]),
        ("limits:\n  frames: 5\n", ["'frames'", "config.yaml"]),
        ("limits: 5\n", ["'limits'", "group"]),
        ("passwords:\n  cost: high\n", ["'passwords.cost'"]),
        ("trusted_proxies: 10.0.0.1\n", ["'trusted_proxies'"]),
        ("hall: [Hall]\n", ["'hall'"]),
        ("signup\n", ["config.yaml", "one a line"]),
        ("signup: 'open\n", ["config.yaml", "YAML"]),
        ("[" * 5_000, ["config.yaml", "YAML"]),
        ("!!python/object/apply:os.system ['true']", ["config.yaml", "YAML"]),
        ("\udcff", ["config.yaml", "YAML"]),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "",
)
def test_own_settings(forks: Forks, folder: Path, own: str, words: list[str]) -> None:
    folder.mkdir()
    (folder / "config.yaml").write_text(own, errors="surrogateescape")
    run = forks.run(["check"], {**environment(), "CHATELAINE_DATA": str(folder)})
    refused(run, *words)


# --- the keys ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def good(forks: Forks, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of a data folder that a server has run on."""
    folder = tmp_path_factory.mktemp("good") / "data"
    ran = forks.run(["reset-link", "nobody"], {**environment(), **settings(folder, free_port())})
    refused(ran, "'nobody'")
    with sqlite3.connect(folder / "chatelaine.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return {name: (folder / name).read_bytes() for name in ("keys.json", "chatelaine.db")}


def _short(keys: Any) -> None:
    keys["csrf"] = b64encode(b"short").decode()


def _default(keys: Any) -> None:
    keys["jwt"][0]["key"] = b64encode(b"changeme-changeme-changeme-changeme!").decode()


def _zeros(keys: Any) -> None:
    keys["cookie"]["1"] = b64encode(bytes(32)).decode()


def _none_left(keys: Any) -> None:
    keys["jwt"] = []


def _other_algorithm(keys: Any) -> None:
    keys["jwt"][0]["alg"] = "none"


def _unknown(keys: Any) -> None:
    keys["extra"] = 1


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (_short, "too short"),
        (_default, "not random"),
        (_zeros, "not random"),
        (_none_left, "lacks a key"),
        (_other_algorithm, "damaged"),
        (_unknown, "damaged"),
    ],
)
def test_keys(
    forks: Forks, folder: Path, good: dict[str, bytes], spoil: Callable[[Any], None], word: str
) -> None:
    keys = json.loads(good["keys.json"])
    spoil(keys)
    _write_keys(folder, json.dumps(keys).encode())
    (folder / "chatelaine.db").write_bytes(good["chatelaine.db"])
    refused(start(forks, folder), "keys.json", word)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 5_000])
def test_damaged_keys(forks: Forks, folder: Path, good: dict[str, bytes], content: bytes) -> None:
    _write_keys(folder, content)
    (folder / "chatelaine.db").write_bytes(good["chatelaine.db"])
    refused(start(forks, folder), "keys.json", "damaged", "backup")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o602, 0o666])
def test_keys_that_others_may_read(
    forks: Forks, folder: Path, good: dict[str, bytes], mode: int
) -> None:
    _write_keys(folder, good["keys.json"])
    (folder / "keys.json").chmod(mode)
    (folder / "chatelaine.db").write_bytes(good["chatelaine.db"])
    refused(start(forks, folder), "keys.json", "chmod 600")


def _write_keys(folder: Path, content: bytes) -> None:
    folder.mkdir()
    (folder / "keys.json").write_bytes(content)
    (folder / "keys.json").chmod(0o600)


# --- the database --------------------------------------------------------------------------------


def test_a_database_newer_than_the_program(
    forks: Forks, folder: Path, good: dict[str, bytes]
) -> None:
    _write_keys(folder, good["keys.json"])
    (folder / "chatelaine.db").write_bytes(good["chatelaine.db"])
    with sqlite3.connect(folder / "chatelaine.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    refused(start(forks, folder), "chatelaine.db", "newer", "9999")


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _overwritten(content: bytes) -> bytes:
    return content[:4096] + b"\xa5" * (len(content) - 4096)


def _junk(content: bytes) -> bytes:
    return b"This is no database. " * 500


def _rows(content: bytes) -> bytes:
    """The schema and its revision are well; the pages of the first tables are not."""
    first, last = 3 * 4096, 22 * 4096
    return content[:first] + b"\xa5" * (last - first) + content[last:]


@pytest.mark.parametrize("spoil", [_cut, _overwritten, _junk])
def test_a_corrupt_database(
    forks: Forks, folder: Path, good: dict[str, bytes], spoil: Callable[[bytes], bytes]
) -> None:
    _write_keys(folder, good["keys.json"])
    (folder / "chatelaine.db").write_bytes(spoil(good["chatelaine.db"]))
    refused(start(forks, folder), "database", "chatelaine.db")


@pytest.mark.parametrize("command", [["run"], ["reset-link", "ann"]])
def test_a_database_with_damaged_tables(
    forks: Forks, folder: Path, good: dict[str, bytes], command: list[str]
) -> None:
    """What failed is logged; then comes the sentence."""
    _write_keys(folder, good["keys.json"])
    (folder / "chatelaine.db").write_bytes(_rows(good["chatelaine.db"]))
    run = forks.run(command, {**environment(), **settings(folder, free_port())})
    logged, _, sentence = run.err.rstrip("\n").rpartition("\n")
    assert "Traceback" not in logged
    refused(Run(run.status, run.out, f"{sentence}\n"), "database", "backup")


def test_a_folder_in_place_of_the_database(forks: Forks, folder: Path) -> None:
    (folder / "chatelaine.db").mkdir(parents=True)
    refused(start(forks, folder), "chatelaine.db")


@pytest.mark.parametrize("left", [None, b""], ids=["missing", "emptied"])
@pytest.mark.parametrize("command", [["run"], ["reset-link", "ann"]])
def test_a_database_that_was_there_before(
    forks: Forks, folder: Path, good: dict[str, bytes], command: list[str], left: bytes | None
) -> None:
    """Never a new one in its place, with everything gone and nobody told."""
    _write_keys(folder, good["keys.json"])
    if left is not None:
        (folder / "chatelaine.db").write_bytes(left)
    run = forks.run(command, {**environment(), **settings(folder, free_port())})
    refused(run, "chatelaine.db", "missing", "restore a backup", "keys.json")
    database = folder / "chatelaine.db"
    assert (database.read_bytes() if database.exists() else None) == left


def test_new_keys_are_not_made_where_there_are_none(forks: Forks, folder: Path) -> None:
    """They would look as if a database had been there."""
    refused(forks.run(["rotate-keys"], {**environment(), **settings(folder, free_port())}), "keys")
    assert not (folder / "keys.json").exists()


# --- the command line ----------------------------------------------------------------------------


def test_help_lists_the_commands(forks: Forks) -> None:
    run = forks.run(["--help"], environment())
    assert (run.status, run.err) == (0, "")
    for command in ("run", "reset-link", "backup", "rotate-keys", "check", "docs"):
        assert f"\n    {command}" in run.out


@pytest.mark.parametrize("arguments", [["fly"], ["reset-link"], ["run", "--fast"], ["backup"]])
def test_what_is_no_command_is_told_how(forks: Forks, arguments: list[str]) -> None:
    run = forks.run(arguments, environment())
    assert (run.status, run.out) == (2, "")
    assert run.err.startswith("usage: app.py")


def test_good_settings_are_valid(forks: Forks, folder: Path) -> None:
    run = forks.run(["check"], {**environment(), **settings(folder, free_port())})
    assert (run.status, run.out, run.err) == (0, "The settings are valid.\n", "")
    assert not folder.exists()
