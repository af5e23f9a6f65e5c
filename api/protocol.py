"""Every frame of the WebSocket protocol, as typed structs; docs/protocol.md is made from them.

One JSON object a text frame; its field ``t`` names the frame. Times are milliseconds since 1970
(UTC), ``seq`` is the entry's number in its room's log, starting at 1 and without holes.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from core.records import Person
from messages.text import LONGEST
from rooms.own_rooms import Permissions, Room

MAX_SUBSCRIPTIONS = 1_000

Id = Annotated[str, Meta(min_length=1, max_length=40, pattern=r"^[0-9a-z]+\Z")]
ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[0-9A-Za-z_-]+\Z")]
Seq = Annotated[int, Meta(ge=0, le=2**53 - 1)]
RequestId = Annotated[int, Meta(ge=0, le=2**31 - 1)]
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST)]


class Frame(Struct, tag_field="t", forbid_unknown_fields=True, omit_defaults=True, frozen=True):
    """What all frames share: the tag ``t``."""


# --- from the client -------------------------------------------------------------------------


class From(Struct, forbid_unknown_fields=True, frozen=True):
    """Where a client stands in a room: the last ``seq`` it has, and the ``tag`` of its log."""

    room: Id
    seq: Seq | None = None
    tag: Annotated[str, Meta(max_length=40)] | None = None


class Subscribe(Frame, tag="subscribe", frozen=True):
    """Listen to rooms that you are a member of; each is answered by `subscribed` or `lost`.

    Without ``seq`` the room is followed from its newest entry on. With it, what came after ``seq``
    is sent first, unless that is too much or the log is another: then `subscribed` says ``reload``.
    """

    id: RequestId
    rooms: Annotated[list[From], Meta(min_length=1, max_length=MAX_SUBSCRIPTIONS)]


class Unsubscribe(Frame, tag="unsubscribe", frozen=True):
    """Stop listening to a room, without leaving it."""

    id: RequestId
    room: Id


class Post(Frame, tag="post", frozen=True):
    """Say something. ``client_id`` is yours, one a message: sent again, it is the same post.

    Wait until it is `posted`, or refused for good, before you post to the same room again, and
    your order is kept whatever happens. A post that has to be sent again comes after those that
    you sent behind it.
    """

    id: RequestId
    room: Id
    client_id: ClientId
    text: Text


class Read(Frame, tag="read", frozen=True):
    """I have read this room up to ``seq`` (moves forward only; your other windows are told)."""

    id: RequestId
    room: Id
    seq: Seq


class Typing(Frame, tag="typing", frozen=True):
    """I am typing in this room (send at most every 3 s; it fades after 6 s). Not answered."""

    room: Id


class Ping(Frame, tag="ping", frozen=True):
    """Are you there? Answered by `ok`."""

    id: RequestId


ClientFrame = Subscribe | Unsubscribe | Post | Read | Typing | Ping

# --- from the server -------------------------------------------------------------------------


class Me(Struct, frozen=True):
    """You."""

    id: str
    name: str
    nickname: str
    role: Literal["guest", "member", "admin"]


class Welcome(Frame, tag="welcome", frozen=True):
    """The first frame. ``rooms`` is your whole list."""

    me: Me
    rooms: list[Room]
    now: int
    typing_fades_ms: int
    max_text: int


class Rooms(Frame, tag="rooms", frozen=True):
    """Your list of rooms, whole, after it or your rights changed. Rooms not in it are gone."""

    rooms: list[Room]


class Ok(Frame, tag="ok", frozen=True):
    """Your request ``id`` is done."""

    id: int


class Failed(Frame, tag="error", frozen=True):
    """Your request ``id`` was not done, and why.

    Without an ``id``: a frame that was not read. If that is ``retryable`` (`too_many_requests`),
    any request of yours that waits may be it: send them again.
    """

    code: str
    message: str
    retryable: bool
    id: int | UnsetType = UNSET
    retry_after: float | UnsetType = UNSET
    """Seconds to wait before trying again."""


class Posted(Frame, tag="posted", frozen=True):
    """Your post is durably kept as entry ``seq``, and will not be lost."""

    id: int
    room: str
    client_id: str
    seq: int
    at: int


class Subscribed(Frame, tag="subscribed", frozen=True):
    """You hear the room from here: everything after ``seq`` will come, each entry exactly once.

    ``reload``: what you had does not connect; drop it and load pages.
    """

    id: int
    room: str
    seq: int
    tag: str
    reload: bool = False


class Lost(Frame, tag="lost", frozen=True):
    """You do not hear the room any more; after a subscribe, it is the answer for any room that
    you may not hear, or that does not exist."""

    room: str
    seq: int = 0
    id: int | UnsetType = UNSET


class Entry(Frame, tag="entry", frozen=True):
    """One entry of a room's log. Every ``seq`` comes exactly once and in order.

    ``kind`` is one of: ``post`` (text); ``joined``, ``left``, ``invited``, ``let_in``, ``removed``
    (people); ``made``, ``renamed`` (name), ``topic`` (topic), ``access`` (rights changed);
    ``glass``: an admin broke the glass for ``level`` (READ or OWN) until ``until``, and why;
    without a level, that of ``people`` has ended. ``withheld`` (something that you may not see).
    """

    room: str
    seq: int
    tag: str
    at: int
    kind: str
    by: Person | UnsetType = UNSET
    people: list[Person] | UnsetType = UNSET
    text: str | UnsetType = UNSET
    name: str | UnsetType = UNSET
    topic: str | UnsetType = UNSET
    client_id: str | UnsetType = UNSET
    level: str | UnsetType = UNSET
    until: int | UnsetType = UNSET
    why: str | UnsetType = UNSET


class Presence(Frame, tag="presence", frozen=True):
    """Who of a room is here now (after `subscribed`, and some time after it changed: the larger the
    crowd, the later).

    Up to 200 are named; ``others`` is how many more there are.
    """

    room: str
    here: list[Person]
    others: int | UnsetType = UNSET


class IsTyping(Frame, tag="is_typing", frozen=True):
    """Someone else is typing in the room."""

    room: str
    person: Person


class ReadUpTo(Frame, tag="read_up_to", frozen=True):
    """You read a room up to ``seq``, in another window of yours."""

    room: str
    seq: int


class Asks(Frame, tag="asks", frozen=True):
    """Somebody asked to be let into a room where you may answer, or waits no more; or you asked
    yourself, and something came of it. Over REST you learn what: `GET /rooms/$ROOM/asks` or
    `GET /directory`."""

    room: str


class Renamed(Frame, tag="person", frozen=True):
    """Someone you share a room with (or you) has a new nickname."""

    person: Person


class Status(Frame, tag="status", frozen=True):
    """``degraded``: the server cannot reach its database; posts wait. ``ok``: all is well again.
    ``leaving``: the server goes down or restarts, and closes soon. Come back at a random moment
    within ``retry_within`` seconds of that, so that not all come at once.
    """

    state: Literal["ok", "degraded", "leaving"]
    retry_within: float | UnsetType = UNSET


ServerFrame = (
    Welcome
    | Rooms
    | Ok
    | Failed
    | Posted
    | Subscribed
    | Lost
    | Entry
    | Presence
    | IsTyping
    | ReadUpTo
    | Asks
    | Renamed
    | Status
)

# --- why the server closes ---------------------------------------------------------------------

CLOSE_CODES: dict[int, str] = {
    1001: "the server goes down or restarts: reconnect within `retry_within` of `status`",
    1002: "not a WebSocket as RFC 6455 says: a fault in the client",
    1007: "a text that is not UTF-8: a fault in the client",
    1009: "a message was larger than the limit: do not send it again",
    4000: "you fell behind: reconnect and resume",
    4001: "your session ended: log in again",
    4008: "too many frames: reconnect with back-off",
    4009: "too many windows open: close one",
    4010: "frames that cannot be read: a fault in the client",
}

decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
encoder = msgspec.json.Encoder()

RECORDS = (From, Person, Me, Permissions, Room)
"""Records inside frames, for the generated documents."""
