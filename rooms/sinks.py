"""Every way by which something of a room reaches a person, as data.

A route or a frame that no sink names fails the tests, and so does a sink without a test that
looks for leaks in it (`@pytest.mark.leaks`). Routes are named by method and pattern, frames by
their tag.
"""

from __future__ import annotations

from msgspec import Struct

_API = "/api/v1"
_ROOM = f"{_API}/rooms/{{}}"


class Sink(Struct, frozen=True):
    """What it may tell, and to whom."""

    name: str
    tells: str
    to: str
    routes: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


_SINKS = [
    Sink(
        "live",
        "each entry's public face, in order",
        "members who may read, as of the entry before; the others not a byte",
        frames=("entry", "subscribed", "lost"),
    ),
    Sink(
        "resume",
        "the entries that were missed; in place of those out of one's intervals, that they were",
        "members who may read, up to the position that everyone has been handed",
        frames=("entry", "subscribed", "lost"),
    ),
    Sink(
        "history",
        "pages of entries within one's intervals, and the newest seq",
        "those who may read",
        routes=(f"GET {_ROOM}/entries",),
    ),
    Sink(
        "list of rooms",
        "name, topic, level, what one may do, newest seq and its time",
        "members who may read",
        routes=(f"GET {_API}/rooms", f"GET {_ROOM}"),
        frames=("welcome", "rooms"),
    ),
    Sink(
        "unread",
        "how many posts of others one may read and has not",
        "members who may read, about themselves",
        routes=(f"GET {_API}/rooms", f"GET {_ROOM}"),
        frames=("welcome", "rooms"),
    ),
    Sink(
        "directory",
        "name, topic, owners, how many are in it",
        "those who may see it",
        routes=(f"GET {_API}/directory",),
    ),
    Sink(
        "who is here",
        "which people listen now",
        "members who may read; in the people pane, whoever may read",
        routes=(f"GET {_ROOM}/people",),
        frames=("presence",),
    ),
    Sink(
        "typing",
        "that someone who may post is typing",
        "members who may read and listen, while the log-ins are known to hold",
        frames=("is_typing",),
    ),
    Sink(
        "people pane",
        "who is in the room or has a grant of their own, at which level; how many read and post",
        "those who may read; guests are told of the room's own people only",
        routes=(f"GET {_ROOM}/people",),
    ),
    Sink(
        "read marks",
        "how far one has read",
        "one's own windows",
        routes=(f"PUT {_ROOM}/read",),
        frames=("read_up_to",),
    ),
    Sink(
        "renames",
        "someone's new nickname",
        "themself, and those who share a room with them",
        frames=("person",),
    ),
    Sink(
        "answers",
        "that one's own request was done, or why not; of a hidden room what is said of none",
        "whoever asked",
        routes=(
            f"POST {_API}/rooms",
            f"PATCH {_ROOM}",
            f"POST {_ROOM}/join",
            f"POST {_ROOM}/leave",
            f"POST {_ROOM}/posts",
            f"PUT {_ROOM}/read",
            f"POST {_ROOM}/people",
            f"DELETE {_ROOM}/people/{{}}",
            f"POST {_ROOM}/links",
            f"DELETE {_ROOM}/links/{{}}",
        ),
        frames=("ok", "error", "posted", "lost"),
    ),
    Sink(
        "invitation page",
        "the room's name, who made the link and what one becomes",
        "whoever has a link that works",
        routes=("GET /invite/{}", "POST /invite/{}"),
    ),
    Sink(
        "links",
        "which links work, until when and how often; never their secrets",
        "those who may invite",
        routes=(f"GET {_ROOM}/links",),
    ),
    Sink(
        "chat page",
        "nothing: it is the same for every address",
        "whoever is logged in",
        routes=("GET /", "GET /r/{}"),
    ),
    Sink(
        "admin pages",
        "people, and links to the server; of rooms nothing that was said",
        "admins",
        routes=(
            "GET /admin",
            "POST /admin/people/{}/reset-link",
            "GET /admin/invitations",
            "POST /admin/invitations",
            "POST /admin/invitations/{}/revoke",
        ),
    ),
]

SINKS: dict[str, Sink] = {sink.name: sink for sink in _SINKS}

NOT_OF_ROOMS = (
    "GET /socket",
    f"POST {_API}/token",
    f"POST {_API}/token/renew",
    f"POST {_API}/ticket",
    f"GET {_API}/me",
    "GET /login",
    "POST /login",
    "GET /logout",
    "POST /logout",
    "GET /signup",
    "POST /signup",
    "GET /first/{}",
    "POST /first/{}",
    "GET /reset/{}",
    "POST /reset/{}",
    "GET /account",
    "GET /account/nickname",
    "POST /account/nickname",
    "GET /account/password",
    "POST /account/password",
    "GET /account/sessions/end-others",
    "POST /account/sessions/end-others",
    "GET /account/sessions/{}/end",
    "POST /account/sessions/{}/end",
    "GET /language",
    "POST /language",
    "GET /admin/people/{}/reset-link",
    "GET /admin/invitations/{}/revoke",
    "GET /static/{}",
    "frame status",
)
"""Routes and frames that know no room. Whoever adds one here has looked."""
