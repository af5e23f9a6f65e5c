"""What each frame of a client does, and who may send it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from api import protocol
from api.protocol import ServerFrame
from auth.throttle import Limiter
from core.errors import ChatError
from core.records import Identity
from live.bus import Bus, TypingNotice
from live.hub import Hub
from live.listener import Listener, Subscription
from messages.posting import Kept, Posting
from messages.reading import Reading


class Needs(Enum):
    """Who may send a frame; the check is named, not made, here."""

    NOTHING = "anyone who is connected"
    HEARING = "members who may read the room: the hub decides"
    SUBSCRIPTION = "those who hear the room on this very socket"
    POSTING = "those who may post, decided in the committing transaction"
    MEMBERSHIP = "members: the mark is theirs alone"


class Client(Protocol):
    """The socket that a frame came over."""

    subscriptions: dict[str, Subscription | None]
    """By room; None while the subscription is on its way."""

    @property
    def subscribing(self) -> asyncio.Lock:
        """Held while a subscription is on its way: a socket asks for one at a time."""
        ...

    @property
    def identity(self) -> Identity: ...

    @property
    def listener(self) -> Listener: ...

    def reply(self, frame: ServerFrame) -> None: ...

    def reply_first(self, frame: ServerFrame) -> None:
        """`reply`, in one with the frame that follows in this turn of the loop, if one does."""
        ...

    def refuse(self, frame: protocol.ClientFrame, error: Exception) -> None:
        """Tell what was wrong with ``frame``."""
        ...

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Future[None]:
        """Let ``work`` run, until the socket ends at most."""
        ...


@dataclass(frozen=True)
class Command:
    """One row of the table: the frame, who may send it, and what it does.

    What it returns is what must be done before the next frame is looked at.
    """

    frame: type[Any]
    needs: Needs
    run: Callable[[Client, Any], asyncio.Future[None] | None]


class Commands:
    """All frames that a client can send."""

    def __init__(
        self, hub: Hub, posting: Posting, reading: Reading, bus: Bus, typing: Limiter
    ) -> None:
        self._hub = hub
        self._posting = posting
        self._reading = reading
        self._bus = bus
        self._typing_limit = typing
        self.table: dict[type[Any], Command] = {
            row.frame: row
            for row in (
                Command(protocol.Subscribe, Needs.HEARING, self._subscribe),
                Command(protocol.Unsubscribe, Needs.SUBSCRIPTION, self._unsubscribe),
                Command(protocol.Post, Needs.POSTING, self._post),
                Command(protocol.Read, Needs.MEMBERSHIP, self._read),
                Command(protocol.Typing, Needs.SUBSCRIPTION, self._typing),
                Command(protocol.Ping, Needs.NOTHING, self._ping),
            )
        }

    def run(self, client: Client, frame: protocol.ClientFrame) -> asyncio.Future[None] | None:
        """Do what ``frame`` asks; the next one's turn is when what is returned is done.

        Whatever is wrong with it is told by a frame.
        """
        try:
            return self.table[type(frame)].run(client, frame)
        except Exception as error:
            client.refuse(frame, error)
            return None

    def _subscribe(self, client: Client, frame: protocol.Subscribe) -> None:
        wanted = {place.room: place for place in frame.rooms}
        busy = {
            room for room, held in client.subscriptions.items() if held is None or not held.lost
        }
        twice = len(wanted) < len(frame.rooms) or wanted.keys() & busy
        if twice or len(wanted.keys() | busy) > protocol.MAX_SUBSCRIPTIONS:
            raise ChatError("bad_request")
        client.subscriptions.update(dict.fromkeys(wanted))
        client.spawn(self._subscribe_all(client, frame.id, list(wanted.values())))

    async def _subscribe_all(
        self, client: Client, request: int, places: list[protocol.From]
    ) -> None:
        async with client.subscribing:
            for place in places:
                await self._subscribe_one(client, request, place)

    async def _subscribe_one(self, client: Client, request: int, place: protocol.From) -> None:
        who = client.identity
        try:
            subscription = await self._hub.subscribe(
                client.listener,
                who.session.id,
                request,
                place.room,
                place.seq,
                place.tag,
            )
        except Exception as error:
            client.listener.fall_behind()
            if isinstance(error, ChatError):
                return
            raise
        if subscription is None or subscription.lost:
            client.subscriptions.pop(place.room, None)
        elif client.listener.closed:
            self._hub.unsubscribe(subscription)
        else:
            client.subscriptions[place.room] = subscription

    def _unsubscribe(self, client: Client, frame: protocol.Unsubscribe) -> None:
        if frame.room in client.subscriptions:
            subscription = client.subscriptions[frame.room]
            if subscription is None:
                raise ChatError("busy", retry_after=1)
            del client.subscriptions[frame.room]
            self._hub.unsubscribe(subscription)
        client.reply(protocol.Ok(frame.id))

    def _post(self, client: Client, frame: protocol.Post) -> asyncio.Future[None]:
        """No task waits for the commit: a post costs more than any other frame as it is."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def answer(kept: Kept | Exception) -> None:
            done.set_result(None)
            if isinstance(kept, Exception):
                client.refuse(frame, kept)
            else:
                client.reply_first(
                    protocol.Posted(frame.id, kept.room, kept.client_id, kept.seq, kept.at)
                )

        self._posting.submit(client.identity, frame.room, frame.client_id, frame.text, answer)
        return done

    def _read(self, client: Client, frame: protocol.Read) -> asyncio.Future[None]:
        return client.spawn(self._move_mark(client, frame))

    async def _move_mark(self, client: Client, frame: protocol.Read) -> None:
        try:
            await self._reading.read_up_to(client.identity, frame.room, frame.seq)
        except Exception as error:
            client.refuse(frame, error)
        else:
            client.reply(protocol.Ok(frame.id))

    def _typing(self, client: Client, frame: protocol.Typing) -> None:
        subscription = client.subscriptions.get(frame.room)
        if subscription is None or not self._hub.may_post(subscription):
            return
        if not self._typing_limit.take(f"{client.identity.account.id} {frame.room}"):
            shown = client.listener.person
            self._bus.publish(TypingNotice(frame.room, shown, subscription.pos))

    def _ping(self, client: Client, frame: protocol.Ping) -> None:
        client.reply(protocol.Ok(frame.id))
