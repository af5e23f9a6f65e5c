"""Everything that an outsider can fetch or send, from the tables of routes and frames, and all that
comes of it: status, headers, sizes, bodies, frames, and the statements that the server ran."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.api.endpoints import Endpoint, endpoints
from tests.api.test_hidden_rooms import BODIES, FRAMES
from tests.people import Answer, Asker, Visitor
from tests.statements import statements
from tests.twins.twin import Twin
from tests.wires import Wire

SKIPPED = {
    "GET /socket": "the frames are on its wire",
    "POST /logout": "ends the tour",
    "POST /account/sessions/{}/end": "ends the tour",
}
TOLD_TO_ADMINS = ("/admin/rooms", "/admin/access", "/admin/groups")
"""Pages on which admins are shown access metadata of all rooms, on purpose; never their text."""

_SECRET = re.compile(r"[\w-]{40,}(?:\.[\w-]+)*")
_ID = re.compile(r"\b[2-9a-km-np-z]{13}\b")
_NONCE = re.compile(r'(nonce-|(?:nonce|content|value)=")[\w-]{16,}')


Act = tuple[str, Callable[[], Awaitable[Answer | None]]]


@dataclass(frozen=True)
class Step:
    """One thing that was done, and all that came of it."""

    what: str
    status: int
    headers: tuple[str, ...]
    size: int
    body: str
    frames: tuple[str, ...]
    frame_bytes: int
    statements: tuple[str, ...]
    """Sorted: two transactions may run side by side."""


class Tour:
    """One outsider on one twin, listening on ``wire`` if they may."""

    def __init__(
        self, twin: Twin, who: str, asker: Asker, wire: Wire | None, only: str = ""
    ) -> None:
        """``only``: a part of the names of what is asked; all that is heard counts always."""
        self.twin = twin
        self.who = who
        self.asker = asker
        self.wire = wire
        self._only = only
        self._count = 0
        self._heard = self._seen = 0

    def begin(self) -> None:
        """What came until now is not part of it."""
        self._heard = len(self.wire.frames) if self.wire else 0
        self._seen = len(self.asker.seen)

    @property
    def received(self) -> bytes:
        """Every byte since then, and all that its wire ever got."""
        return self.asker.seen[self._seen :] + (bytes(self.wire.raw) if self.wire else b"")

    # --- what is done ----------------------------------------------------------------------------

    async def steps(self) -> AsyncIterator[Step]:
        """Listen, fetch, write, send frames; in the same order on both twins."""
        yield await self._step("hear", None)
        for what, act in self._acts():
            if self._only in what:
                yield await self._step(what, act)

    def _acts(self) -> Iterator[Act]:
        table = endpoints(self.twin.house.chatelaine.application())
        for endpoint in (one for one in table if not one.writes):
            for what, path in self._addresses(endpoint, ("attic", "cellar", "garden", "den")):
                yield self._ask(what, "GET", path, None)
        for endpoint in (one for one in table if one.writes):
            for what, path in self._addresses(endpoint, ("attic", "cellar")):
                body = self._filled(BODIES.get(endpoint.name) or {})
                yield self._ask(what, endpoint.method, path, body)
        yield from self._among_friends()
        if self.wire is not None:
            for room in ("attic", "cellar", "garden"):
                for frame in FRAMES.values():
                    yield self._send(room, frame)

    def _among_friends(self) -> Iterator[Act]:
        """What concerns the hidden room's name and people, without naming the room."""
        den = f"/api/v1/rooms/{self.twin.rooms['den']}"
        for what, method, path, body in (
            ("a room of that name", "POST", "/api/v1/rooms", {"name": self.twin.name}),
            ("that name for the den", "PATCH", den, {"name": self.twin.name, "topic": ""}),
            ("ivy into the den", "POST", f"{den}/people", {"nickname": "ivy"}),
            ("ivy out again", "DELETE", f"{den}/people/{self.twin.ivy.id}", None),
            ("how far one has read", "PUT", f"{den}/read", {"seq": 1}),
            ("one’s own rooms", "GET", "/api/v1/rooms", None),
        ):
            yield self._ask(what, method, path, body)

    def _addresses(self, endpoint: Endpoint, rooms: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        if endpoint.name in SKIPPED or endpoint.template.startswith(TOLD_TO_ADMINS):
            return
        about_rooms = "/rooms/{}" in endpoint.template or endpoint.template.startswith("/r/")
        for room in rooms if about_rooms else ("",):
            path = endpoint.template
            for pattern, value in self._places(room):
                path = path.replace(pattern, pattern.replace("{}", value))
            yield f"{endpoint.name} {room}".strip(), path

    def _places(self, room: str) -> list[tuple[str, str]]:
        return [
            ("/rooms/{}", self.twin.rooms.get(room, "")),
            ("/r/{}", self.twin.rooms.get(room, "")),
            ("/admin/people/{}", "2" * 13),
            ("/people/{}", self.twin.olga.id),
            ("/static/{}", "css/base.css"),
            ("/invite/{}", self.twin.link),
            ("{}", "2" * 13),
        ]

    def _filled(self, body: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        return {
            key: f"{self.who}-{self._count:08}" if value == "CLIENT_ID" else value
            for key, value in body.items()
        }

    def _ask(self, what: str, method: str, path: str, body: object) -> Act:
        headers = {"X-CSRF-Token": getattr(self.asker, "csrf", "")}
        sent = None if method == "GET" else body or {}
        return what, lambda: self.asker.ask(method, path, sent, headers=headers)

    def _send(self, room: str, frame: dict[str, Any]) -> Act:
        wire, id = self.wire, self.twin.rooms[room]
        filled = {k: id if v == "ROOM" else v for k, v in self._filled(frame).items()}
        if "rooms" in filled:
            filled["rooms"] = [{"room": id}]

        async def send() -> None:
            assert wire is not None
            await wire.send(**filled)
            await wire.settled()

        return f"frame {frame['t']} {room}", send

    # --- what came of it -------------------------------------------------------------------------

    async def _step(self, what: str, act: Callable[[], Awaitable[Answer | None]] | None) -> Step:
        self.twin.clock.ms += 1
        with statements(self.twin.house.chatelaine.database) as sent:
            answer = await act() if act is not None else None
            await self.twin.quiet()
        frames = self._news()
        return Step(
            what=f"{self.who}: {what}",
            status=answer.status if answer else 0,
            headers=tuple(self._headers(answer)) if answer else (),
            size=len(answer.body) if answer else 0,
            body=self._plain(answer.text) if answer else "",
            frames=tuple(self._plain(frame) for frame in frames),
            frame_bytes=sum(map(len, frames)),
            statements=tuple(sorted(self._plain(one) for one in sent)),
        )

    def _news(self) -> list[str]:
        """The frames since the last step, but for answers to one's own pings, by which a test
        knows that all has come."""
        came = self.wire.frames[self._heard :] if self.wire else []
        self._heard += len(came)
        return [json.dumps(frame) for frame in came if frame["t"] != "ok"]

    def _headers(self, answer: Answer) -> Iterator[str]:
        for name, value in sorted(answer.headers.get_all()):
            if name == "Set-Cookie":
                yield f"{name}: {value.partition('=')[0]}"
            elif name != "Date":
                yield self._plain(f"{name}: {value}")

    def _plain(self, text: str) -> str:
        """Without what is another on every server: ids, secrets, the port."""
        for id, name in self.twin.names.items():
            text = text.replace(id, name)
        text = text.replace(f":{self.twin.house.port}", ":port")
        text = _SECRET.sub("secret", _NONCE.sub(r"\1", text))
        return _ID.sub("id", text)


async def tour_of(twin: Twin, who: str, only: str) -> Tour:
    """``who`` is one of the twin's outsiders, or nobody."""
    if who == "nobody":
        visitor: Visitor = twin.house.visitor()
        await visitor.page("/login")
        return Tour(twin, who, visitor, None, only)
    person = twin.people[who]
    await person.page("/account")
    own = await person.rooms()
    return Tour(twin, who, person, await person.connect(*own), only)
