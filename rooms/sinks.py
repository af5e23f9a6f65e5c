"""Every way by which something of a room reaches a person, as data.

A route or a frame that no sink names fails the tests, and so does a sink without a test that
looks for leaks in it (`@pytest.mark.leaks`). Routes are named by method and pattern, frames by
their tag.
"""

from __future__ import annotations

from msgspec import Struct

_API = "/api/v1"
_ROOM = f"{_API}/rooms/{{}}"

_ADMIN = (
    "GET /admin",
    "GET /admin/access",
    "GET /admin/access/csv",
    "GET /admin/approvals",
    "POST /admin/approvals/{}",
    "GET /admin/groups",
    "POST /admin/groups",
    "GET /admin/groups/{}",
    "POST /admin/groups/{}",
    "GET /admin/groups/{}/delete",
    "POST /admin/groups/{}/delete",
    "POST /admin/groups/{}/members",
    "POST /admin/groups/{}/members/{}/take-out",
    "GET /admin/invitations",
    "POST /admin/invitations",
    "POST /admin/invitations/{}/revoke",
    "GET /admin/new-rooms",
    "POST /admin/new-rooms",
    "POST /admin/new-rooms/take",
    "GET /admin/people/{}",
    "POST /admin/people/{}/delete",
    "POST /admin/people/{}/end",
    "POST /admin/people/{}/reset-link",
    "POST /admin/people/{}/restore",
    "POST /admin/people/{}/role",
    "POST /admin/people/{}/sessions/end-all",
    "POST /admin/people/{}/sessions/{}/end",
    "POST /admin/people/{}/suspend",
    "GET /admin/rooms",
    "GET /admin/rooms/{}",
    "POST /admin/rooms/{}/verify",
    "POST /admin/rooms/{}/glass",
    "POST /admin/rooms/{}/glass/{}/end",
)


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
            f"DELETE {_ROOM}",
            f"POST {_ROOM}/access",
            f"POST {_ROOM}/ask",
            f"DELETE {_ROOM}/ask",
            f"POST {_ROOM}/asks/{{}}",
            f"POST {_API}/direct",
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
        "asks",
        "that somebody asks to be let in, who, and in what words",
        "those who may invite; whoever asked, about themselves",
        routes=(f"GET {_ROOM}/asks",),
        frames=("asks",),
    ),
    Sink(
        "why",
        "one's own level, what makes it so without others' groups or reasons, and whom to ask",
        "those who see it, about themselves",
        routes=(f"GET {_ROOM}/why",),
    ),
    Sink(
        "rights table",
        "everyone's levels, grants and caps with reasons, groups and ends; what a change would do",
        "those who may see everyone's rights",
        routes=(f"GET {_ROOM}/access", f"GET {_ROOM}/rights", f"POST {_ROOM}/access/preview"),
    ),
    Sink(
        "who could",
        "who could do what at an entry and since, and why; the hash of the access chain",
        "those who may see everyone's rights",
        routes=(f"GET {_ROOM}/rights/who-could", f"GET {_ROOM}/rights/head"),
    ),
    Sink(
        "admin pages",
        "accounts, groups, links and the access of rooms; of what was said nothing",
        "admins",
        routes=_ADMIN,
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
    "GET /signup/waiting",
    "GET /account/blocks/{}/lift",
    "POST /account/blocks/{}/lift",
    "GET /account/reachable",
    "POST /account/reachable",
    "GET /account/tokens",
    "POST /account/tokens",
    "GET /account/tokens/{}/revoke",
    "POST /account/tokens/{}/revoke",
    f"GET {_API}/blocks",
    f"PUT {_API}/blocks/{{}}",
    f"DELETE {_API}/blocks/{{}}",
    f"GET {_API}/direct",
    f"GET {_API}/reachable",
    f"PUT {_API}/reachable",
    # Pages that only a form is sent to: got, they lead elsewhere.
    "GET /admin/approvals/{}",
    "GET /admin/groups/{}/members",
    "GET /admin/groups/{}/members/{}/take-out",
    "GET /admin/invitations/{}/revoke",
    "GET /admin/new-rooms/take",
    "GET /admin/people/{}/delete",
    "GET /admin/people/{}/end",
    "GET /admin/people/{}/reset-link",
    "GET /admin/people/{}/restore",
    "GET /admin/people/{}/role",
    "GET /admin/people/{}/sessions/end-all",
    "GET /admin/people/{}/sessions/{}/end",
    "GET /admin/people/{}/suspend",
    "GET /admin/rooms/{}/glass",
    "GET /admin/rooms/{}/glass/{}/end",
    "GET /admin/rooms/{}/verify",
    "GET /static/{}",
    "frame status",
)
"""Routes and frames that know no room. Whoever adds one here has looked."""
