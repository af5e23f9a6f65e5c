"""A small client of Chatelaine for programs and terminals: list rooms, post, listen.

    export CHAT_PASSWORD=...
    python examples/client.py --name ann rooms
    python examples/client.py --name ann post Kitchen "Dinner is ready"
    python examples/client.py --name ann listen

A bot has a token instead (from the account page), in CHAT_TOKEN or as --token; it needs no name.

It needs Tornado only. `listen` goes on until it is interrupted: after a break it reconnects and
prints exactly what was missed. README.md beside it says how that works.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import os
import random
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NoReturn

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

Json = dict[str, Any]
BACK_OFF_LONGEST = 30.0
FOR_GOOD = {4009: "too many connections are open", 4010: "the server does not understand us"}


class Api:
    """REST, with a token that is got anew whenever the old one has run out."""

    def __init__(self, url: str, credentials: Json) -> None:
        self.url = url.rstrip("/")
        self._credentials = credentials
        self._token = ""

    async def log_in(self) -> None:
        answer = await self._send("POST", "token", self._credentials, {})
        self._token = answer["token"]

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}

    async def ask(self, method: str, path: str, body: Json | None = None) -> Json:
        try:
            return await self._send(method, path, body, self.headers)
        except HTTPClientError as error:
            if error.code != 401:
                raise
        await self.log_in()
        return await self._send(method, path, body, self.headers)

    async def _send(self, method: str, path: str, body: Json | None, headers: Json) -> Json:
        request = HTTPRequest(
            f"{self.url}/api/v1/{path}",
            method=method,
            headers=headers,
            body=None if body is None else json.dumps(body),
            allow_nonstandard_methods=True,
        )
        answer: Json = json.loads((await AsyncHTTPClient().fetch(request)).body)
        return answer


def called(room: Json) -> str:
    """A room's name; of a direct room, whose it is."""
    return str(room["name"] or f"@{room['peer']['nickname']}")


async def room_named(api: Api, wanted: str) -> Json:
    """One of one's own rooms, by its id or its name."""
    rooms: list[Json] = (await api.ask("GET", "rooms"))["rooms"]
    found = [room for room in rooms if wanted in (room["id"], called(room))]
    if len(found) == 1:
        return found[0]
    sys.exit(f"You are in {'no' if not found else 'more than one'} room that is called {wanted}.")


async def list_rooms(api: Api) -> None:
    for room in (await api.ask("GET", "rooms"))["rooms"]:
        print(f"{room['id']}  {called(room)}  ({room['unread']} unread)")


async def post(api: Api, room: str, text: str) -> None:
    """The same ``client_id`` makes all tries one post, also when an answer was lost."""
    path = f"rooms/{(await room_named(api, room))['id']}/posts"
    new = {"client_id": secrets.token_urlsafe(12), "text": text}
    for attempt in range(10):
        try:
            kept = await api.ask("POST", path, new)
        except (HTTPClientError, OSError) as error:
            if isinstance(error, HTTPClientError) and not may_try_again(error):
                raise
            await back_off(attempt)
        else:
            print(f"kept as entry {kept['seq']}")
            return
    sys.exit("The server cannot be reached.")


def may_try_again(error: HTTPClientError) -> bool:
    return error.code in (429, 599) or error.code >= 500


async def back_off(attempt: int) -> None:
    """Longer each time, and never all clients at the same moment."""
    longest = min(BACK_OFF_LONGEST, 0.5 * 2**attempt)
    await asyncio.sleep(random.uniform(longest / 2, longest))  # noqa: S311


@dataclass(frozen=True)
class Place:
    """How far one has a room's log: the last ``seq``, and the ``tag`` that says which log."""

    seq: int
    tag: str


class Listener:
    """Prints what is said in all of one's rooms."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._names: dict[str, str] = {}
        self._places: dict[str, Place] = {}
        self._hearing: set[str] = set()
        self._failures = 0

    async def run(self) -> NoReturn:
        while True:
            code = await self._one_connection()
            if code in FOR_GOOD:
                sys.exit(f"The server closed the connection: {FOR_GOOD[code]}.")
            await back_off(self._failures)
            self._failures += 1

    async def _one_connection(self) -> int | None:
        """Until it ends; returns the code that it was closed with."""
        self._hearing.clear()
        address = self._api.url.replace("http", "ws", 1) + "/socket"
        try:
            await self._api.ask("GET", "me")
            request = HTTPRequest(address, headers=self._api.headers)
            socket = await websocket_connect(request, subprotocols=["chatelaine.1"])
        except (HTTPClientError, OSError) as error:
            if isinstance(error, HTTPClientError) and not may_try_again(error):
                raise
            return None
        while isinstance(message := await socket.read_message(), str):
            await self._take(socket, json.loads(message))
        return socket.close_code

    async def _take(self, socket: WebSocketClientConnection, frame: Json) -> None:
        match frame["t"]:
            case "welcome" | "rooms":
                self._failures = 0
                await self._subscribe(socket, frame["rooms"])
            case "subscribed":
                await self._begin(frame)
            case "entry":
                self._print(frame)
            case "lost":
                self._hearing.discard(frame["room"])
                self._places.pop(frame["room"], None)

    async def _subscribe(self, socket: WebSocketClientConnection, rooms: Iterable[Json]) -> None:
        """Go on where one was; a new room begins now."""
        self._names = {room["id"]: called(room) for room in rooms}
        wanted = [self._from(room) for room in self._names if room not in self._hearing]
        if wanted:
            self._hearing.update(place["room"] for place in wanted)
            await socket.write_message(json.dumps({"t": "subscribe", "id": 1, "rooms": wanted}))

    def _from(self, room: str) -> Json:
        place = self._places.get(room)
        return {"room": room} | ({"seq": place.seq, "tag": place.tag} if place else {})

    async def _begin(self, frame: Json) -> None:
        """``reload``: too much was missed for the socket, so load it in pages."""
        room, known = frame["room"], self._places.get(frame["room"])
        if frame.get("reload") and known and known.tag == frame["tag"]:
            await self._load(room, known.seq, frame["seq"])
        self._places[room] = Place(frame["seq"], frame["tag"])

    async def _load(self, room: str, after: int, up_to: int) -> None:
        while after < up_to:
            page = await self._api.ask("GET", f"rooms/{room}/entries?after={after}&limit=200")
            for entry in page["entries"]:
                if entry["seq"] <= up_to:
                    self._print(entry)
            after = up_to if page["end"] else page["entries"][-1]["seq"]

    def _print(self, entry: Json) -> None:
        self._places[entry["room"]] = Place(entry["seq"], entry["tag"])
        if entry["kind"] == "post":
            name = self._names.get(entry["room"], entry["room"])
            print(f"[{name}] {entry['by']['nickname']}: {entry['text']}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A small client of Chatelaine.")
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--name", help="the name you log in with")
    parser.add_argument("--token", help="a token from your account page instead (or CHAT_TOKEN)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("rooms", help="list your rooms")
    posting = commands.add_parser("post", help="say something")
    posting.add_argument("room", help="its name or id")
    posting.add_argument("text")
    commands.add_parser("listen", help="print what is said, until interrupted")
    return parser.parse_args()


def credentials(given: argparse.Namespace) -> Json:
    """A name wins over the token of the environment."""
    token = given.token or (os.environ.get("CHAT_TOKEN") if not given.name else None)
    if token:
        return {"token": token}
    if not given.name:
        sys.exit("Say who you are: --name, or --token.")
    return {"name": given.name, "password": os.environ.get("CHAT_PASSWORD") or getpass.getpass()}


async def run(given: argparse.Namespace) -> None:
    api = Api(given.url, credentials(given))
    await api.log_in()
    match given.command:
        case "rooms":
            await list_rooms(api)
        case "post":
            await post(api, given.room, given.text)
        case "listen":
            await Listener(api).run()


def main() -> None:
    try:
        asyncio.run(run(arguments()))
    except HTTPClientError as error:
        body = error.response.body if error.response else b""
        sys.exit(json.loads(body)["error"]["message"] if body else str(error))
    except OSError:
        sys.exit("The server cannot be reached.")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
