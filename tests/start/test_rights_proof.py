"""``app.py rights ...`` as processes of their own, beside a running server and without one."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.people import Person
from tests.start.forks import Forks, Run
from tests.start.server import Server, running


@dataclass
class Town:
    """A server, people in it, their room, and a message: entry 3."""

    server: Server
    forks: Forks
    ann: Person
    bo: Person
    room: str
    file: Path

    def rights(self, *arguments: str) -> Run:
        return self.forks.run(["rights", *arguments], self.server.environ)

    def json(self, *arguments: str) -> Any:
        run = self.rights(*arguments, "--json")
        assert (run.status, run.err) == (0, "")
        return json.loads(run.out)

    def tamper(self, statement: str, *values: str) -> None:
        connection = sqlite3.connect(self.file)
        with connection:
            connection.execute(statement, values)
        connection.close()


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory, forks: Forks) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("proof")
    async with running(folder) as server:
        ann = await server.person("ann", nickname="Annika", admin=True)
        bo = await server.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        await ann.post(room, "canary")
        yield Town(server, forks, ann, bo, room, folder / "chatelaine.db")


async def test_explain(town: Town) -> None:
    told = town.json("explain", "bo", "Kitchen")
    assert (told["level"], told["room"], told["person"]) == ("POST", town.room, town.bo.id)
    (reason,) = told["because"]
    assert (reason["subject"], reason["by"]) == ("person", "Annika")
    answers = {answer["action"]: answer for answer in told["answers"]}
    assert answers["post"]["allowed"]
    assert answers["settings"] == {
        "action": "settings", "allowed": False, "needs": "OWN", "hindered_by": "level",
        "retry_after": None,
    }  # fmt: skip
    (answer,) = town.json("explain", "Annika", town.room, "ban")["answers"]
    assert answer["allowed"]
    said = town.rights("explain", "bo", "Kitchen").out
    assert "POST given to bo by Annika" in said
    assert "invite: needs MODERATE" in said


async def test_who_could(town: Town) -> None:
    told = town.json("who-could", "Kitchen", "1")
    assert [row["nickname"] for row in told["people"]] == ["Annika"]
    (change,) = told["changes"]
    assert (change["seq"], change["kind"], change["by"]) == (2, "invited", "Annika")
    assert [row["nickname"] for row in change["gained"]] == ["bo"]
    now = town.json("who-could", "Kitchen")
    assert [row["nickname"] for row in now["people"]] == ["Annika", "bo"]
    for arguments in (["3", "settings"], ["settings"]):
        owners = town.json("who-could", "Kitchen", *arguments)
        assert [row["nickname"] for row in owners["people"]] == ["Annika"]
    later = town.json("who-could", "Kitchen", "2999-01-01T00:00+08:00")
    assert later["seq"] == now["seq"]
    said = town.rights("who-could", "Kitchen", "1").out
    assert "entry 2" in said
    assert "+ bo" in said


async def test_head_and_verify(town: Town) -> None:
    head = town.json("head", "Kitchen")
    assert (head["seq"], head["room"]) == (3, town.room)
    assert head["hash"] in town.rights("head", town.room).out
    well = town.json("verify", "Kitchen", "--head", head["hash"])
    assert (well["rooms"][0]["entries"], well["rooms"][0]["faults"]) == (2, [])
    assert len(town.json("verify")["rooms"]) == 2
    assert town.rights("verify").out.endswith("All is as it was written.\n")


async def test_a_failed_verification_ends_with_1(town: Town) -> None:
    forged = "INSERT INTO grants VALUES (?, 'everyone', '', 3, NULL, 0, '', NULL)"
    town.tamper(forged, town.room)
    try:
        run = town.rights("verify")
        assert (run.status, run.err) == (1, "")
        assert "Grant to everyone: no entry explains it." in run.out
        assert town.rights("verify", "Kitchen", "--json").status == 1
    finally:
        town.tamper("DELETE FROM grants WHERE room = ? AND subject_kind = 'everyone'", town.room)
    run = town.rights("verify", "Kitchen", "--head", "f" * 64)
    assert run.status == 1
    assert "cut after entry 2, or written anew" in run.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ("explain nobody Kitchen", "Nobody here is called 'nobody'."),
        ("explain bo Cellar", "There is no room 'Cellar'."),
        ("who-could Cellar", "There is no room 'Cellar'."),
        (
            "who-could Kitchen 99",
            "There is no entry at 99 in the log of 'Kitchen'; its newest is 3.",
        ),
        ("who-could Kitchen 2001-01-01", "There is no entry at 2001-01-01 in the log"),
        ("who-could Kitchen noon", "'noon' is neither an entry's number nor a time"),
        ("verify --head " + "f" * 64, "Name the room that the head is of."),
        ("verify Kitchen --head 12", "A head's hash has 64 digits"),
        ("head Twins", "2 rooms are called 'Twins'; name one by its id: "),
        ("explain bo Kitchen fly", "invalid choice: 'fly'"),
        ("", "required: VERB"),
    ],
)
async def test_what_cannot_be_answered(town: Town, arguments: str, sentence: str) -> None:
    if "Twins" in arguments:
        twins = [await town.ann.make_room("Twins") for _ in range(2)]
        assert all(twin in town.rights("head", "Twins").err for twin in twins)
    run = town.rights(*arguments.split())
    assert (run.status, run.out) == (2, "")
    assert sentence in run.err


async def test_nothing_is_written_and_no_text_is_told(town: Town) -> None:
    before = town.file.stat().st_mtime_ns
    told = [town.rights(verb, *rest).out for verb, *rest in _ALL]
    assert all(told)
    assert "canary" not in "".join(told)
    assert town.file.stat().st_mtime_ns == before
    await town.bo.post(town.room, "the server still writes")


_ALL = [("explain", "bo", "Kitchen"), ("who-could", "Kitchen"), ("head", "Kitchen"), ("verify",)]


def test_without_a_database_there_is_a_sentence(tmp_path: Path, forks: Forks) -> None:
    run = forks.run(["rights", "verify"], {**os.environ, "CHATELAINE_DATA": str(tmp_path)})
    assert run.status == 2
    assert "There is no database here yet" in run.err
    assert list(tmp_path.iterdir()) == []
