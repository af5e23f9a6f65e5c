"""The handshake of the socket: who is let in, and that the others are told no more than that."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from websockets.exceptions import InvalidStatus

from tests.house import House, Later, open_house
from tests.people import Asker, Person, Program
from web.headers import security_headers

EVIL = "http://evil.example"


@dataclass
class World:
    """One house for the whole table."""

    house: House
    ann: Person
    bot: Program
    clock: Later


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    clock = Later()
    folder = tmp_path_factory.mktemp("handshake")
    async with open_house(folder, {"SESSIONS__IDLE_DAYS": "1"}, clock) as house:
        ann = await house.person("ann", admin=True)
        yield World(house, ann, await ann.program(), clock)


@dataclass(frozen=True)
class Try:
    """A handshake; in its texts, ORIGIN and HOST stand for the server's own, TOKEN for a good one.

    A header of None is left out. ``answer`` is the status and code of the refusal; "" is let in.
    """

    who: str
    answer: str
    headers: dict[str, str | None] = field(default_factory=dict)
    host: str = ""
    path: str = "/socket"


OTHER_SITE = "403 wrong_origin"
OTHER_HOST = "421 wrong_host"
NOBODY = "401 not_signed_in"

TRIES = {
    # a browser's session
    "our page": Try("ann", ""),
    "our page, says the browser": Try("ann", "", {"Sec-Fetch-Site": "same-origin"}),
    "our page, in capitals": Try("ann", "", {"Origin": "Http://LocalHost:PORT"}),
    "another site": Try("ann", OTHER_SITE, {"Origin": EVIL}),
    "another site, same-origin forged": Try(
        "ann", OTHER_SITE, {"Origin": EVIL, "Sec-Fetch-Site": "same-origin"}
    ),
    "no origin": Try("ann", OTHER_SITE, {"Origin": None}),
    "no origin, same-origin forged": Try(
        "ann", OTHER_SITE, {"Origin": None, "Sec-Fetch-Site": "same-origin"}
    ),
    "empty origin": Try("ann", OTHER_SITE, {"Origin": ""}),
    "null origin": Try("ann", OTHER_SITE, {"Origin": "null"}),
    "our host by another scheme": Try("ann", OTHER_SITE, {"Origin": "https://HOST"}),
    "our host on another port": Try("ann", OTHER_SITE, {"Origin": "http://localhost:1"}),
    "our host without its port": Try("ann", OTHER_SITE, {"Origin": "http://localhost"}),
    "a longer host": Try("ann", OTHER_SITE, {"Origin": "ORIGIN.evil.example"}),
    "a user before the host": Try("ann", OTHER_SITE, {"Origin": "http://ann@HOST"}),
    "a path after the host": Try("ann", OTHER_SITE, {"Origin": "ORIGIN/"}),
    "two origins": Try("ann", OTHER_SITE, {"Origin": "ORIGIN, http://evil.example"}),
    "our origin, but cross-site": Try("ann", OTHER_SITE, {"Sec-Fetch-Site": "cross-site"}),
    "our origin, but same-site": Try("ann", OTHER_SITE, {"Sec-Fetch-Site": "same-site"}),
    "another host": Try("ann", OTHER_HOST, host="evil.example"),
    "another host, its own origin": Try(
        "ann", OTHER_HOST, {"Origin": "http://evil.example:PORT"}, host="evil.example:PORT"
    ),
    "another host, same-origin forged": Try(
        "ann",
        OTHER_HOST,
        {"Origin": "http://evil.example:PORT", "Sec-Fetch-Site": "same-origin"},
        host="evil.example:PORT",
    ),
    "the number instead of the name": Try("ann", OTHER_HOST, host="127.0.0.1:PORT"),
    "a forwarded host": Try(
        "ann", OTHER_SITE, {"X-Forwarded-Host": "evil.example", "Origin": EVIL}
    ),
    # nobody
    "no session": Try("nobody", NOBODY),
    "no session, no origin": Try("nobody", NOBODY, {"Origin": None}),
    "no session, another site": Try("nobody", OTHER_SITE, {"Origin": EVIL}),
    "a cookie that is junk": Try("nobody", NOBODY, {"Cookie": "session=junk"}),
    "a cookie that we did not sign": Try(
        "nobody", NOBODY, {"Cookie": "session=2|1:0|10:1700000000|7:session|4:YWJj|" + "0" * 64}
    ),
    "a cookie in the old format": Try("nobody", NOBODY, {"Cookie": "session=YWJj|1|2"}),
    # a token
    "a good token": Try("nobody", "", {"Authorization": "Bearer TOKEN", "Origin": None}),
    "a good token from our page": Try("nobody", "", {"Authorization": "Bearer TOKEN"}),
    "a good token from another site": Try(
        "nobody", OTHER_SITE, {"Authorization": "Bearer TOKEN", "Origin": EVIL}
    ),
    "a good token, but cross-site": Try(
        "nobody",
        OTHER_SITE,
        {"Authorization": "Bearer TOKEN", "Origin": None, "Sec-Fetch-Site": "cross-site"},
    ),
    "a good token for another host": Try(
        "nobody", OTHER_HOST, {"Authorization": "Bearer TOKEN", "Origin": None}, host="evil.example"
    ),
    "a token that is junk": Try("nobody", NOBODY, {"Authorization": "Bearer junk", "Origin": None}),
    "a token without a key": Try(
        "nobody", NOBODY, {"Authorization": "Bearer UNSIGNED", "Origin": None}
    ),
    "a token with its end cut off": Try(
        "nobody", NOBODY, {"Authorization": "Bearer SHORTER", "Origin": None}
    ),
    "a token by another scheme": Try(
        "nobody", NOBODY, {"Authorization": "Basic TOKEN", "Origin": None}
    ),
    "a bad token beside a good cookie": Try("ann", NOBODY, {"Authorization": "Bearer junk"}),
    "a token in the address": Try("nobody", NOBODY, {"Origin": None}, path="/socket?token=TOKEN"),
    "an access_token in the address": Try(
        "nobody", NOBODY, {"Origin": None}, path="/socket?access_token=TOKEN"
    ),
    "a token as a cookie": Try("nobody", NOBODY, {"Cookie": "session=TOKEN"}),
}


@pytest.mark.parametrize("name", TRIES)
async def test_handshake(world: World, name: str) -> None:
    wanted = TRIES[name]
    asker: Asker = world.ann if wanted.who == "ann" else world.house.visitor()
    said = {
        header: None if text is None else _filled(world, text)
        for header, text in wanted.headers.items()
    }
    host, path = _filled(world, wanted.host), _filled(world, wanted.path)
    assert await outcome(asker, headers=said, host=host, path=path) == wanted.answer


async def outcome(asker: Asker, **options: object) -> str:
    """The refusal; "" for someone who was let in, greeted, and has gone again."""
    try:
        wire = await asker.dial(**options)  # type: ignore[arg-type]
    except InvalidStatus as refusal:
        response = refusal.response
        assert "Set-Cookie" not in response.headers
        assert "Upgrade" not in response.headers
        error = json.loads(response.body)["error"]
        assert set(error) == {"code", "message", "retryable"}
        return f"{response.status_code} {error['code']}"
    await wire.frame("welcome")
    await wire.hang_up()
    return ""


def _filled(world: World, text: str) -> str:
    """The other texts first: a token could contain one of their names."""
    house, token = world.house, world.bot.token
    head, payload, signature = token.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').rstrip(b"=").decode()
    known = {
        "ORIGIN": house.origin,
        "HOST": house.host,
        "PORT": str(house.port),
        "UNSIGNED": f"{none}.{payload}.",
        "SHORTER": f"{head}.{payload}.{signature[:-4]}",
        "TOKEN": token,
    }
    for name, value in known.items():
        if name in text:
            return text.replace(name, value)
    return text


async def test_all_who_are_nobody_are_told_the_same(world: World) -> None:
    """Junk, another's, ended: an attacker does not learn which."""
    bodies = set()
    for name in ("no session", "a cookie that is junk", "a token that is junk"):
        said = {header: text for header, text in TRIES[name].headers.items() if header != "Origin"}
        with pytest.raises(InvalidStatus) as refusal:
            await world.house.visitor().dial(headers=said)
        response = refusal.value.response
        once = ("date", "content-security-policy")
        headers = [pair for pair in response.headers.raw_items() if pair[0].lower() not in once]
        bodies.add((response.status_code, bytes(response.body), tuple(headers)))
    assert len(bodies) == 1


async def test_an_ended_session_is_nobody(world: World) -> None:
    window = await world.house.window(world.ann)
    assert await outcome(window) == ""
    cookies = dict(window.cookies)
    assert (await window.submit("/logout")).status == 303
    window.cookies = cookies
    assert await outcome(window) == NOBODY


async def test_an_expired_session_is_nobody(world: World) -> None:
    window = await world.house.window(world.ann)
    assert await outcome(window) == ""
    world.clock.ahead += 2 * 86_400
    try:
        assert await outcome(window) == NOBODY
    finally:
        world.clock.ahead = 0


async def test_an_expired_token_is_nobody(world: World) -> None:
    bot = await world.ann.program()
    world.clock.ahead += 14 * 60
    assert await outcome(bot) == ""
    world.clock.ahead += 2 * 60
    try:
        assert await outcome(bot) == NOBODY
    finally:
        world.clock.ahead = 0


async def test_a_token_whose_session_ended_is_nobody(world: World) -> None:
    bo = await world.house.person("bo")
    bot = await bo.program()
    assert await outcome(bot) == ""
    await bo.page("/account")
    assert (await bo.submit("/account/sessions/end-others")).status == 303
    assert await outcome(bot) == NOBODY


async def test_a_ticket_opens_one_socket_for_half_a_minute(world: World) -> None:
    async def offer(ticket: str, **headers: str) -> str:
        return await outcome(
            world.house.visitor(),
            subprotocols=("chatelaine.1", f"chatelaine.ticket.{ticket}"),
            headers={"Origin": None, **headers},
        )

    first = (await world.bot.api("POST", "ticket"))["ticket"]
    assert await offer(first) == ""
    assert await offer(first) == NOBODY
    assert await offer("x" * 43) == NOBODY
    late = (await world.bot.api("POST", "ticket"))["ticket"]
    world.clock.ahead += 31
    try:
        assert await offer(late) == NOBODY
    finally:
        world.clock.ahead = 0
    stolen = (await world.bot.api("POST", "ticket"))["ticket"]
    assert await offer(stolen, Origin=EVIL) == OTHER_SITE


async def test_a_ticket_of_a_browser_needs_our_page(world: World) -> None:
    ticket = (await world.ann.api("POST", "ticket"))["ticket"]
    offered = ("chatelaine.1", f"chatelaine.ticket.{ticket}")
    nobody = world.house.visitor()
    assert await outcome(nobody, subprotocols=offered, headers={"Origin": None}) == OTHER_SITE


async def test_a_ticket_is_not_sent_back(world: World) -> None:
    ticket = (await world.bot.api("POST", "ticket"))["ticket"]
    wire = await world.house.visitor().dial(
        subprotocols=("chatelaine.1", f"chatelaine.ticket.{ticket}"), headers={"Origin": None}
    )
    await wire.frame("welcome")
    assert wire.connection.subprotocol == "chatelaine.1"
    assert ticket.encode() not in wire.raw


async def test_no_upgrade_is_no_socket(world: World) -> None:
    assert (await world.house.visitor().ask("GET", "/socket")).error == "not_signed_in"
    plain = await world.ann.ask("GET", "/socket", headers={"Origin": world.house.origin})
    assert plain.status == 400


async def test_the_answer_bears_the_headers_of_every_answer(world: World) -> None:
    """But no nonce: no page follows in which a script could be let run."""
    wire = await world.ann.dial()
    response = wire.connection.response
    assert response is not None
    wanted = security_headers(secure=False)
    assert {name: response.headers.get(name) for name in wanted} == wanted
