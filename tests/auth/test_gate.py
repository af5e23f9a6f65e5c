"""Who a request comes from, over real HTTP: cookie, bearer token, ticket, and what is none."""

from collections.abc import AsyncIterator

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application, RequestHandler

from auth.cookies import SessionCookie
from auth.gate import TICKET, Gate
from auth.keys import JwtKey
from auth.sessions import BROWSER, PROGRAM
from auth.tickets import Tickets
from auth.tokens import Tokens
from tests.auth.house import FIREFOX, PASSWORD, House

KEY = JwtKey("k1", "HS256", bytes(range(32)))
SECRETS = {1: "an old secret for tests only", 2: "a new secret for tests only"}


class WhoAmI(RequestHandler):
    def initialize(self, gate: Gate, cookie: SessionCookie) -> None:
        self.gate, self.cookie = gate, cookie

    async def get(self) -> None:
        identity = await self.gate(self)
        self.write(f"{identity.account.name} {identity.session.kind}" if identity else "nobody")

    def post(self) -> None:
        self.cookie.set(self, self.get_body_argument("secret"))

    def delete(self) -> None:
        self.cookie.clear(self)


class Door:
    """A server that says who knocks."""

    def __init__(self, house: House, *, secure: bool = False) -> None:
        self.house = house
        self.cookie = SessionCookie(secure=secure)
        self.tickets = Tickets(house.clock)
        self.tokens = Tokens([KEY], "http://localhost", 15, house.clock)
        gate = Gate(self.cookie, house.sessions, self.tokens, self.tickets)
        services = {"gate": gate, "cookie": self.cookie}
        self.application = Application(
            [("/", WhoAmI, services)], cookie_secret=SECRETS, key_version=2
        )
        self.server = HTTPServer(self.application)
        socket, port = bind_unused_port()
        self.server.add_socket(socket)
        self.url = f"http://127.0.0.1:{port}/"

    async def set_cookie(self, secret: str) -> str:
        answer = await AsyncHTTPClient().fetch(self.url, method="POST", body=f"secret={secret}")
        return str(answer.headers["Set-Cookie"])

    async def who(self, **headers: str) -> str:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = await AsyncHTTPClient().fetch(self.url, headers=named)
        return answer.body.decode()


@pytest.fixture
async def door(house: House) -> AsyncIterator[Door]:
    door = Door(house)
    yield door
    door.server.stop()


async def logged_in_cookie(door: Door) -> str:
    secret = (await door.house.log_in("ann")).secret
    return (await door.set_cookie(secret)).split(";")[0]


async def bearer(door: Door, kind: str = PROGRAM) -> str:
    ann = await door.house.accounts.by_nickname("ann")
    assert ann is not None
    session = (await door.house.sessions.start(ann.id, kind, "bot")).session
    return f"Bearer {door.tokens.issue(ann.id, session.id)[0]}"


async def test_the_cookie_of_a_session(door: Door) -> None:
    await door.house.sign_up("ann")
    cookie = await logged_in_cookie(door)
    assert await door.who() == "nobody"
    assert await door.who(Cookie=cookie) == "ann browser"


async def test_the_cookie_is_kept_from_scripts_and_other_sites(door: Door) -> None:
    plain = await door.set_cookie("secret")
    assert plain.startswith("session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    assert "Secure" not in plain
    https = Door(door.house, secure=True)
    strict = await https.set_cookie("secret")
    https.server.stop()
    assert strict.startswith("__Host-session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(strict.split("; "))
    assert "Domain" not in strict


async def test_a_changed_cookie_never_reaches_the_database(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.house.sign_up("ann")
    cookie = await logged_in_cookie(door)
    assert await door.who(Cookie=cookie) == "ann browser"
    monkeypatch.delattr(type(door.house.sessions), "by_secret")
    last = cookie.rstrip('"')[-1]
    flipped = cookie.replace(f'{last}"', f'{"0" if last != "0" else "1"}"')
    assert flipped != cookie
    for forged in (flipped, cookie[:-1], cookie[:30], "session=junk", "session=", "session=a|b|c"):
        assert await door.who(Cookie=forged) == "nobody"


async def test_ended_means_nobody_at_once(door: Door) -> None:
    ann = await door.house.sign_up("ann")
    cookie, token = await logged_in_cookie(door), await bearer(door)
    assert await door.who(Cookie=cookie) == "ann browser"
    assert await door.who(Authorization=token) == "ann program"
    await door.house.sessions.end_others(ann.id, keep="")
    assert await door.who(Cookie=cookie) == "nobody"
    assert await door.who(Authorization=token) == "nobody"


async def test_a_browsers_session_is_none_for_a_token_and_the_reverse(door: Door) -> None:
    ann = await door.house.sign_up("ann")
    assert await door.who(Authorization=await bearer(door, BROWSER)) == "nobody"
    opened = await door.house.sessions.start(ann.id, PROGRAM, "bot")
    cookie = (await door.set_cookie(opened.secret)).split(";")[0]
    assert await door.who(Cookie=cookie) == "nobody"


async def test_a_token_for_another_account_than_its_session(door: Door) -> None:
    await door.house.sign_up("ann")
    bo = await door.house.sign_up("bo")
    session = (await door.house.sessions.start(bo.id, PROGRAM, "bot")).session
    forged = door.tokens.issue("somebody else", session.id)[0]
    assert await door.who(Authorization=f"Bearer {forged}") == "nobody"


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer junk", "Basic YW5uOng=", "junk"])
async def test_who_shows_a_bad_token_is_nobody_even_with_a_cookie(
    door: Door, authorization: str
) -> None:
    await door.house.sign_up("ann")
    cookie = await logged_in_cookie(door)
    assert await door.who(Cookie=cookie, Authorization=authorization) == "nobody"


async def test_a_ticket_opens_once(door: Door) -> None:
    ann = await door.house.sign_up("ann")
    session = (await door.house.sessions.start(ann.id, PROGRAM, "bot")).session
    offered = f"chatelaine.1, {TICKET}{door.tickets.issue(session.id)}"
    assert await door.who(Sec_WebSocket_Protocol=offered) == "ann program"
    assert await door.who(Sec_WebSocket_Protocol=offered) == "nobody"


async def test_a_ticket_of_an_ended_session(door: Door) -> None:
    await door.house.sign_up("ann")
    logged_in = await door.house.log_in("ann", PASSWORD)
    ticket = door.tickets.issue(logged_in.session.id)
    await door.house.logins.log_out(logged_in.session)
    assert await door.who(Sec_WebSocket_Protocol=TICKET + ticket) == "nobody"


async def test_cookies_of_an_older_key_still_work(door: Door) -> None:
    await door.house.sign_up("ann")
    door.application.settings["key_version"] = 1
    cookie = await logged_in_cookie(door)
    door.application.settings["key_version"] = 2
    assert await door.who(Cookie=cookie) == "ann browser"


async def test_who_was_seen_is_noted(door: Door) -> None:
    ann = await door.house.sign_up("ann")
    cookie = await logged_in_cookie(door)
    door.house.clock.pass_by(3_600)
    await door.who(Cookie=cookie, User_Agent=FIREFOX)
    (session,) = await door.house.sessions.of_account(ann.id)
    assert session.seen_at == door.house.clock.now()
