"""A room that is hidden from someone and one that was never made get the same answers, whatever
is asked: generated from the route table and from the table of frames.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, get_args

import pytest

from api import protocol
from api.commands import Needs
from core.ids import new_id
from tests.api.endpoints import Endpoint, comparable, endpoints
from tests.house import House, open_house
from tests.people import Answer, Person, Program, Speaker

STRANGERS = ("member", "removed", "left", "guest", "admin", "bot")
NAME, TEXT = "Kitchen canary", "text canary"


@dataclass
class World:
    """``room`` is hidden from all `STRANGERS`; ``link`` and ``owner`` belong to it."""

    house: House
    room: str
    link: str
    owner: Person
    member: Person
    removed: Person
    left: Person
    guest: Person
    admin: Person
    bot: Program


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_house(tmp_path_factory.mktemp("hidden")) as house:
        admin = await house.person("ann", admin=True)
        owner, member = await house.person("olga"), await house.person("mel")
        removed, left = await house.person("rex"), await house.person("lea")
        other = await owner.make_room("Garden")
        guest = await house.person("gus", link=await owner.link(other))
        room = await owner.make_room(NAME, topic="topic canary")
        link = (await owner.api("POST", f"rooms/{room}/links", {}))["id"]
        await owner.invite(room, removed, left)
        await owner.post(room, TEXT)
        await owner.remove(room, removed)
        await left.leave(room)
        bot = await member.program()
        yield World(house, room, link, owner, member, removed, left, guest, admin, bot)


BODIES: dict[str, Any] = {
    "GET /r/{}": None,
    "GET /api/v1/rooms/{}": None,
    "PATCH /api/v1/rooms/{}": {"name": "Mine"},
    "POST /api/v1/rooms/{}/join": None,
    "POST /api/v1/rooms/{}/leave": None,
    "GET /api/v1/rooms/{}/entries": None,
    "POST /api/v1/rooms/{}/posts": {"client_id": "CLIENT_ID", "text": "I am in"},
    "PUT /api/v1/rooms/{}/read": {"seq": 1},
    "GET /api/v1/rooms/{}/people": None,
    "POST /api/v1/rooms/{}/people": {"nickname": "mel"},
    "DELETE /api/v1/rooms/{}/people/{}": None,
    "POST /api/v1/rooms/{}/ask": {"text": "let me in"},
    "DELETE /api/v1/rooms/{}/ask": None,
    "GET /api/v1/rooms/{}/asks": None,
    "POST /api/v1/rooms/{}/asks/{}": {"answer": "READ"},
    "GET /api/v1/rooms/{}/links": None,
    "POST /api/v1/rooms/{}/links": {"days": 1, "uses": 1},
    "DELETE /api/v1/rooms/{}/links/{}": None,
    "DELETE /api/v1/rooms/{}": None,
    "GET /api/v1/rooms/{}/access": None,
    "POST /api/v1/rooms/{}/access": {"settings": {"slow": 5}},
    "POST /api/v1/rooms/{}/access/preview": {"settings": {"slow": 5}},
    "GET /api/v1/rooms/{}/rights": None,
    "GET /api/v1/rooms/{}/rights/who-could": None,
    "GET /api/v1/rooms/{}/rights/head": None,
    "GET /api/v1/rooms/{}/why": None,
}
"""A request that would be granted to the room's owner."""


def of_rooms(world: World) -> list[Endpoint]:
    table = endpoints(world.house.chatelaine.application())
    return [
        endpoint for endpoint in table if endpoint.template.startswith(("/r/", "/api/v1/rooms/"))
    ]


def test_every_endpoint_of_rooms_is_tried(world: World) -> None:
    assert {endpoint.name for endpoint in of_rooms(world)} == set(BODIES)


@pytest.mark.leaks("answers", "chat page", "links", "people pane")
@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("name", BODIES)
async def test_rest(world: World, name: str, who: str) -> None:
    endpoint = next(endpoint for endpoint in of_rooms(world) if endpoint.name == name)
    asker: Speaker = getattr(world, who)
    absent = new_id()
    others: list[Any] = [{}, {"unknown": 1}] if who == "member" else []
    for body in (BODIES[name], *others):
        hidden = await _ask(world, endpoint, asker, world.room, body)
        nothing = await _ask(world, endpoint, asker, absent, body)
        assert comparable(hidden, world.room) == comparable(nothing, absent)
        assert b"canary" not in hidden.body
        assert hidden.status in (200, 303, 400, 404), "a refusal, or what is the same for all rooms"


async def _ask(
    world: World, endpoint: Endpoint, asker: Speaker, room: str, body: dict[str, Any] | None
) -> Answer:
    of_it = world.link if "links" in endpoint.template else world.owner.id
    path = endpoint.template.format(room, of_it)
    if body is not None:
        body = {key: new_id() if text == "CLIENT_ID" else text for key, text in body.items()}
    if endpoint.method == "GET":
        return await asker.ask("GET", path)
    return await asker.ask(endpoint.method, path, body or {})


@pytest.mark.parametrize("query", ["before=2", "after=0", "around=1", "limit=1", "after=x"])
async def test_pages_of_history(world: World, query: str) -> None:
    absent = new_id()
    hidden = await world.member.ask("GET", f"/api/v1/rooms/{world.room}/entries?{query}")
    nothing = await world.member.ask("GET", f"/api/v1/rooms/{absent}/entries?{query}")
    assert comparable(hidden, world.room) == comparable(nothing, absent)


@pytest.mark.parametrize(
    "path",
    ["why?action=see", "why?action=fly", "rights/who-could?seq=1", "rights/who-could?seq=99"],
)
async def test_questions_of_rights(world: World, path: str) -> None:
    absent = new_id()
    hidden = await world.member.ask("GET", f"/api/v1/rooms/{world.room}/{path}")
    nothing = await world.member.ask("GET", f"/api/v1/rooms/{absent}/{path}")
    assert comparable(hidden, world.room) == comparable(nothing, absent)


async def test_a_post_that_was_refused_stays_refused_alike(world: World) -> None:
    """The id of a post is remembered with its refusal: no difference may lie there either."""
    answers = []
    for room in (world.room, new_id()):
        client_id = new_id()
        for text in ("I am in", "I am in", "still in?"):
            new = {"client_id": client_id, "text": text}
            answer = await world.member.ask("POST", f"/api/v1/rooms/{room}/posts", new)
            answers.append((answer.status, answer.body))
    assert answers[:3] == answers[3:]


@pytest.mark.parametrize("who", STRANGERS)
async def test_lists(world: World, who: str) -> None:
    asker: Speaker = getattr(world, who)
    assert world.room not in await asker.rooms()
    assert world.room not in await asker.directory()
    assert world.room in await world.owner.directory()


# --- frames --------------------------------------------------------------------------------------

FRAMES: dict[type[Any], dict[str, Any]] = {
    protocol.Subscribe: {"t": "subscribe", "id": 1, "rooms": [{"room": "ROOM"}]},
    protocol.Unsubscribe: {"t": "unsubscribe", "id": 1, "room": "ROOM"},
    protocol.Post: {
        "t": "post", "id": 1, "room": "ROOM", "client_id": "CLIENT_ID", "text": "I am in",
    },
    protocol.Read: {"t": "read", "id": 1, "room": "ROOM", "seq": 1},
    protocol.Typing: {"t": "typing", "room": "ROOM"},
    protocol.Ping: {"t": "ping", "id": 1},
}  # fmt: skip


def test_every_frame_names_what_it_needs_and_is_tried(world: World) -> None:
    table = world.house.chatelaine.routes()
    services = next(route.services["services"] for route in table if route.name == "socket")
    commands = services.commands.table  # type: ignore[attr-defined]
    assert set(commands) == set(get_args(protocol.ClientFrame)) == set(FRAMES)
    for frame, command in commands.items():
        assert command.frame is frame
        assert isinstance(command.needs, Needs)


@pytest.mark.leaks("answers")
@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__name__)
async def test_frames(world: World, frame: type[Any], who: str) -> None:
    asker: Speaker = getattr(world, who)
    ear = await world.owner.connect(world.room)
    before = (await world.owner.rooms())[world.room]
    hidden = await _frames(asker, FRAMES[frame], world.room)
    assert hidden == await _frames(asker, FRAMES[frame], new_id())
    assert not any("canary" in str(answer) for answer in hidden)
    assert (await world.owner.rooms())[world.room] == before, "nothing came of it"
    await ear.settled()
    await ear.hang_up()
    assert {told["t"] for told in ear.frames} <= {"welcome", "subscribed", "presence", "ok"}


async def _frames(asker: Speaker, frame: dict[str, Any], room: str) -> list[dict[str, Any]]:
    """All that comes back, the room's own name left out."""
    wire = await asker.connect()
    names = {"ROOM": room, "CLIENT_ID": new_id()}
    filled = {key: names.get(str(value), value) for key, value in frame.items()}
    rooms = [{"room": room}, {"room": room[::-1], "seq": 1, "tag": "x"}]
    if "rooms" in frame:
        filled["rooms"] = rooms
    await wire.send(**filled)
    answers = len(rooms) if "rooms" in frame else int("id" in frame)
    await wire.until(lambda _: sum(told.get("id") == 1 for told in wire.frames) == answers)
    for number in (1_001, 1_002):
        await wire.send("ping", id=number)
        await wire.frame("ok", id=number)
    await wire.hang_up()
    return [
        {key: value for key, value in answer.items() if key != "room"}
        for answer in wire.frames
        if answer["t"] != "welcome"
    ]
