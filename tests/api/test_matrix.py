"""Every request and every frame × everybody: who is let do it, and what the others are told.

Generated from the table of routes and the table of commands. A new one fails here until somebody
has written its row: the level it needs, and whoever is an exception. Whoever is refused, the
database is as it was.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple, get_args

import pytest
from websockets.exceptions import InvalidStatus

from api import protocol
from core.ids import new_id
from core.levels import Level
from tests.api.endpoints import endpoints
from tests.api.town import ASK, HIDDEN, LEVELS, MODERATE, OWN, POST, READ, SEE, Town, settle
from tests.house import open_house
from tests.people import PASSWORD, Answer, Asker
from tests.wires import Frame, Wire


class Row(NamedTuple):
    """From level ``needs`` on, it is done.

    ``lacking``: what those are told who see the room from a lower level; ``hidden``: those who do
    not see it. ``but``: whoever is told something else.
    """

    needs: Level
    body: Any = None
    lacking: str = "not_allowed"
    hidden: str = "not_found"
    but: Mapping[str, str] = {}

    def outcomes(self) -> dict[str, str]:
        return {name: self.but.get(name) or self._of(level) for name, level in LEVELS.items()}

    def _of(self, level: Level | None) -> str:
        if level is None:
            return "not_signed_in"
        if level >= self.needs:
            return "ok"
        return self.hidden if level < SEE else self.lacking


def anyone(body: Any = None, **but: str) -> Row:
    """What has nothing to do with a room: all who are logged in may, ``but`` those."""
    return Row(HIDDEN, body, but=but)


_API, _ROOM = "/api/v1", "/api/v1/rooms/{}"
_OUTSIDE = dict.fromkeys(("asked", "invited", "glass"), "not_member")
_NOBODY = dict.fromkeys(LEVELS, "token_refused")
_READERS = {
    name: "already_reads" for name, level in LEVELS.items() if level is not None and level >= READ
}
_BROWSERS = {name: "not_found" for name in LEVELS if name not in ("anonymous", "bot")}
_SLOW = {"settings": {"slow": 5}}
_POST = {"client_id": "NEW", "text": "hello"}
_MUTE, _BAN = [{"caps": [{"person": "TARGET", "kind": kind}]} for kind in ("mute", "ban")]
_TO_TARGET = {"to": "person", "id": "TARGET"}
_TAKE, _APPOINT = [{"grants": [{**_TO_TARGET, "level": level}]} for level in (None, "MODERATE")]
_OPEN = {"grants": [{"to": "everyone", "level": "READ"}]}

ROWS = {
    # programs
    f"POST {_API}/token": anyone({"name": "somemember", "password": PASSWORD}, anonymous="ok"),
    f"POST {_API}/token # junk": anyone({"token": "x"}, **_NOBODY),
    f"POST {_API}/token/renew": anyone(**_BROWSERS),
    f"POST {_API}/ticket": anyone(),
    f"GET {_API}/me": anyone(),
    # rooms
    f"GET {_API}/rooms": anyone(),
    f"POST {_API}/rooms": anyone({"name": "Garden"}, guest="rooms_by_admins", bot="not_allowed"),
    f"GET {_API}/directory": anyone(),
    f"GET {_ROOM}": Row(READ, but=_OUTSIDE),
    f"PATCH {_ROOM}": Row(OWN, {"name": "Pantry"}),
    f"DELETE {_ROOM}": Row(OWN),
    f"POST {_ROOM}/join": Row(READ),
    f"POST {_ROOM}/leave": Row(SEE, but={**_OUTSIDE, "owner": "last_owner", "bot": "not_allowed"}),
    # messages
    f"GET {_ROOM}/entries": Row(READ),
    f"POST {_ROOM}/posts": Row(POST, _POST, "post_not_allowed"),
    f"PUT {_ROOM}/read": anyone({"seq": 1}),  # the same for all: nothing is told
    # people
    f"GET {_ROOM}/people": Row(READ),
    f"POST {_ROOM}/people": Row(MODERATE, {"nickname": "somenewcomer"}),
    f"POST {_ROOM}/people # to moderate": Row(
        OWN, {"nickname": "somenewcomer", "level": "MODERATE"}, but={"moderator": "grant_too_high"}
    ),
    f"DELETE {_ROOM}/people/{{}}": Row(MODERATE),
    f"POST {_ROOM}/ask": Row(ASK, {"text": "please"}, but={**_READERS, "asked": "asked_before"}),
    f"DELETE {_ROOM}/ask": Row(ASK, but=dict.fromkeys(_READERS, "ask_gone")),
    f"GET {_ROOM}/asks": Row(MODERATE),
    f"POST {_ROOM}/asks/{{}}": Row(MODERATE, {"answer": "READ"}),
    f"GET {_ROOM}/links": Row(MODERATE),
    f"POST {_ROOM}/links": Row(MODERATE, {"days": 1, "uses": 1}),
    f"DELETE {_ROOM}/links/{{}}": Row(MODERATE),
    # rights
    f"GET {_ROOM}/access": Row(MODERATE),
    f"GET {_ROOM}/rights": Row(MODERATE),
    f"GET {_ROOM}/rights/head": Row(MODERATE),
    f"GET {_ROOM}/rights/who-could": Row(MODERATE),
    f"GET {_ROOM}/why": Row(SEE),
    f"POST {_ROOM}/access": Row(OWN, _SLOW),
    f"POST {_ROOM}/access # mute": Row(MODERATE, _MUTE),
    f"POST {_ROOM}/access # ban": Row(MODERATE, _BAN),
    f"POST {_ROOM}/access # take back": Row(MODERATE, _TAKE),
    f"POST {_ROOM}/access # appoint": Row(OWN, _APPOINT),
    f"POST {_ROOM}/access # open": Row(OWN, _OPEN),
    f"POST {_ROOM}/access/preview": Row(OWN, _SLOW),
    f"POST {_ROOM}/access/preview # ban": Row(MODERATE, _BAN),
    # direct rooms
    f"GET {_API}/direct": anyone(),
    f"POST {_API}/direct": anyone({"person": "TARGET"}, guest="direct_refused"),
    f"GET {_API}/blocks": anyone(),
    f"PUT {_API}/blocks/{{}}": anyone(bot="not_allowed"),
    f"DELETE {_API}/blocks/{{}}": anyone(bot="not_allowed"),
    f"GET {_API}/reachable": anyone(),
    f"PUT {_API}/reachable": anyone({"by": "sharing"}, bot="not_allowed"),
}
"""By endpoint; behind # what sets apart two requests to the same one."""

AT = {"rooms": "ROOM", "people": "TARGET", "links": "LINK", "asks": "ASKER", "blocks": "TARGET"}
"""What stands in an address behind each word."""


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with open_house(tmp_path_factory.mktemp("matrix")) as house:
        yield await settle(house)


def test_every_endpoint_has_a_row(town: Town) -> None:
    table = endpoints(town.house.chatelaine.application())
    of_rest = {endpoint.name for endpoint in table if endpoint.template.startswith(_API)}
    assert of_rest == {name.partition(" # ")[0] for name in ROWS}


@pytest.mark.parametrize("name", ROWS)
async def test_rest(town: Town, name: str) -> None:
    method, _, template = name.partition(" # ")[0].partition(" ")
    found = {}
    for who in LEVELS:
        before = await town.contents()
        answer = await _ask(town, town.people[who], method, template, ROWS[name].body)
        found[who] = "ok" if answer.status < 400 else answer.error
        await _restored(town, before, done=found[who] == "ok" and method != "GET")
    assert found == ROWS[name].outcomes()


async def _ask(town: Town, asker: Asker, method: str, template: str, body: Any) -> Answer:
    path = template
    while "{}" in path:
        word = path.partition("/{}")[0].rpartition("/")[2]
        path = path.replace("{}", _filled(town, AT[word]), 1)
    sent = {} if body is None and method != "GET" else _filled(town, body)
    return await asker.ask(method, path, sent)


def _filled(town: Town, body: Any) -> Any:
    """With ids for what stands for them."""
    if isinstance(body, dict):
        return {key: _filled(town, value) for key, value in body.items()}
    if isinstance(body, list):
        return [_filled(town, value) for value in body]
    names = {"ROOM": town.room, "TARGET": town.id("target"), "LINK": town.link, "NEW": new_id()}
    names["ASKER"] = town.id("asked")
    return names.get(body, body) if isinstance(body, str) else body


async def _restored(town: Town, before: Mapping[str, Any], *, done: bool) -> None:
    """Everybody as they were: nothing has changed, or in another room."""
    if done:
        await town.renew()
    else:
        assert await town.contents() == before


# --- lists ---------------------------------------------------------------------------------------


async def test_lists(town: Town) -> None:
    """One's own rooms are those that one is in and may read; the directory's, those one may see."""
    seen, own = set(), set()
    for who in set(LEVELS) - {"anonymous"}:
        if town.room in await town.speaker(who).directory():
            seen.add(who)
        if town.room in await town.speaker(who).rooms():
            own.add(who)
    assert seen == {who for who, level in LEVELS.items() if level is not None and level >= SEE}
    assert own == {"muted", "guest", "member", "moderator", "owner", "bot"}


# --- frames --------------------------------------------------------------------------------------

_NOT_INSIDE = {"invited": "lost", "glass": "lost"}

FRAMES: dict[type[Any], Row] = {
    protocol.Subscribe: Row(READ, {"rooms": [{"room": "ROOM"}]}, "lost", "lost", _NOT_INSIDE),
    protocol.Unsubscribe: anyone({"room": "ROOM"}),
    protocol.Post: Row(POST, {"room": "ROOM", **_POST}, "post_not_allowed"),
    protocol.Read: anyone({"room": "ROOM", "seq": 1}),  # the same for all: nothing is told
    protocol.Typing: Row(POST, {"room": "ROOM"}, "silence", "silence", {"invited": "silence"}),
    protocol.Ping: anyone(),
}
"""By type; the body is the frame's."""


def test_every_frame_has_a_row(town: Town) -> None:
    assert set(get_args(protocol.ClientFrame)) == set(FRAMES)


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__name__)
async def test_frames(town: Town, frame: type[Any]) -> None:
    row, found = FRAMES[frame], {}
    for who in LEVELS:
        before = await town.contents()
        found[who] = await _outcome(town, who, frame, row.body or {})
        await _restored(town, before, done=found[who] == "ok" and frame is not protocol.Ping)
    assert found == row.outcomes()


async def _outcome(town: Town, who: str, frame: type[Any], body: dict[str, Any]) -> str:
    try:
        wire = await town.people[who].connect()
    except InvalidStatus:
        return "not_signed_in"
    tag, sent = frame.__struct_config__.tag, _filled(town, body)
    try:
        if "id" not in frame.__struct_fields__:
            return await _noticed(town, wire, who, tag, sent)
        return _told(await wire.ask(tag, **sent))
    finally:
        await wire.hang_up()


def _told(answer: Frame) -> str:
    if answer["t"] == "error":
        return str(answer["code"])
    return "lost" if answer["t"] == "lost" else "ok"


async def _noticed(town: Town, wire: Wire, who: str, tag: str, sent: Frame) -> str:
    """What is not answered: whether those in the room notice, once the sender hears it too."""
    ear = await town.people["target"].connect(town.room)
    await wire.subscribe(town.room)
    await wire.send(tag, **sent)
    await wire.settled()
    await ear.settled()
    await ear.hang_up()
    me = {"id": town.id(who), "nickname": town.speaker(who).nickname}
    return "ok" if any(me in told.values() for told in ear.frames) else "silence"
