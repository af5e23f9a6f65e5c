"""Asking to be let into a room that one sees, and the answer."""

from __future__ import annotations

import unicodedata

from msgspec import Struct

from auth.throttle import Limiter
from core.access import Facts, PersonFacts
from core.errors import ChatError
from core.levels import Level
from core.log import Kind
from core.records import Identity, Person
from live.bus import AsksChanged, Bus
from rooms.acting import Acting, acting_in, looking_in
from rooms.authority import check_may_give
from rooms.changes import Changes
from rooms.inviting import Invitee, invitation_delta, invitee
from rooms.ledger import Opened
from rooms.permissions import level_of
from rooms.waiting import again_at, keepers, may_ask, waiting
from storage import access, asks, people, removals
from storage.asks import Ask
from storage.engine import Database, Tx

LONGEST = 500
MOST_WAITING = 20
_UNWANTED = dict.fromkeys([*range(10), 11, 12, *range(14, 32), 127, 0xFEFF])


class Asker(Struct, frozen=True):
    """Someone who waits to be let in, since ``at``, and what they wrote."""

    person: Person
    at: int
    text: str


class Asking:
    """People ask once, and wait. ``limiter`` is by who asks."""

    def __init__(self, database: Database, changes: Changes, bus: Bus, limiter: Limiter) -> None:
        self._database = database
        self._changes = changes
        self._bus = bus
        self._limiter = limiter

    async def ask(self, who: Identity, room: str, text: str = "") -> None:
        """Ask to be let in. Those who may answer see the nickname and ``text``.

        Raises `ask_long`, `already_reads`, `asked_before`, `asked_and_declined`, `too_many_asks`.
        """
        text = clean(text)
        if wait := self._limiter.take(who.account.id):
            raise ChatError("too_many_requests", retry_after=wait)

        def work(tx: Tx, _touched: list[Opened]) -> AsksChanged:
            acting = acting_in(tx, who, room, "ask")
            _check_may_ask(tx, acting)
            asks.put(tx, Ask(room, acting.person.id, text, tx.now()))
            return _changed(tx, acting.room, acting.person.id)

        self._bus.publish(await self._changes.commit(work))

    async def withdraw(self, who: Identity, room: str) -> None:
        """Do not wait any more. Raises `ask_gone`."""

        def work(tx: Tx, _touched: list[Opened]) -> AsksChanged:
            acting = acting_in(tx, who, room, "see")
            _open_ask(tx, room, acting.person.id)
            asks.remove(tx, room, [acting.person.id])
            return _changed(tx, acting.room, acting.person.id)

        self._bus.publish(await self._changes.commit(work))

    async def waiting(self, who: Identity, room: str) -> list[Asker]:
        """Those who wait, oldest first, for those who may let them in."""

        def work(tx: Tx) -> list[Asker]:
            looking_in(tx, who, room, "invite")
            found = waiting(tx, [room]).get(room, [])
            shown = people.persons(tx, (ask.person for ask in found))
            return [Asker(shown[ask.person], ask.at, ask.text) for ask in found]

        return await self._database.read(work)

    async def let_in(self, who: Identity, room: str, person: str, level: Level) -> Invitee:
        """Give whoever asked ``level``, and put the room into their list. Raises `ask_gone`."""

        def work(tx: Tx, touched: list[Opened]) -> tuple[Invitee, AsksChanged]:
            acting = acting_in(tx, who, room, "invite")
            check_may_give(acting.person, acting.room.facts, level)
            target = _asker(tx, acting, person)
            delta = invitation_delta(tx, acting, target, level)
            asks.remove(tx, room, [person])
            removals.forget(tx, room, person)
            acting.room.write(Kind.LET_IN, acting.shown, delta)
            touched.append(acting.room)
            let_in = invitee(tx, acting.room.facts_for(target), joined=bool(delta.joined))
            return let_in, _changed(tx, acting.room, person)

        let_in, changed = await self._changes.commit(work)
        self._bus.publish(changed)
        return let_in

    async def decline(self, who: Identity, room: str, person: str) -> None:
        """Not this time: they may ask again after a day. Raises `ask_gone`."""

        def work(tx: Tx, _touched: list[Opened]) -> AsksChanged:
            acting = acting_in(tx, who, room, "invite")
            _asker(tx, acting, person)
            asks.decline(tx, room, person, acting.person.id)
            return _changed(tx, acting.room, person)

        self._bus.publish(await self._changes.commit(work))


def clean(text: str) -> str:
    """What someone wrote, as it is kept: no control characters but line breaks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.translate(_UNWANTED).strip()
    if len(text) > LONGEST:
        raise ChatError("ask_long")
    return text


def _check_may_ask(tx: Tx, acting: Acting) -> None:
    person, room = acting.person, acting.room
    if level_of(room.facts_for(person.without_token)) >= Level.READ:
        raise ChatError("already_reads")
    before = asks.get(tx, room.head.room, person.id)
    again = again_at(before)
    if before is not None and again is None:
        raise ChatError("asked_before")
    if again is not None and again > tx.now():
        raise ChatError("asked_and_declined", retry_after=(again - tx.now()) / 1000)
    if _count_waiting(tx, person) >= MOST_WAITING:
        raise ChatError("too_many_asks", most=MOST_WAITING)


def _count_waiting(tx: Tx, person: PersonFacts) -> int:
    """In rooms where they could still be let in."""
    own = [room for room, ask in asks.of_person(tx, person.id).items() if ask.declined_at is None]
    facts = access.facts_for_many(tx, own, person.id, person.groups)
    return sum(may_ask(Facts(person.without_token, facts[room])) for room in own)


def _open_ask(tx: Tx, room: str, person: str) -> Ask:
    ask = asks.get(tx, room, person)
    if ask is None or ask.declined_at is not None:
        raise ChatError("ask_gone")
    return ask


def _asker(tx: Tx, acting: Acting, person: str) -> PersonFacts:
    """Who waits to be let in, and could still."""
    _open_ask(tx, acting.room.head.room, person)
    target = people.facts(tx, [person])[person]
    if not may_ask(acting.room.facts_for(target)):
        raise ChatError("ask_gone")
    return target


def _changed(tx: Tx, room: Opened, asker: str) -> AsksChanged:
    return AsksChanged(room.head.room, keepers(tx, room.facts) | {asker})
