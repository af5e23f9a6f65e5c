"""One connected client: its frames in order, its limits, its list of rooms kept current."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

import msgspec
import structlog
from msgspec import UNSET
from msgspec.structs import replace

from api import protocol
from api.commands import Commands
from api.framing import encoded
from api.protocol import ServerFrame
from auth.throttle import Limiter
from core.clock import Clock
from core.config import Limits
from core.errors import ChatError
from core.i18n import Translator
from core.records import Identity, Person
from live.connection import FELL_BEHIND, Connection
from live.hub import Hub
from live.listener import Subscription
from live.sockets import Sockets
from messages.text import LONGEST
from rooms.listing import Listing
from rooms.own_rooms import Room
from web.busy import Busy
from web.errors import problem

SESSION_ENDED, TOO_FAST, TOO_MANY_SOCKETS, UNREADABLE = 4001, 4008, 4009, 4010
BAD_FRAMES_MOST = 20
"""Frames too fast, or unreadable, that are answered before the connection is closed."""
TYPING_FADES_MS = 6_000

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ClientServices:
    """What every client needs."""

    commands: Commands
    hub: Hub
    listing: Listing
    sockets: Sockets[Client]
    limits: Limits
    frames: Limiter
    """How fast one person may send, over all their sockets."""
    clock: Clock
    busy: Busy


class Client:
    """Behind one open socket: what `live.connection`, `live.sockets`, `api.commands` ask for."""

    __slots__ = (
        "__weakref__",
        "_bad_frames",
        "_rooms_stale",
        "_sending_rooms",
        "_services",
        "_subscribing",
        "_tasks",
        "_translator",
        "identity",
        "listener",
        "subscriptions",
    )

    def __init__(
        self,
        services: ClientServices,
        identity: Identity,
        listener: Connection,
        translator: Translator,
    ) -> None:
        self.identity = identity
        self.listener = listener
        self.subscriptions: dict[str, Subscription | None] = {}
        self._services = services
        self._translator = translator
        self._bad_frames = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._rooms_stale = False
        self._sending_rooms = False
        self._subscribing: asyncio.Lock | None = None

    @property
    def session_id(self) -> str:
        return self.identity.session.id

    @property
    def person_id(self) -> str:
        return self.identity.account.id

    @property
    def subscribing(self) -> asyncio.Lock:
        if self._subscribing is None:
            self._subscribing = asyncio.Lock()
        return self._subscribing

    # --- from open to close ----------------------------------------------------------------------

    async def start(self, first: bytes) -> None:
        """Be known to the others, greet, and listen; ``first`` came with the handshake."""
        try:
            await self._greet()
        except Exception:
            _log.exception("greeting_failed")
            self.listener.end(FELL_BEHIND)
        self.listener.begin(self, first)

    async def _greet(self) -> None:
        own = self._services.sockets.of_person(self.person_id)
        if len(own) >= self._services.limits.sockets_per_person:
            self.listener.end(TOO_MANY_SOCKETS)
            return
        self._services.sockets.add(self)
        self._services.busy.enter(self)
        self._sending_rooms = True
        try:
            self.reply(self._welcome(await self._services.listing.mine(self.identity)))
        except ChatError as error:
            self._end_after(error)
        finally:
            self._services.busy.leave(self)
        await self._send_rooms()

    def stop(self) -> None:
        """The connection is gone: let go of everything."""
        self.listener.closed = True
        self._services.sockets.remove(self)
        for task in self._tasks:
            task.cancel()
        for subscription in self.subscriptions.values():
            if subscription is not None:
                self._services.hub.unsubscribe(subscription)
        self.subscriptions.clear()

    def end(self) -> None:
        self.listener.end(SESSION_ENDED)

    def _end_after(self, error: ChatError) -> None:
        self.listener.end(SESSION_ENDED if error.code == "not_signed_in" else FELL_BEHIND)

    def _welcome(self, rooms: list[Room]) -> protocol.Welcome:
        account = self.identity.account
        return protocol.Welcome(
            me=protocol.Me(account.id, account.name, account.nickname, account.role.value),
            rooms=rooms,
            now=self._services.clock.now(),
            typing_fades_ms=TYPING_FADES_MS,
            max_text=LONGEST,
        )

    # --- frames in -------------------------------------------------------------------------------

    def receive(self, message: str | bytes) -> asyncio.Future[None] | None:
        """Do what a frame asks; whatever is wrong with it is told by a frame.

        The next is taken in when what is returned is done: frames of a socket have an order.
        """
        if wait := self._services.frames.take(self.person_id):
            self._bad(ChatError("too_many_requests", retry_after=wait), TOO_FAST)
            return None
        frame = _decoded(message)
        if frame is None:
            self._bad(ChatError("bad_request"), UNREADABLE)
            return None
        self._bad_frames = 0
        return self._services.commands.run(self, frame)

    def disturbed(self) -> None:
        """Control frames count as frames do."""
        if wait := self._services.frames.take(self.person_id):
            self._bad(ChatError("too_many_requests", retry_after=wait), TOO_FAST)

    def refuse(self, frame: protocol.ClientFrame, error: Exception) -> None:
        """Tell what was wrong with ``frame``; if it was the log-in, this is the end."""
        if not isinstance(error, ChatError):
            _log.error("frame_failed", frame=type(frame).__name__, exc_info=error)
            error = ChatError("internal")
        self._fail(error, getattr(frame, "id", None))
        if error.code == "not_signed_in":
            self.end()

    def _bad(self, error: ChatError, code: int) -> None:
        self._bad_frames += 1
        self._fail(error, None)
        if self._bad_frames >= BAD_FRAMES_MOST:
            self.listener.end(code)

    def _fail(self, error: ChatError, request: int | None) -> None:
        told = problem(error, self._translator)
        self.reply(
            protocol.Failed(
                told.code,
                told.message,
                told.retryable,
                UNSET if request is None else request,
                told.retry_after,
            )
        )

    # --- frames out ------------------------------------------------------------------------------

    def reply(self, frame: ServerFrame) -> None:
        self.send(encoded(frame))

    def reply_first(self, frame: ServerFrame) -> None:
        self.listener.send_with_next(encoded(frame))

    def send(self, frame: bytes) -> None:
        self.listener.send(frame)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- what changes about this person ----------------------------------------------------------

    def renamed(self, person: Person) -> None:
        """They have a new nickname."""
        account = replace(self.identity.account, nickname=person.nickname)
        self.identity = replace(self.identity, account=account)
        self.listener.person = person

    def refresh_rooms(self) -> None:
        """Their list may be another now: send it anew, once for all that changed meanwhile."""
        self._rooms_stale = True
        if not self._sending_rooms and not self.listener.closed:
            self._sending_rooms = True
            self.spawn(self._send_rooms())

    async def _send_rooms(self) -> None:
        """One at a time, so that an older list never follows a newer one."""
        try:
            while self._rooms_stale and not self.listener.closed:
                self._rooms_stale = False
                self.reply(protocol.Rooms(await self._services.listing.mine(self.identity)))
        except ChatError as error:
            self._end_after(error)
        finally:
            self._sending_rooms = False


def _decoded(message: str | bytes) -> protocol.ClientFrame | None:
    """None for what is no frame of the protocol; binary ones never are."""
    if isinstance(message, bytes):
        return None
    try:
        return protocol.decoder.decode(message)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
