"""What can be asked on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from admin.command_line import Arguments, parse
from admin.rights_bulk import BulkChange
from admin.rights_proof import Question
from core.levels import Level


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
        (
            ["rights", "explain", "bo", "Kitchen"],
            Arguments("rights", question=Question("explain", "bo", "Kitchen")),
        ),
        (
            ["rights", "who-could", "Kitchen", "3", "post", "--json"],
            Arguments(
                "rights",
                question=Question("who-could", room="Kitchen", point="3", action="post", json=True),
            ),
        ),
        (
            ["rights", "verify", "Kitchen", "--head", "abc"],
            Arguments("rights", question=Question("verify", room="Kitchen", head="abc")),
        ),
        (
            ["rights", "give", "Crew", "post", "r1", "r2", "--why", "On call"],
            Arguments(
                "rights",
                bulk=BulkChange("give", "Crew", ("r1", "r2"), Level.POST, "On call"),
            ),
        ),
        (
            ["rights", "give", "Crew", "MODERATE", "--all-rooms"],
            Arguments("rights", bulk=BulkChange("give", "Crew", None, Level.MODERATE)),
        ),
        (
            ["rights", "take", "Crew", "r1"],
            Arguments("rights", bulk=BulkChange("take", "Crew", ("r1",))),
        ),
    ],
)
def test_what_is_understood(asked: list[str], understood: Arguments) -> None:
    assert parse(asked) == understood


@pytest.mark.parametrize(
    "asked",
    [
        ["sing"],
        ["reset-link"],
        ["backup"],
        ["run", "fast"],
        ["--verbose"],
        ["rights"],
        ["rights", "sing"],
        ["rights", "give", "Crew", "post"],
        ["rights", "give", "Crew", "own", "r1"],
        ["rights", "give", "Crew", "post", "r1", "--all-rooms"],
        ["rights", "take", "Crew"],
    ],
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
    for command in ("run", "reset-link", "backup", "rotate-keys", "check", "rights", "docs"):
        assert f"    {command}" in told
