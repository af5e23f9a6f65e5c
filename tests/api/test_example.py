"""The example client, run as people run it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from app import ROOT
from live.hub import REPLAY_MOST
from tests.house import House, Place
from tests.people import PASSWORD, Person
from tests.start.server import PATIENCE, environment, running


async def start(place: Place, who: Person, *arguments: str, password: str = PASSWORD) -> Client:
    given = ("--name", who.name, *arguments)
    return await start_as(place, {"CHAT_PASSWORD": password}, *given)


async def start_as(place: Place, environ: dict[str, str], *arguments: str) -> Client:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "examples/client.py",
        *("--url", place.origin),
        *arguments,
        cwd=ROOT,
        env={**environment(), **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return Client(process)


class Client:
    """The example, running."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def line(self) -> str:
        """The next that it prints."""
        assert self.process.stdout
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def ended(self) -> tuple[int | None, str, str]:
        async with asyncio.timeout(PATIENCE):
            out, err = await self.process.communicate()
        return self.process.returncode, out.decode(), err.decode()


@asynccontextmanager
async def listening(place: Place, who: Person, room: str, by: Person) -> AsyncIterator[Client]:
    """The client, once it hears ``room``."""
    client = await start(place, who, "listen")
    try:
        await until_here(who, room, by)
        yield client
    finally:
        client.process.send_signal(signal.SIGINT)
        status, _, errors = await client.ended()
    assert (status, errors) == (0, "")


async def until_here(who: Person, room: str, by: Person) -> None:
    """Until ``by`` sees that ``who`` hears the room."""
    wire = await by.connect(room)
    here = {"id": who.id, "nickname": who.nickname}
    await wire.until(lambda frame: frame["t"] == "presence" and here in frame["here"])
    await wire.hang_up()


async def test_rooms_and_posts(house: House) -> None:
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    listed = await (await start(house, ann, "rooms")).ended()
    assert listed[0] == 0
    assert f"{room}  Kitchen  (0 unread)\n" in listed[1]
    for wanted in (room, "Kitchen"):
        posted = await (await start(house, ann, "post", wanted, "Dinner is ready")).ended()
        assert posted[0] == 0 and posted[1].startswith("kept as entry ")
    assert await ann.texts(room) == ["Dinner is ready"] * 2


async def test_a_bot_with_a_token(house: House) -> None:
    """By the environment or the command line; it may do no more than the token says."""
    ann = await house.person("ann", admin=True)
    room = await ann.make_room("Kitchen")
    reads, posts = await ann.personal_token("READ"), await ann.personal_token("POST")
    listed = await (await start_as(house, {"CHAT_TOKEN": reads}, "rooms")).ended()
    assert listed[0] == 0 and f"{room}  Kitchen" in listed[1]
    refused = await (await start_as(house, {"CHAT_TOKEN": reads}, "post", room, "canary")).ended()
    assert (refused[0], refused[2]) == (1, "You can’t post here.\n")
    posting = await start_as(house, {"CHAT_TOKEN": "junk"}, "--token", posts, "post", room, "hello")
    assert (await posting.ended())[0] == 0
    assert await ann.texts(room) == ["hello"]


async def test_a_bot_without_a_token_that_works(house: House) -> None:
    junk = await (await start_as(house, {"CHAT_TOKEN": "junk"}, "rooms")).ended()
    assert (junk[0], "This token doesn’t work." in junk[2]) == (1, True)
    nobody = await (await start_as(house, {}, "rooms")).ended()
    assert (nobody[0], nobody[2]) == (1, "Say who you are: --name, or --token.\n")


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (["post", "Cellar", "x"], PASSWORD, "no room"),
        (["post", "Kitchen", " "], PASSWORD, "nothing to send"),
        (["rooms"], "wrong password", "is not right"),
    ],
)
async def test_refusals(house: House, arguments: list[str], password: str, words: str) -> None:
    ann = await house.person("ann", admin=True)
    await ann.make_room("Kitchen")
    status, out, errors = await (await start(house, ann, *arguments, password=password)).ended()
    assert (status, out) == (1, "")
    assert words in errors and "Traceback" not in errors


async def test_no_server(house: House) -> None:
    ann = await house.person("ann", admin=True)
    status, _, errors = await (
        await start(house, ann, "--url", "http://127.0.0.1:9", "rooms")
    ).ended()
    assert (status, errors) == (1, "The server cannot be reached.\n")


async def test_listening_over_a_crash(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as server:
        ann = await server.person("ann", admin=True)
        bo = await server.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        async with listening(server, bo, room, ann) as client:
            await ann.post(room, "before")
            assert await client.line() == "[Kitchen] ann: before"
            await server.stop(signal.SIGKILL)
            await server.start()
            for number in range(5):
                await ann.post(room, f"after {number}")
            for number in range(5):
                assert await client.line() == f"[Kitchen] ann: after {number}"


async def test_listening_after_more_than_the_socket_brings(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    async with listening(house, bo, room, ann) as client:
        await ann.post(room, "0")
        assert await client.line() == "[Kitchen] ann: 0"
        os.kill(client.process.pid, signal.SIGSTOP)
        for socket in house.chatelaine.sockets.of_person(bo.id):
            socket.listener.fall_behind()
        ear = await ann.connect(room)
        await house.fill(ann, room, (str(number) for number in range(REPLAY_MOST + 5)))
        await ear.heard(room, (await ann.rooms())[room]["seq"])
        os.kill(client.process.pid, signal.SIGCONT)
        for text in ear.notes.texts(room):
            assert await client.line() == f"[Kitchen] ann: {text}"


async def test_a_room_comes_and_goes_while_listening(house: House) -> None:
    ann = await house.person("ann", admin=True)
    bo = await house.person("bo")
    kitchen = await ann.make_room("Kitchen")
    await ann.invite(kitchen, bo)
    async with listening(house, bo, kitchen, ann) as client:
        garden = await ann.make_room("Garden")
        await ann.invite(garden, bo)
        await until_here(bo, garden, ann)
        await ann.post(garden, "hello")
        assert await client.line() == "[Garden] ann: hello"
        await ann.remove(kitchen, bo)
        await ann.post(kitchen, "canary")
        await ann.post(garden, "goodbye")
        assert await client.line() == "[Garden] ann: goodbye"


def test_what_it_needs() -> None:
    """Python's own library, and Tornado."""
    source = (ROOT / "examples" / "client.py").read_text("utf-8")
    modules = {line.split()[1].partition(".")[0] for line in source.split("\n") if _imports(line)}
    assert modules - set(sys.stdlib_module_names) == {"tornado"}


def _imports(line: str) -> bool:
    return line.startswith(("import ", "from "))
