"""Who could, and heads, over REST: for those who moderate; a member's answers hold no reasons."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from core.access import Cap, Delta, Grant, group_subject
from core.levels import Level
from core.log import Kind
from rooms.ledger import open_room
from storage import groups, log
from storage.engine import Tx
from storage.groups import Group
from tests.house import House, open_house
from tests.people import Answer, Person, Speaker

SECRETS = ("canary reason", "canary group", "canary text")
MEMBERS = ("bo", "gus", "admin")


@dataclass
class World:
    """ann owns the room, mo moderates it; bo, gus (a guest) and adam (an admin) are members, bo is
    muted for a reason, and a group reads there."""

    house: House
    ann: Person
    mo: Person
    bo: Person
    gus: Person
    admin: Person
    room: str


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with open_house(tmp_path_factory.mktemp("proof")) as house:
        admin = await house.person("adam", admin=True)
        ann, mo, bo = [await house.person(name) for name in ("ann", "mo", "bo")]
        room = await ann.make_room("Kitchen")
        gus = await house.person("gus", link=await ann.link(room))
        await ann.invite(room, bo, admin)
        await ann.invite(room, mo, level="MODERATE")
        await ann.post(room, SECRETS[2])
        await house.chatelaine.database.write(lambda tx: _secrets(tx, room, bo))
        yield World(house, ann, mo, bo, gus, admin, room)


def _secrets(tx: Tx, room: str, muted: Person) -> None:
    groups.add(tx, Group("crew", SECRETS[1], "crew", "", None, 0))
    cap = Cap(muted.id, Level.READ, None, 0, SECRETS[0])
    grant = Grant(group_subject("crew"), Level.READ, None, 0, SECRETS[0])
    open_room(tx, room).write(Kind.ACCESS, None, Delta(caps=(cap,), grants=(grant,)))


async def ask(world: World, who: Speaker, path: str) -> Answer:
    return await who.ask("GET", f"/api/v1/rooms/{world.room}/{path}")


@pytest.mark.parametrize("name", ["ann", "mo"])
async def test_who_moderates_sees_who_could_and_why(world: World, name: str) -> None:
    who: Person = getattr(world, name)
    answer = await ask(world, who, "rights/who-could?seq=1&action=post")
    told = answer.json
    assert [person["nickname"] for person in told["people"]] == ["ann"]
    gained = [row["nickname"] for change in told["changes"] for row in change["gained"]]
    assert gained == ["gus", "bo", "adam", "mo"]
    lost = [
        (row["nickname"], change["why"]) for change in told["changes"] for row in change["lost"]
    ]
    assert lost == [("bo", SECRETS[0])]
    assert SECRETS[2] not in answer.text
    assert (await ask(world, who, "rights/who-could?seq=99")).error == "not_found"
    assert (await ask(world, who, "rights/who-could?action=fly")).error == "bad_request"


async def test_who_moderates_sees_the_head(world: World) -> None:
    told = (await ask(world, world.mo, "rights/head")).json
    head = await world.house.chatelaine.database.read(lambda tx: log.head_of(tx, world.room))
    assert head is not None
    assert (told["seq"], told["hash"]) == (head.seq, head.access_hash)


@pytest.mark.parametrize("name", MEMBERS)
@pytest.mark.parametrize("path", ["rights/who-could", "rights/who-could?seq=1", "rights/head"])
async def test_members_may_not(world: World, name: str, path: str) -> None:
    answer = await ask(world, getattr(world, name), path)
    assert (answer.status, answer.error) == (403, "not_allowed")


@pytest.mark.parametrize("name", MEMBERS)
async def test_no_answer_to_a_member_holds_a_reason_or_a_group(world: World, name: str) -> None:
    """Whatever of the room they ask for."""
    who: Person = getattr(world, name)
    for path in ("why", "why?action=read", "why?action=settings", "entries", "people"):
        answer = await ask(world, who, path)
        assert answer.status == 200
        assert SECRETS[0] not in answer.text
        assert SECRETS[1] not in answer.text


async def test_why(world: World) -> None:
    told = (await ask(world, world.bo, "why")).json
    assert (told["action"], told["allowed"], told["hindered_by"]) == ("post", False, "level")
    assert [person["nickname"] for person in told["ask"]] == ["ann", "mo"]
    assert (await ask(world, world.gus, "why")).json["allowed"]
