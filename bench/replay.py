"""Replays a conversation through real accounts and sockets, and checks what everyone received.

    python bench/replay.py http://localhost:8000/invite/<secret> FILE [FILE ...] [--room NAME]

Each line of a FILE is ``[12:34:56] <nickname> text``, as IRC clients log it; others are left out.
Everyone who speaks signs up by the invitation (CHATELAINE_THROTTLE__SIGNUP_BURST allows for many),
joins the room (the first one of the directory, or NAME) and listens. Lines are posted in their
order, each after the one before was acknowledged; at the end all must have the same log, whole.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import itertools
import json
import re
import secrets
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.websocket import WebSocketClientConnection, websocket_connect

LINE = re.compile(r"^\[[\d:]+\] <([^>]+)> (.+)$")
TOKEN = re.compile(r'name="_csrf" value="([^"]+)"')


class Speaker:
    """One account with one open socket, keeping every entry that it gets."""

    def __init__(self, invitation: str, nickname: str, number: int) -> None:
        parts = urlsplit(invitation)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.nickname = nickname
        self.entries: list[dict[str, Any]] = []
        self._invitation = invitation
        self._number = number
        self._name = f"speaker{number}{secrets.token_hex(3)}"
        self._password = secrets.token_urlsafe(12)
        self._acknowledged: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._requests = itertools.count(1)
        self._subscribed = asyncio.Event()
        self._heard = asyncio.Event()

    async def come_in(self, room: str | None) -> None:
        """Sign up, log in, join and listen."""
        await self._sign_up()
        token = await self._ask("POST", "token", name=self._name, password=self._password)
        self._headers = {"Authorization": f"Bearer {token['token']}"}
        directory = await self._ask("GET", "directory")
        found = next(r for r in directory["rooms"] if room in (None, r["name"]))
        await self._ask("POST", f"rooms/{found['id']}/join")
        self.room: str = found["id"]
        await self._listen()

    async def _sign_up(self) -> None:
        answer = await self._fill_in(self.nickname)
        if answer.code == HTTPStatus.CONFLICT:  # it looks like someone else's
            answer = await self._fill_in(f"{self._number} {self.nickname}")
        if answer.code != HTTPStatus.SEE_OTHER:
            raise SystemExit(f"{self.nickname} could not sign up: {answer.code}")

    async def _fill_in(self, nickname: str) -> HTTPResponse:
        page = await AsyncHTTPClient().fetch(self._invitation)
        cookies = [cookie.split(";")[0] for cookie in page.headers.get_list("Set-Cookie")]
        found = TOKEN.search(page.body.decode())
        form = {
            "_csrf": html.unescape(found.group(1)) if found else "",
            "name": self._name,
            "nickname": nickname,
            "password": self._password,
        }
        headers = {"Cookie": "; ".join(cookies), "Origin": self.origin}
        return await _fetch(self._invitation, "POST", urlencode(form), headers)

    async def _ask(self, method: str, path: str, **body: str) -> Any:
        text = None if method == "GET" else json.dumps(body)
        headers = getattr(self, "_headers", {})
        answer = await _fetch(f"{self.origin}/api/v1/{path}", method, text, headers)
        if answer.code >= 400:
            raise SystemExit(f"{method} {path}: {answer.code} {answer.body.decode()}")
        return json.loads(answer.body)

    async def _listen(self) -> None:
        address = self.origin.replace("http", "ws", 1) + "/socket"
        self._socket: WebSocketClientConnection = await websocket_connect(
            HTTPRequest(address, headers=self._headers)
        )
        self._reader = asyncio.create_task(self._read())
        await self._send(t="subscribe", id=0, rooms=[{"room": self.room}])
        await self._subscribed.wait()

    async def _send(self, **frame: object) -> None:
        await self._socket.write_message(json.dumps(frame))

    async def _read(self) -> None:
        while (message := await self._socket.read_message()) is not None:
            frame = json.loads(message)
            if frame["t"] == "entry":
                self.entries.append(frame)
                self._heard.set()
            elif frame["t"] == "subscribed":
                self._subscribed.set()
            elif frame["t"] in ("posted", "error"):
                self._acknowledged.put_nowait(frame)

    async def say(self, text: str) -> int:
        """Post, and wait for the acknowledgement; returns the seq. Slows down when told to."""
        client_id = secrets.token_urlsafe(12)
        while True:
            await self._send(
                t="post", id=next(self._requests), room=self.room, client_id=client_id, text=text
            )
            frame = await self._acknowledged.get()
            if frame["t"] == "posted":
                return int(frame["seq"])
            if not frame["retryable"]:
                raise SystemExit(f"{self.nickname}: {frame['code']}")
            await asyncio.sleep(frame.get("retry_after", 0.1))

    async def heard_up_to(self, seq: int) -> None:
        while not self.entries or self.entries[-1]["seq"] < seq:
            self._heard.clear()
            await self._heard.wait()


async def _fetch(url: str, method: str, body: str | None, headers: dict[str, str]) -> HTTPResponse:
    request = HTTPRequest(url, method, headers, body, follow_redirects=False)
    return await AsyncHTTPClient().fetch(request, raise_error=False)


def spoken(files: list[Path]) -> list[tuple[str, str]]:
    """(nickname, text) of every line that someone said."""
    lines = [line for file in files for line in file.read_text("utf-8", "replace").splitlines()]
    return [(found[1], found[2]) for line in lines if (found := LINE.match(line))]


def check(speakers: list[Speaker]) -> None:
    """Everyone has a whole run of seqs, and the same text under each."""
    texts: dict[int, str | None] = {}
    for speaker in speakers:
        seqs = [entry["seq"] for entry in speaker.entries]
        if seqs != list(range(seqs[0], seqs[0] + len(seqs))):
            raise SystemExit(f"{speaker.nickname} missed entries, or got some twice")
        for entry in speaker.entries:
            if texts.setdefault(entry["seq"], entry.get("text")) != entry.get("text"):
                raise SystemExit(f"entry {entry['seq']} is not the same for {speaker.nickname}")


async def replay(invitation: str, lines: list[tuple[str, str]], room: str | None) -> None:
    nicknames = sorted({nickname for nickname, _ in lines})
    speakers = {
        nickname: Speaker(invitation, nickname, number) for number, nickname in enumerate(nicknames)
    }
    for speaker in speakers.values():
        await speaker.come_in(room)
    begun, last = time.monotonic(), 0
    for nickname, text in lines:
        last = await speakers[nickname].say(text)
    for speaker in speakers.values():
        await speaker.heard_up_to(last)
    seconds = time.monotonic() - begun
    check(list(speakers.values()))
    print(f"{len(lines)} lines by {len(speakers)} people in {seconds:.1f} s: everyone got them all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("invitation")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--room")
    parser.add_argument("--most", type=int, default=10_000, help="lines")
    asked = parser.parse_args()
    asyncio.run(replay(asked.invitation, spoken(asked.files)[: asked.most], asked.room))


if __name__ == "__main__":
    main()
