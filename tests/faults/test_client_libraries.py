"""Clients made with other people's libraries; the browser's own is in tests/browsing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable

import pytest

from core.ids import new_id
from tests.faults.libraries import Chat, Library, Tornados, WebsocketClient, Websockets
from tests.people import Person
from tests.start.server import running

LONG = "多😀" * 5_000
"""As long as a text may be; some 35 KB."""
UNREADABLE = 4010
libraries = pytest.mark.parametrize("library", [Websockets, Tornados, WebsocketClient])


@pytest.fixture(scope="module")
async def people(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Person, Person, str]]:
    async with running(tmp_path_factory.mktemp("libraries") / "data") as server:
        ann, bo = await server.person("ann", admin=True), await server.person("bo")
        room = await ann.make_room("Kitchen")
        await ann.invite(room, bo)
        yield ann, bo, room


@libraries
async def test_talking(people: tuple[Person, Person, str], library: Callable[[], Library]) -> None:
    ann, bo, room = people
    async with asyncio.timeout(30):
        chat = Chat(library())
        await chat.enter(bo, room)
        kept = await chat.ask("post", room=room, client_id=new_id(), text="short")
        assert kept["t"] == "posted"
        said = {"t": "post", "id": 99, "room": room, "client_id": new_id(), "text": LONG}
        whole = json.dumps(said, ensure_ascii=False)
        await chat.library.send(whole[:9], whole[9:9], whole[9:20_000], whole[20_000:])
        assert (await chat.until(id=99))["t"] == "posted"
        assert (await ann.texts(room))[-2:] == ["short", LONG]
        seq = (await ann.post(room, LONG))["seq"]
        assert (await chat.until(t="entry", seq=seq))["text"] == LONG
        assert await chat.library.ping(b"are you there?") == b"are you there?"
        assert (await chat.ask("ping"))["t"] == "ok"
        await chat.library.close(1000)
    assert chat.library.code == 1000


@libraries
async def test_closed_by_the_server(
    people: tuple[Person, Person, str], library: Callable[[], Library]
) -> None:
    """The library hears the code."""
    _, bo, _ = people
    async with asyncio.timeout(30):
        chat = Chat(library())
        await chat.enter(bo)
        for _ in range(20):
            await chat.library.send("rubbish")
        while await chat.library.receive() is not None:
            pass
        await chat.library.let_go()
    assert chat.library.code == UNREADABLE
