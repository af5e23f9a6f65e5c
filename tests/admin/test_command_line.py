"""What can be asked on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from admin.command_line import Arguments, parse


@pytest.mark.parametrize(
    ("asked", "understood"),
    [
        ([], Arguments("run")),
        (["run"], Arguments("run")),
        (["reset-link", "ann"], Arguments("reset-link", name="ann")),
        (["backup", "a.tar"], Arguments("backup", file=Path("a.tar"))),
        (["rotate-keys"], Arguments("rotate-keys")),
        (["check"], Arguments("check")),
        (["docs"], Arguments("docs")),
    ],
)
def test_what_is_understood(asked: list[str], understood: Arguments) -> None:
    assert parse(asked) == understood


@pytest.mark.parametrize(
    "asked", [["sing"], ["reset-link"], ["backup"], ["run", "fast"], ["--verbose"]]
)
def test_what_is_not(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        parse(asked)
    assert refused.value.code == 2
    assert "usage: app.py" in capsys.readouterr().err


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        parse(["--help"])
    assert done.value.code == 0
    told = capsys.readouterr().out
    for command in ("run", "reset-link", "backup", "rotate-keys", "check", "docs"):
        assert f"    {command}" in told
