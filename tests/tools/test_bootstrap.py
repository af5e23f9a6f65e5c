"""The first thing make runs must answer an unfit Python with one sentence."""

import ast
import builtins
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sources import ROOT
from tools import bootstrap

SCRIPT = ROOT / "tools" / "bootstrap.py"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of its own, so that the environment in use is left alone."""
    venv = tmp_path / ".venv"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "UNFINISHED", venv / "unfinished")
    for lock in (bootstrap.RUN_LOCK, bootstrap.DEV_LOCK):
        (tmp_path / lock).write_text("")
    return tmp_path


def test_python_3_6_can_read_it() -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    assert bootstrap.main([]) == 1
    told = capsys.readouterr().err
    assert told.startswith("Chatelaine needs Python 3.11 or newer and this one is 3.9.2")
    assert told.count("\n") == 1


def test_a_python_without_ensurepip_is_told_what_to_install(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = builtins.__import__

    def without_ensurepip(name: str, *rest: Any) -> Any:
        if name == "ensurepip":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without_ensurepip)
    assert bootstrap.main([]) == 1
    assert capsys.readouterr().err == (
        "Python's venv module is not complete: install it with: apt-get install python3-venv\n"
    )
    assert not (elsewhere / ".venv").exists()


def test_an_unwritable_folder_is_one_sentence(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied", ".venv")

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert bootstrap.main([]) == 1
    assert capsys.readouterr().err.startswith("The environment in .venv could not be made")


def test_what_was_interrupted_is_made_anew_and_what_is_whole_is_left_alone(
    elsewhere: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    leftover = elsewhere / ".venv" / "leftover"
    leftover.parent.mkdir()
    leftover.touch()
    bootstrap.UNFINISHED.touch()
    assert bootstrap.main([]) == 0
    assert not leftover.exists()
    assert not bootstrap.UNFINISHED.exists()

    leftover.touch()
    assert bootstrap.main([]) == 0
    assert leftover.exists()

    (elsewhere / bootstrap.RUN_LOCK).write_text("nothing==1.0  # without a hash\n")
    assert bootstrap.main([]) == 1
    assert "requirements.txt could not be installed" in capfd.readouterr().err
    assert bootstrap.UNFINISHED.exists()


def test_make_names_the_remedy_when_there_is_no_python() -> None:
    command = ["make", "env", "PYTHON=no-such-python"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode != 0
    assert "apt-get install python3 python3-venv" in made.stderr
