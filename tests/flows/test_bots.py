"""Bots with personal tokens: what they hear and say, and how it ends."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from core.ids import new_id
from tests.house import House, Later, open_house
from tests.people import Person, Program

ENDED = 4001


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    """One in which only word of an ended log-in can close its sockets at once."""
    monkeypatch.setattr("live.lease.EVERY", 3_600)
    async with open_house(tmp_path) as house:
        yield house


@pytest.fixture
async def ann(house: House) -> Person:
    return await house.person("ann", admin=True)


async def test_a_reader_hears_and_does_not_speak(house: House, ann: Person) -> None:
    """Over the socket and REST; though its owner owns the room."""
    room = await ann.make_room("Kitchen")
    bot = await ann.bot("READ")
    wire = await bot.connect(room)
    await ann.post(room, "hello")
    await wire.frame("entry", text="hello")
    assert (await wire.post(room, "canary"))["code"] == "post_not_allowed"
    refused = await bot.ask("POST", f"/api/v1/rooms/{room}/posts", post("canary"))
    assert refused.error == "post_not_allowed"
    own = (await bot.rooms())[room]
    assert (own["level"], own["may"]["post"], own["may"]["settings"]) == ("READ", False, False)
    assert await ann.texts(room) == ["hello"]


async def test_a_writer_without_reading_hears_nothing(house: House, ann: Person) -> None:
    room = await ann.make_room("Kitchen")
    bot = await ann.bot("OWN", "post")
    wire = await bot.dial()
    assert (await wire.frame("welcome"))["rooms"] == []
    assert (await wire.subscribe(room))["t"] == "lost"
    assert (await wire.post(room, "build is green"))["t"] == "posted"
    assert await ann.texts(room) == ["build is green"]
    await wire.settled()
    assert wire.all("entry") == []


async def test_the_cap_stays_through_renewals_and_tickets(house: House, ann: Person) -> None:
    room = await ann.make_room("Kitchen")
    bot = await ann.bot("READ")
    bot.token = (await bot.api("POST", "token/renew"))["token"]
    assert (await bot.rooms())[room]["level"] == "READ"
    ticket = (await bot.api("POST", "ticket"))["ticket"]
    offered = ("chatelaine.1", f"chatelaine.ticket.{ticket}")
    wire = await house.visitor().dial(subprotocols=offered, headers={"Origin": None})
    await wire.subscribe(room)
    assert (await wire.post(room, "canary"))["code"] == "post_not_allowed"


async def test_the_cap_stays_when_its_owner_is_raised_and_lowered(
    house: House, ann: Person
) -> None:
    """While it listens: never more than the token, never more than its owner."""
    bo = await house.person("bo")
    room = await ann.make_room("Kitchen")
    await ann.invite(room, bo)
    reads, posts = await bo.bot("READ"), await bo.bot("POST")
    wires = [await bot.connect(room) for bot in (reads, posts)]
    await ann.invite(room, bo, level="OWN")
    assert (await wires[0].post(room, "canary"))["code"] == "post_not_allowed"
    assert (await wires[1].post(room, "hello"))["t"] == "posted"
    await bo.leave(room)
    for wire in wires:
        await wire.frame("lost", room=room)
        assert (await wire.post(room, "canary"))["code"] == "not_found"


async def test_revoking_closes_its_sockets_at_once(house: House, ann: Person) -> None:
    """And nothing else of its owner's."""
    room = await ann.make_room("Kitchen")
    bot, other = await ann.bot("READ"), await ann.bot("POST")
    wires = [await bot.connect(room), await bot.connect(room)]
    own, others = await ann.connect(room), await other.connect(room)
    await revoke(ann, "READ bot")
    for wire in wires:
        assert await wire.closed() == ENDED
    assert await nobody(bot)
    await own.settled()
    await others.settled()


async def test_running_out_closes_its_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("live.lease.EVERY", 0.05)
    clock = Later()
    async with open_house(tmp_path, clock=clock) as house:
        ann = await house.person("ann", admin=True)
        bot = Program(house, ann.address)
        secret = await ann.personal_token("POST", days="1")
        clock.ahead = 86_400 - 600
        await bot.log_in(secret)
        wire = await bot.connect()
        await wire.settled()
        clock.ahead = 86_400 + 1
        assert await wire.closed() == ENDED
        assert await nobody(bot)
        again = await bot.ask("POST", "/api/v1/token", {"token": secret}, headers=_NOBODY)
        assert again.error == "token_refused"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": "ann"},
        {"password": "x"},
        {"token": "x", "name": "ann"},
        {"token": "x", "name": "ann", "password": "x"},
        {"token": ""},
        {"token": None},
        {"token": "x" * 201},
        {"token": "x", "level": "OWN"},
    ],
)
async def test_a_log_in_is_by_one_or_the_other(house: House, given: object) -> None:
    answer = await house.visitor().ask("POST", "/api/v1/token", given, headers=_NO_PAGE)
    assert (answer.status, answer.error) == (400, "bad_request")


async def nobody(bot: Program) -> bool:
    with pytest.raises(InvalidStatus):
        await bot.dial()
    return (await bot.ask("GET", "/api/v1/me")).status == 401


async def revoke(owner: Person, label: str) -> None:
    """On the account page, by the button beside it."""
    tokens = (await owner.page("/account")).text.partition('id="tokens"')[2]
    after = tokens.partition(f"<strong>{label}</strong>")[2]
    button = re.search(r'action="(/account/tokens/\w+/revoke)"', after)
    assert button is not None
    assert (await owner.submit(button[1])).location == "/account?done=token"


def post(text: str) -> dict[str, str]:
    return {"client_id": new_id(), "text": text}


_NOBODY = {"Authorization": None}
_NO_PAGE = {"Origin": None}
