"""The server goes down and comes back, well or badly: nothing is missed and nothing repeated."""

from __future__ import annotations

import asyncio
import random
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from core.ids import new_id
from tests.people import Person
from tests.start.server import Server, running
from tests.wires import Ended, Notes, Wire

GONE = (OSError, ConnectionClosed, InvalidHandshake, EOFError, Ended)


class Progress:
    """How many posts were acknowledged in all."""

    def __init__(self) -> None:
        self._count = 0
        self._news = asyncio.Event()

    def one_more(self) -> None:
        self._count += 1
        self._news.set()
        self._news = asyncio.Event()

    async def reached(self, count: int) -> None:
        while self._count < count:
            await self._news.wait()


class Talker:
    """A client as the page is one: reconnects, resumes, and sends again what was not answered."""

    def __init__(self, server: Server, person: Person, room: str, tag: str) -> None:
        self.person = person
        self.room = room
        self.notes = Notes()
        self.notes.at[room] = (0, tag)
        self.waiting: dict[str, str] = {}
        self.kept: dict[str, int] = {}
        """What was acknowledged: client_id → seq."""
        self._server = server

    async def connect(self) -> Wire:
        """Tries until the server is there."""
        while True:
            await self._server.up.wait()
            with suppress(*GONE):
                return await self.person.connect(self.room, notes=self.notes)

    async def talk(self, texts: list[str], progress: Progress) -> None:
        """Until every text is acknowledged."""
        self.waiting |= {new_id(): text for text in texts}
        while self.waiting:
            wire = await self.connect()
            with suppress(*GONE):
                for client_id, text in list(self.waiting.items()):
                    self._answered(await wire.post(self.room, text, client_id))
                    progress.one_more()
            await wire.hang_up()

    def _answered(self, answer: dict[str, Any]) -> None:
        assert answer["t"] == "posted"
        known = self.kept.setdefault(answer["client_id"], answer["seq"])
        assert known == answer["seq"], "a post that was sent again is the same post"
        self.waiting.pop(answer["client_id"])


async def _kitchen(server: Server, *names: str) -> tuple[Person, list[Talker], str]:
    ann = await server.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    tag = (await ann.rooms())[room]["tag"]
    people = [await server.person(name) for name in names]
    await ann.invite(room, *people)
    return ann, [Talker(server, person, room, tag) for person in people], room


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
async def test_while_people_talk(tmp_path: Path, how: signal.Signals) -> None:
    async with running(tmp_path / "data") as server:
        await _talk_through(server, how, breaks=2, posts=60)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(6))
async def test_while_people_talk_many_times(tmp_path: Path, seed: int) -> None:
    how = random.Random(seed).choice([signal.SIGTERM, signal.SIGKILL])
    async with running(tmp_path / "data") as server:
        await _talk_through(server, how, breaks=6, posts=300)


async def _talk_through(server: Server, how: signal.Signals, *, breaks: int, posts: int) -> None:
    ann, talkers, room = await _kitchen(server, "bo", "cy", "di")
    said = {t: [f"{t.person.name} {number}" for number in range(posts)] for t in talkers}
    progress = Progress()
    async with asyncio.TaskGroup() as group:
        for talker in talkers:
            group.create_task(talker.talk(said[talker], progress))
        for number in range(breaks):
            await progress.reached(posts * len(talkers) * (number + 1) // (breaks + 2))
            assert await server.stop(how) == (0 if how is signal.SIGTERM else -how)
            await server.start()
    await _agree(ann, talkers, room, said)


async def _agree(
    ann: Person, talkers: list[Talker], room: str, said: dict[Talker, list[str]]
) -> None:
    """Everyone has the whole log, each post once, at the seq that was acknowledged."""
    last = (await ann.rooms())[room]["seq"]
    logs = []
    for talker in talkers:
        wire = await talker.connect()
        await wire.heard(room, last)
        entries = talker.notes.entries[room]
        assert talker.notes.faults == []
        assert [entry["seq"] for entry in entries] == list(range(1, last + 1))
        posts = {e["client_id"]: e["seq"] for e in entries if e["kind"] == "post"}
        assert talker.kept.items() <= posts.items()
        mine = [e["text"] for e in entries if e.get("by", {}).get("id") == talker.person.id]
        assert mine == said[talker]
        logs.append([(entry["seq"], entry.get("text")) for entry in entries])
    assert all(log == logs[0] for log in logs)
