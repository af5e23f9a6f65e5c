"""The detector detects: leaks planted in both twins, one at a time, are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from core.access import Facts, RoomFacts
from core.errors import ChatError
from core.log import Entry
from core.records import Identity
from live.feed import Feed
from live.hub import Hub
from live.presence import Presence, here
from rooms.acting import actor, facts_in
from rooms.invitations import Invitations
from rooms.ledger import Opened
from rooms.listing import Listed, Listing
from rooms.making import Making
from rooms.own_rooms import Room
from rooms.shown_links import Invited
from storage import access, own_rooms, people
from storage.engine import Tx
from storage.own_rooms import OwnRoom
from tests.twins.comparing import Twins
from web.handler import Handler

Plant = Callable[[pytest.MonkeyPatch], None]


def _count(tx: Tx, query: str, *given: str) -> int:
    return int(tx.conn.exec_driver_sql(query, given).scalar_one())


def _rooms(tx: Tx) -> list[str]:
    return list(tx.conn.exec_driver_sql("SELECT id FROM rooms ORDER BY id").scalars())


def name_clash(patch: pytest.MonkeyPatch) -> None:
    make = Making.make

    async def leaky(self: Making, who: Any, name: str, *more: Any, **options: Any) -> str:
        query = "SELECT count(*) FROM rooms WHERE name = ?"
        if await self._changes._database.read(lambda tx: _count(tx, query, name)):
            raise ChatError("name_taken")
        return await make(self, who, name, *more, **options)

    patch.setattr(Making, "make", leaky)


def unread(patch: pytest.MonkeyPatch) -> None:
    """Counted over all rooms."""
    of_people = own_rooms.of_people

    def leaky(tx: Tx, people: Iterable[str]) -> dict[str, list[OwnRoom]]:
        more = _count(tx, "SELECT count(*) FROM entries WHERE kind = 'post'")
        return {
            person: [msgspec.structs.replace(row, unread=row.unread + more) for row in rows]
            for person, rows in of_people(tx, people).items()
        }

    patch.setattr(own_rooms, "of_people", leaky)


def typing(patch: pytest.MonkeyPatch) -> None:
    """To whoever listens to anything."""

    def leaky(self: Hub, room: str, frame: bytes, *, besides: str, up_to: int) -> None:
        for feed in self._feeds.values():
            for subscription in feed.live:
                subscription.listener.send(frame)

    patch.setattr(Hub, "tell", leaky)


def who_is_here(patch: pytest.MonkeyPatch) -> None:
    """Wherever they are."""

    def leaky(self: Hub, room: str) -> frozenset[str]:
        return frozenset(person for feed in self._feeds.values() for person in here(feed))

    patch.setattr(Hub, "here", leaky)


def presence(patch: pytest.MonkeyPatch) -> None:
    tell = Presence._tell
    seen: set[Feed] = set()

    def leaky(self: Presence, feed: Feed) -> None:
        seen.add(feed)
        tell(self, feed)
        frame = self._framing.presence(feed.room, list(here(feed).values()), 0)
        for other in seen - {feed}:
            for subscription in other.live:
                subscription.listener.send(frame)

    patch.setattr(Presence, "_tell", leaky)


def directory(patch: pytest.MonkeyPatch) -> None:
    listed = Listing.directory

    async def leaky(self: Listing, who: Any) -> list[Listed]:
        found = await listed(self, who)
        known = {room.id for room in found}
        return found + [
            Listed(room, "", "", "SEE", False, False, [], 0, False, None, None)
            for room in await self._database.read(_rooms)
            if room not in known
        ]

    patch.setattr(Listing, "directory", leaky)


def invitation_page(patch: pytest.MonkeyPatch) -> None:
    look = Invitations.look

    async def leaky(self: Invitations, secret: str) -> Invited:
        found = await look(self, secret)
        rooms = len(await self._database.read(_rooms))
        return msgspec.structs.replace(found, maker=f"{found.maker} of {rooms} rooms")

    patch.setattr(Invitations, "look", leaky)


def not_allowed_instead_of_not_found(patch: pytest.MonkeyPatch) -> None:
    one = Listing.one

    async def leaky(self: Listing, who: Any, room: str) -> Room:
        there = room in await self._database.read(_rooms)
        try:
            return await one(self, who, room)
        except ChatError as error:
            raise (ChatError("not_allowed") if there else error) from None

    patch.setattr(Listing, "one", leaky)


def another_query(patch: pytest.MonkeyPatch) -> None:
    """The answer is the same; the work is not."""
    facts_for = access.facts_for

    def leaky(tx: Tx, room: str, person: str, groups: Any = ()) -> RoomFacts:
        if _count(tx, "SELECT count(*) FROM rooms WHERE id = ?", room):
            _count(tx, "SELECT 1")
        return facts_for(tx, room, person, groups)

    patch.setattr(access, "facts_for", leaky)


def another_header(patch: pytest.MonkeyPatch) -> None:
    """Made from something that the server keeps in memory."""
    defaults = Handler.set_default_headers

    def leaky(self: Handler) -> None:
        defaults(self)
        self.set_header("X-Load", "high" if _is_busy(self) else "low")

    patch.setattr(Handler, "set_default_headers", leaky)


def another_size(patch: pytest.MonkeyPatch) -> None:
    send_json = Handler.send_json

    def leaky(self: Handler, answer: object, status: int = 200) -> None:
        send_json(self, {"padded": "  " if _is_busy(self) else " ", **_as_dict(answer)}, status)

    patch.setattr(Handler, "send_json", leaky)


def _as_dict(answer: object) -> dict[str, Any]:
    return dict(msgspec.to_builtins(answer))


BUSY: set[str] = set()
"""Where the busy twin is."""


def _is_busy(handler: Handler) -> bool:
    return handler.site.config.origin in BUSY


def rooms_frame(patch: pytest.MonkeyPatch) -> None:
    """To everyone, as if anyone's list could be another now."""
    write = Opened.write

    def leaky(self: Opened, *given: Any) -> Entry:
        entry = write(self, *given)
        self.affected.update(people.everybody(self._tx))
        return entry

    patch.setattr(Opened, "write", leaky)


def a_forgotten_check(patch: pytest.MonkeyPatch) -> None:
    """A check that was forgotten: then all is there to be read."""
    from messages import history

    def leaky(tx: Tx, who: Identity, room: str, action: str) -> Facts:
        """Nothing is checked."""
        return facts_in(tx, actor(tx, who), room)

    patch.setattr(history, "looking_in", leaky)


@dataclass(frozen=True)
class Leak:
    """``who`` finds it, by a difference that says ``by``, when they look at ``only`` that."""

    plant: Plant
    by: str
    only: str
    who: str = "mel"


LEAKS = [
    Leak(unread, "GET /api/v1/rooms: body", "GET /api/v1/rooms"),
    Leak(typing, "hear: frames", "none"),
    Leak(who_is_here, "GET /api/v1/rooms/{}/people garden: body", "/people garden"),
    Leak(presence, "hear: frames", "none"),
    Leak(directory, "GET /api/v1/directory: body", "directory"),
    Leak(invitation_page, "GET /invite/{}: body", "invite", "nobody"),
    Leak(not_allowed_instead_of_not_found, "GET /api/v1/rooms/{} cellar: status", "rooms/{} c"),
    Leak(another_query, "cellar: statements", "cellar"),
    Leak(another_header, "GET /login: headers", "login", "nobody"),
    Leak(another_size, "GET /api/v1/directory: size", "directory"),
    Leak(rooms_frame, "hear: frames", "none"),
    Leak(a_forgotten_check, "entries cellar: status", "entries cellar"),
]


NAME_CLASH = Leak(name_clash, "a room of that name: status", "a room of that name")


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.plant.__name__)
async def test_a_planted_leak_is_found(
    twins: Twins, monkeypatch: pytest.MonkeyPatch, leak: Leak
) -> None:
    await _found(twins, monkeypatch, leak)


async def test_nothing_is_found_when_they_are_gone(twins: Twins) -> None:
    assert (await twins.compare("mel", "cellar")).differences == []


async def test_a_name_clash_is_found(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last: it leaves the twins unlike, as one made a room that the other did not."""
    await _found(twins, monkeypatch, NAME_CLASH)


async def _found(twins: Twins, monkeypatch: pytest.MonkeyPatch, leak: Leak) -> None:
    BUSY.add(twins.both[0].house.origin)
    leak.plant(monkeypatch)
    found = await twins.compare(leak.who, leak.only)
    assert [line for line in found.differences if leak.by in line.partition("\n")[0]], found
