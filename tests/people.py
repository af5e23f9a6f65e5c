"""People as clients of a running server: a browser's cookies and forms, REST, and sockets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any, Protocol
from urllib.parse import urlencode

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httputil import HTTPHeaders

from core.ids import new_id
from tests.wires import Notes, Wire

PASSWORD = "correct horse battery"
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
_ADDRESS = re.compile(rb"\b127\.\d+\.\d+\.\d+\b|(?<![\w:])::1(?![\w:])")
_CSRF = re.compile(r'name="csrf" content="([^"]+)"')
_TOKEN = re.compile(r"chatelaine_[\w-]{43}")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class Reachable(Protocol):
    """A running server."""

    port: int
    client: AsyncHTTPClient
    askers: list[Asker]
    """Everyone who ever asked; each adds themself."""

    @property
    def host(self) -> str: ...

    @property
    def origin(self) -> str: ...


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: HTTPHeaders
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        """The code of a failed REST request."""
        return str(self.json["error"]["code"])

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


class Refused(AssertionError):
    """A request that should have been granted."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.body[:300]!r}")
        self.answer = answer


class Asker:
    """Sends requests to one server from one address, and keeps all that comes back."""

    def __init__(self, house: Reachable, address: str) -> None:
        self.house = house
        self.address = address
        self.seen = b""
        """Every byte that ever came back over HTTP, headers included."""
        self.wires: list[Wire] = []
        house.askers.append(self)

    @property
    def _server(self) -> str:
        """The server's address of the same kind as one's own."""
        return "[::1]" if ":" in self.address else "127.0.0.1"

    def own_headers(self, method: str) -> dict[str, str]:
        """What this client adds to every request."""
        return {}

    async def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        form: Mapping[str, str | list[str]] | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """``body`` goes as JSON, ``form`` as a form; a header of None is left out."""
        sent: dict[str, str | None] = {"Host": self.house.host, "User-Agent": AGENT}
        sent |= self.own_headers(method)
        data: str | bytes | None = None
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            data = urlencode(form, doseq=True)
        elif body is not None:
            sent["Content-Type"] = "application/json"
            data = body if isinstance(body, bytes | str) else json.dumps(body)
        sent |= headers or {}
        request = HTTPRequest(
            f"http://{self._server}:{self.house.port}{path}",
            method=method,
            headers={name: value for name, value in sent.items() if value is not None},
            body=data,
            follow_redirects=False,
            allow_nonstandard_methods=True,
            network_interface=self.address,
            decompress_response=False,
        )
        return self._taken(await self.house.client.fetch(request, raise_error=False))

    def _taken(self, response: HTTPResponse) -> Answer:
        lines = "".join(f"{name}: {value}\n" for name, value in response.headers.get_all())
        self.seen += lines.encode() + response.body
        return Answer(response.code, response.headers, response.body)

    async def api(self, method: str, path: str, body: object = None) -> Any:
        """REST that must succeed; returns what it answers."""
        answer = await self.ask(method, f"/api/v1/{path}", body)
        if answer.status not in (200, 201):
            raise Refused(answer)
        return answer.json

    async def connect(self, *rooms: str, notes: Notes | None = None, **options: Any) -> Wire:
        """Open a socket, greeted; it hears ``rooms`` from what ``notes`` has of them on.

        Raises `websockets.InvalidStatus` when the handshake is refused.
        """
        wire = await self.dial(notes=notes, **options)
        await wire.frame("welcome")
        for room in rooms:
            await wire.subscribe(room)
        return wire

    async def dial(
        self,
        *,
        notes: Notes | None = None,
        path: str = "/socket",
        host: str = "",
        headers: Mapping[str, str | None] | None = None,
        subprotocols: tuple[str, ...] = ("chatelaine.1",),
    ) -> Wire:
        """The handshake alone."""
        own: dict[str, str | None] = {"Origin": self.house.origin, **self.own_headers("GET")}
        own |= headers or {}
        wire = await Wire.open(
            f"ws://{host or self.house.host}{path}",
            server=self._server.strip("[]"),
            port=self.house.port,
            address=self.address,
            headers={name: value for name, value in own.items() if value is not None},
            subprotocols=subprotocols,
            notes=notes or Notes(),
        )
        self.wires.append(wire)
        return wire

    async def hang_up(self) -> None:
        for wire in self.wires:
            await wire.hang_up()


class Visitor(Asker):
    """A browser profile without JavaScript: cookies, pages and forms."""

    def __init__(self, house: Reachable, address: str) -> None:
        super().__init__(house, address)
        self.cookies: dict[str, str] = {}
        self.csrf = ""

    def own_headers(self, method: str) -> dict[str, str]:
        headers = {"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method not in ("GET", "HEAD"):
            headers |= {"Origin": self.house.origin, "X-CSRF-Token": self.csrf}
        return headers

    def _taken(self, response: HTTPResponse) -> Answer:
        for line in response.headers.get_list("Set-Cookie"):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.coded_value
                if not morsel.value:
                    del self.cookies[name]
        answer = super()._taken(response)
        found = _CSRF.search(response.body.decode(errors="replace"))
        if found and response.code < 400:
            self.csrf = found[1]
        return answer

    async def page(self, path: str) -> Answer:
        """A page as it is, redirects not followed; its CSRF token is kept."""
        return await self.ask("GET", path)

    async def submit(self, path: str, **fields: str) -> Answer:
        """Send a form with the token of the page that was seen last."""
        return await self.ask("POST", path, form={"_csrf": self.csrf, **fields})


class Speaker(Asker):
    """Whoever may use REST: what people do there, in words."""

    name: str
    nickname: str
    id: str

    async def know_oneself(self) -> None:
        me = await self.api("GET", "me")
        self.id, self.name, self.nickname = me["id"], me["name"], me["nickname"]

    async def make_room(
        self, name: str, preset: str = "private", history: str = "all", topic: str = ""
    ) -> str:
        new = {"name": name, "preset": preset, "history": history, "topic": topic}
        return str((await self.api("POST", "rooms", new))["id"])

    async def rooms(self) -> dict[str, Any]:
        """One's own, by id."""
        return {room["id"]: room for room in (await self.api("GET", "rooms"))["rooms"]}

    async def directory(self) -> dict[str, Any]:
        """What can be seen, by id."""
        return {room["id"]: room for room in (await self.api("GET", "directory"))["rooms"]}

    async def invite(self, room: str, *whom: Speaker, level: str = "POST") -> None:
        for person in whom:
            wanted = {"nickname": person.nickname, "level": level}
            await self.api("POST", f"rooms/{room}/people", wanted)

    async def remove(self, room: str, whom: Speaker) -> Any:
        return await self.api("DELETE", f"rooms/{room}/people/{whom.id}")

    async def link(self, room: str, uses: int = 10) -> str:
        """The address of a new invitation."""
        made = await self.api("POST", f"rooms/{room}/links", {"days": 7, "uses": uses})
        return str(made["url"])

    async def join(self, room: str) -> None:
        await self.api("POST", f"rooms/{room}/join")

    async def leave(self, room: str) -> None:
        await self.api("POST", f"rooms/{room}/leave")

    async def post(self, room: str, text: str, client_id: str = "") -> Any:
        new = {"client_id": client_id or new_id(), "text": text}
        return await self.api("POST", f"rooms/{room}/posts", new)

    async def entries(self, room: str, **where: int) -> Any:
        query = f"?{urlencode(where)}" if where else ""
        return await self.api("GET", f"rooms/{room}/entries{query}")

    async def texts(self, room: str, **where: int) -> list[str]:
        """What was said, as the history page has it."""
        page = await self.entries(room, limit=200, **where)
        return [entry["text"] for entry in page["entries"] if entry["kind"] == "post"]

    async def people(self, room: str) -> dict[str, Any]:
        """By nickname."""
        found = await self.api("GET", f"rooms/{room}/people")
        return {person["nickname"]: person for person in found["people"]}


class Person(Visitor, Speaker):
    """Someone logged in, in one browser."""

    password = PASSWORD

    async def sign_up(self, way: str, name: str, nickname: str = "") -> None:
        """On the form at ``way``."""
        await self.page(way)
        typed = {"name": name, "password": self.password, "nickname": nickname}
        await self._entered(await self.submit(way, **typed))

    async def log_in(self, name: str, password: str) -> None:
        self.password = password
        await self.page("/login")
        await self._entered(await self.submit("/login", name=name, password=password))

    async def _entered(self, answer: Answer) -> None:
        if answer.status != 303 or "session" not in self.cookies:
            raise Refused(answer)
        await self.page("/account")
        await self.know_oneself()

    async def program(self) -> Program:
        """A program that logs in as this person for a token."""
        program = Program(self.house, self.address)
        given = {"name": self.name, "password": self.password}
        program.token = (await program.api("POST", "token", given))["token"]
        await program.know_oneself()
        return program

    async def personal_token(self, level: str = "READ", *actions: str, days: str = "") -> str:
        """The secret of a token that they make on their account's page."""
        await self.page("/account")
        form = [("label", f"{level} bot"), ("level", level), ("days", days)]
        sent = urlencode([("_csrf", self.csrf), *form, *(("action", name) for name in actions)])
        answer = await self.ask(
            "POST",
            "/account/tokens",
            sent,
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        found = _TOKEN.search(answer.text)
        if found is None:
            raise Refused(answer)
        return found[0]

    async def bot(self, level: str = "READ", *actions: str) -> Program:
        """A program that logs in with a token of this person's."""
        program = Program(self.house, self.address)
        await program.log_in(await self.personal_token(level, *actions))
        return program


class Program(Speaker):
    """A client with a bearer token, no cookies and no Origin."""

    token = ""

    async def log_in(self, personal_token: str) -> None:
        self.token = (await self.api("POST", "token", {"token": personal_token}))["token"]
        await self.know_oneself()

    def own_headers(self, method: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def dial(self, **options: Any) -> Wire:
        headers = {"Origin": None, **(options.pop("headers", None) or {})}
        return await super().dial(headers=headers, **options)


def address_in(seen: bytes) -> bytes | None:
    """An address of this machine among what someone was sent."""
    found = _ADDRESS.search(seen)
    return found[0] if found else None
