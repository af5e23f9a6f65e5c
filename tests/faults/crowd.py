"""People who talk while things break: as good clients they reconnect, resume, and send again.

    async with running(folder) as server:
        crowd = await gather(server)
        async with crowd.talking(posts=60):
            ...                                # whatever is to go wrong
        await crowd.agree()

Ann owns three rooms. All are in the Kitchen; only bo is in the Cellar, though all try to talk
there; cy is let into the Garden and removed from it again and again.

Bo and cy wait in each room for an answer before they say the next thing there, as the page does,
and what they say stays in order whatever happens. Di is hasty, and has five posts under way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import Any

from tornado.httpclient import HTTPError
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from core.ids import new_id
from tests.faults.oracle import Diary, Line, Said, faults
from tests.people import Person, Refused
from tests.start.server import Server
from tests.wires import Ended, Frame, Silent, Wire

GONE = (OSError, ConnectionClosed, InvalidHandshake, EOFError, HTTPError, Ended, Silent)
AT_ONCE = 5
"""Posts that a hasty client sends before it waits for answers."""
AGAIN = 0.05
"""Seconds until a client tries again."""


class Progress:
    """How many posts were acknowledged in all."""

    def __init__(self) -> None:
        self.count = 0
        self.over = False
        self._news = asyncio.Event()

    def begin(self) -> None:
        self.over = False

    def one_more(self) -> None:
        self.count += 1
        self._tell()

    async def reached(self, count: int) -> None:
        """Until there are so many, or no more will come."""
        while self.count < count and not self.over:
            await self._news.wait()

    def finish(self) -> None:
        self.over = True
        self._tell()

    def _tell(self) -> None:
        """Wake who waits; who comes later waits for later news."""
        self._news.set()
        self._news = asyncio.Event()


class Talker:
    """One person's client. It hears ``rooms`` as far as it may."""

    def __init__(
        self, server: Server, person: Person, tags: Mapping[str, str], *, hasty: bool = False
    ) -> None:
        self.person = person
        self.hasty = hasty
        self.diary = Diary(person.id)
        self.told: set[str] = set()
        """The codes of all errors that were to be tried again."""
        self._server = server
        self._rooms = tuple(tags)

    async def connect(self) -> Wire:
        """Tries until the server is there, and hears all rooms that it may."""
        while True:
            await self._server.up.wait()
            with suppress(*GONE):
                wire = await self.person.connect(notes=self.diary)
                await self.hear(wire)
                return wire
            await asyncio.sleep(AGAIN)

    async def hear(self, wire: Wire) -> None:
        for room in self._rooms:
            if room not in wire.hearing:
                await wire.subscribe(room)

    async def talk(self, said: list[Said], progress: Progress) -> None:
        """Until everything is acknowledged or refused for good."""
        waiting = {new_id(): one for one in said}
        self.diary.sent |= waiting
        while waiting:
            wire = await self.connect()
            with suppress(*GONE):
                while waiting:
                    await self._say(wire, waiting, progress)
                    await self.hear(wire)
            await hang_up(wire)

    async def _say(self, wire: Wire, waiting: dict[str, Said], progress: Progress) -> None:
        """The next few; whatever was answered waits no more."""
        some = self._next(waiting)
        posts = [self._post(wire, client_id, said) for client_id, said in some]
        answers = await asyncio.gather(*posts, return_exceptions=True)
        for (client_id, _), answer in zip(some, answers, strict=True):
            if isinstance(answer, BaseException):
                raise answer
            if self._answered(client_id, answer):
                del waiting[client_id]
                progress.one_more()
        if waiting and all(isinstance(a, dict) and a["t"] == "error" for a in answers):
            await asyncio.sleep(AGAIN)

    def _next(self, waiting: dict[str, Said]) -> list[tuple[str, Said]]:
        """What may be under way at the same time: the first for each room."""
        if self.hasty:
            return list(islice(waiting.items(), AT_ONCE))
        first: dict[str, tuple[str, Said]] = {}
        for client_id, said in waiting.items():
            first.setdefault(said.room, (client_id, said))
        return list(first.values())

    @property
    def keeps_order(self) -> bool:
        """Whether what was sent in order has to be there in order: what was under way when it had
        to be tried again may have been overtaken by what was sent behind it."""
        return not (self.hasty and self.told)

    async def _post(self, wire: Wire, client_id: str, said: Said) -> Frame:
        answer = await wire.post(said.room, said.text, client_id)
        if answer["t"] == "error" and answer["retryable"]:
            self.told.add(answer["code"])
        return answer

    def _answered(self, client_id: str, answer: dict[str, Any]) -> bool:
        if answer["t"] == "posted":
            seq = self.diary.acknowledged.setdefault(client_id, answer["seq"])
            assert seq == answer["seq"], "a post that was sent again is the same post"
        elif answer["retryable"]:
            return False
        else:
            self.diary.refused[client_id] = answer["code"]
        return True

    async def caught_up(self, heads: Mapping[str, int]) -> None:
        """Connects until it has all of the rooms that it may hear."""
        wire = await self.connect()
        for room in wire.hearing:
            await wire.heard(room, heads[room])
        await wire.settled()
        await hang_up(wire)


async def hang_up(wire: Wire) -> None:
    """Without waiting long for a server that is not there."""
    wire.connection.transport.abort()
    await wire.closed()


class Crowd:
    def __init__(
        self, server: Server, ann: Person, rooms: list[str], talkers: list[Talker]
    ) -> None:
        self.ann = ann
        self.anns = Diary(ann.id)
        """Of what she says by `say`; she keeps none of what she hears."""
        self.kitchen, self.garden, self.cellar = rooms
        self.rooms = rooms
        self.talkers = talkers
        self.progress = Progress()
        self.said: dict[str, list[Said]] = {}
        """All that was to be said, by person."""
        self.server = server

    def _lines(self, talker: Talker, posts: int) -> list[Said]:
        name = talker.person.name
        before = len(self.said.get(name, ()))
        return [
            Said(self._place(number), f"{name} {number}")
            for number in range(before, before + posts)
        ]

    def _place(self, number: int) -> str:
        if number % 10 == 7:
            return self.cellar
        return self.garden if number % 3 == 1 else self.kitchen

    @asynccontextmanager
    async def talking(self, posts: int) -> AsyncIterator[None]:
        """Everyone talks, and cy comes and goes; at the end of it all is said."""
        self.progress.begin()
        async with asyncio.TaskGroup() as group:
            tasks = []
            for talker in self.talkers:
                lines = self._lines(talker, posts)
                self.said.setdefault(talker.person.name, []).extend(lines)
                tasks.append(group.create_task(talker.talk(lines, self.progress)))
            group.create_task(self._turn_cy_in_and_out())
            yield
            await asyncio.wait(tasks)
            self.progress.finish()

    async def _turn_cy_in_and_out(self) -> None:
        """Whether it was done is told by the log alone."""
        cy = next(talker.person for talker in self.talkers if talker.person.name == "cy")
        while not self.progress.over:
            for change in (self.ann.remove, self.ann.invite):
                seen = self.progress.count
                with suppress(Refused, *GONE):
                    await change(self.garden, cy)
                await self.progress.reached(seen + 3)

    async def room_of_anns_own(self, name: str) -> str:
        """Nobody else hears it; its log is judged with the others."""
        self.rooms.append(await self.ann.make_room(name, history="joined"))
        return self.rooms[-1]

    async def say(self, wire: Wire, room: str, text: str) -> Frame:
        """Ann says something; returns what she is answered."""
        client_id = new_id()
        self.anns.sent[client_id] = Said(room, text)
        answer = await wire.post(room, text, client_id)
        if answer["t"] == "posted":
            self.anns.acknowledged[client_id] = answer["seq"]
        return answer

    async def logs(self) -> dict[str, list[Line]]:
        """As ann reads them, page by page."""
        return {room: [line async for line in _lines_of(self.ann, room)] for room in self.rooms}

    async def agree(self) -> dict[str, list[Line]]:
        """Nothing is wrong with anything that anyone saw."""
        heads = {room: head["seq"] for room, head in (await self.ann.rooms()).items()}
        for talker in self.talkers:
            await talker.caught_up(heads)
        logs = await self.logs()
        found = faults(logs, [self.anns, *(talker.diary for talker in self.talkers)])
        assert found == [], "\n".join(found)
        for talker in self.talkers:
            self._judge_answers(talker)
            if talker.keeps_order:
                self._judge_order(talker, logs)
        return logs

    def _judge_order(self, talker: Talker, logs: dict[str, list[Line]]) -> None:
        """What one sent in order is there in order."""
        for room, log in logs.items():
            own = [line.text for line in log if line.by == talker.person.id and line.text]
            said = [one.text for one in self.said.get(talker.person.name, ()) if one.room == room]
            assert own == [text for text in said if text in set(own)]

    def _judge_answers(self, talker: Talker) -> None:
        """Everything was answered; refused is just what they could not say."""
        diary = talker.diary
        assert diary.acknowledged.keys() | diary.refused.keys() == diary.sent.keys()
        refused = {diary.sent[id].room for id in diary.refused}
        closed = {"bo": set[str](), "cy": {self.cellar, self.garden}, "di": {self.cellar}}
        assert refused <= closed[talker.person.name]
        assert talker.diary.reloads == []


async def _lines_of(reader: Person, room: str) -> AsyncIterator[Line]:
    seq = 0
    while True:
        page = await reader.entries(room, after=seq, limit=200)
        for entry in page["entries"]:
            yield Line.of(room, entry)
            seq = entry["seq"]
        if page["end"]:
            return


async def gather(server: Server) -> Crowd:
    ann = await server.person("ann", admin=True)
    bo, cy, di = [await server.person(name) for name in ("bo", "cy", "di")]
    names = ("Kitchen", "Garden", "Cellar")
    rooms = [await ann.make_room(name, history="joined") for name in names]
    for room, guests in zip(rooms, ([bo, cy, di], [bo, cy, di], [bo]), strict=True):
        await ann.invite(room, *guests)
    tags = {room: about["tag"] for room, about in (await ann.rooms()).items() if room in rooms}
    talkers = [Talker(server, person, tags, hasty=person is di) for person in (bo, cy, di)]
    return Crowd(server, ann, rooms, talkers)
