"""A room's log: reading pages of it, adding to it, marking how far one has read."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from api.framing import entry_frame
from api.protocol import ClientId, Seq, Text
from api.rest.handler import RestHandler
from auth.throttle import Limiter
from core.errors import ChatError
from messages.history import History, Page
from messages.posting import Posting
from messages.reading import Reading
from web.guards import Guard

PAGE = 50


class NewPost(Struct, frozen=True, forbid_unknown_fields=True):
    client_id: ClientId
    text: Text


class Mark(Struct, frozen=True, forbid_unknown_fields=True):
    seq: Seq


class Entries(RestHandler):
    """GET: a page of the log: the newest, or ``before``, ``after`` or ``around`` a seq."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, history: History) -> None:
        self._history = history

    async def get(self, room: str) -> None:
        page = await self._page(room, self.number("limit", PAGE) or PAGE)
        self.send_json(
            {
                "entries": [entry_frame(entry) for entry in page.entries],
                "start": page.start,
                "end": page.end,
                "seq": page.seq,
                "tag": page.tag,
            }
        )

    async def _page(self, room: str, limit: int) -> Page:
        after, around = self.number("after"), self.number("around")
        if after is not None:
            return await self._history.after(self.who, room, after, limit)
        if around is not None:
            return await self._history.around(self.who, room, around, limit)
        return await self._history.before(self.who, room, self.number("before"), limit)


class Posts(RestHandler):
    """POST: say something; sent again with the same ``client_id``, it is the same post."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, posting: Posting, limiter: Limiter) -> None:
        self._posting = posting
        self._limiter = limiter

    async def post(self, room: str) -> None:
        new = self.read_json(NewPost)
        if wait := self._limiter.take(self.who.account.id):
            raise ChatError("too_many_requests", retry_after=wait)
        kept = await self._posting.post(self.who, room, new.client_id, new.text)
        self.send_json(
            {"room": kept.room, "client_id": kept.client_id, "seq": kept.seq, "at": kept.at}, 201
        )


class Read(RestHandler):
    """PUT: how far one has read."""

    guard: ClassVar[Guard] = Guard.API

    def initialize(self, reading: Reading) -> None:
        self._reading = reading

    async def put(self, room: str) -> None:
        await self._reading.read_up_to(self.who, room, self.read_json(Mark).seq)
        self.send_json({})
