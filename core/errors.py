"""Every error a person or a program can be told, in one catalogue.

    ChatError(code)  →  a page or JSON (web/errors.py), a frame (api/client.py)
    ConfigError      →  one sentence on the terminal, exit status 2

A message never contains an exception's own text.
"""

from __future__ import annotations

from msgspec import Struct

from core.i18n import N_


class ErrorKind(Struct, frozen=True):
    """One row: HTTP ``status``, the sentence for people (``%(name)s`` are parameters), and
    whether the same request can succeed later without a change."""

    code: str
    status: int
    text: str
    retryable: bool = False


_CATALOGUE = [
    # the request
    ErrorKind("bad_request", 400, N_("That could not be understood. Nothing was changed.")),
    ErrorKind("not_found", 404, N_("There is nothing here that you can see.")),
    ErrorKind("method_not_allowed", 405, N_("That cannot be done at this address.")),
    ErrorKind("too_large", 413, N_("That is too large. Nothing was sent.")),
    ErrorKind("wrong_host", 421, N_("This server is reached at another address: %(url)s.")),
    ErrorKind("wrong_origin", 403, N_("That came from another site, and was not accepted.")),
    ErrorKind(
        "form_expired", 403, N_("This page was open for too long. Send it again; nothing was lost.")
    ),
    ErrorKind(
        "too_many_requests", 429, N_("That was too fast. Try again in a moment."), retryable=True
    ),
    # the server
    ErrorKind(
        "internal", 500, N_("Something went wrong here. It has been noted; try again."), True
    ),
    ErrorKind("busy", 503, N_("The server is busy. Try again in a moment."), retryable=True),
    ErrorKind(
        "storage_down",
        503,
        N_("The server cannot reach its storage. What you wrote is kept here; it will be sent."),
        retryable=True,
    ),
    ErrorKind(
        "disk_full",
        507,
        N_("The server's disk is full. What you wrote is kept here; it will be sent."),
        retryable=True,
    ),
    # who you are
    ErrorKind("not_signed_in", 401, N_("You are not logged in.")),
    ErrorKind("login_failed", 403, N_("The name or the password is not right.")),
    ErrorKind("login_too_many", 429, N_("Too many tries. Wait a little, then try again."), True),
    ErrorKind("signup_too_many", 429, N_("Too many sign-ups from here. Try again later."), True),
    ErrorKind(
        "name_bad",
        400,
        N_("A name has 2 to 32 letters or digits of one script, without spaces."),
    ),
    ErrorKind("name_taken", 409, N_("Someone has this name, or one that looks like it.")),
    ErrorKind("name_reserved", 409, N_("This name is kept for the server. Choose another.")),
    ErrorKind("nickname_length", 400, N_("A nickname has 1 to 40 characters.")),
    ErrorKind("nickname_bad", 400, N_("This nickname has a character that cannot be used here.")),
    ErrorKind("nickname_blank", 400, N_("A nickname needs something that others can see.")),
    ErrorKind("nickname_marks", 400, N_("This nickname has too many accents on one letter.")),
    ErrorKind(
        "nickname_direction",
        400,
        N_("A nickname is written in one direction, from the left or from the right."),
    ),
    ErrorKind("nickname_taken", 409, N_("Someone has this nickname, or one that looks like it.")),
    ErrorKind(
        "nickname_reserved", 409, N_("This nickname is kept for the server. Choose another.")
    ),
    ErrorKind("password_short", 400, N_("A password has at least %(count)s characters.")),
    ErrorKind("password_long", 400, N_("A password has at most %(count)s characters.")),
    ErrorKind("password_bad", 400, N_("This password has a character that cannot be typed.")),
    ErrorKind(
        "password_common", 400, N_("Many people use this password. Choose one that is your own.")
    ),
    ErrorKind("password_is_name", 400, N_("A password must not be your name or nickname.")),
    ErrorKind("password_wrong", 403, N_("The current password is not right.")),
    ErrorKind("language_unknown", 400, N_("This language is not spoken here yet.")),
    ErrorKind("signup_closed", 403, N_("Signing up here needs an invitation.")),
    ErrorKind(
        "signup_full",
        429,
        N_("Too many people are waiting to be let in. Try again in a few days."),
        retryable=True,
    ),
    ErrorKind(
        "link_void", 404, N_("This link does not work any more. Ask an admin for a new one.")
    ),
    # rooms
    ErrorKind("room_name_bad", 400, N_("A room's name has 1 to 80 characters, on one line.")),
    ErrorKind("room_topic_bad", 400, N_("A topic has at most 250 characters, on one line.")),
    ErrorKind("rooms_by_admins", 403, N_("Only admins make rooms here.")),
    ErrorKind("not_allowed", 403, N_("You may not do that in this room.")),
    ErrorKind("person_not_found", 404, N_("Nobody here has that nickname.")),
    ErrorKind("person_outranks", 403, N_("%(nickname)s has as much say here as you do.")),
    ErrorKind("person_banned", 409, N_("%(nickname)s is banned here. Lift the ban first.")),
    ErrorKind(
        "access_changed",
        409,
        N_("Someone changed this room’s rights meanwhile. Nothing was saved; look again."),
    ),
    ErrorKind("until_past", 400, N_("That end is in the past. Nothing was changed.")),
    ErrorKind(
        "owner_for_good", 400, N_("An owner is made for good. Choose another level, or no end.")
    ),
    ErrorKind("why_missing", 400, N_("Say why, in up to 200 characters. The room will see it.")),
    ErrorKind("why_long", 400, N_("A reason has at most 200 characters.")),
    ErrorKind(
        "proof_too_long", 400, N_("That is too much for one answer. Ask about a later message.")
    ),
    ErrorKind("slow_bad", 400, N_("Slow mode waits up to 6 hours between two messages.")),
    ErrorKind("room_archived", 409, N_("This room is archived. Take it out of the archive first.")),
    ErrorKind("already_reads", 409, N_("You can join this room; there is no need to ask.")),
    ErrorKind("asked_before", 409, N_("You have asked already. Someone will answer you.")),
    ErrorKind(
        "asked_and_declined", 429, N_("You asked lately, and were told no. Ask again later."), True
    ),
    ErrorKind(
        "too_many_asks",
        409,
        N_("You wait for an answer from %(most)s rooms. Take one of those back first."),
    ),
    ErrorKind("ask_gone", 404, N_("Someone has answered this already.")),
    ErrorKind("ask_long", 400, N_("What you write when you ask has at most 500 characters.")),
    # groups
    ErrorKind("group_name_bad", 400, N_("A group’s name has 1 to 80 characters, on one line.")),
    ErrorKind("group_name_taken", 409, N_("There is a group with this name.")),
    ErrorKind(
        "group_about_bad", 400, N_("What a group is for has at most 250 characters, on one line.")
    ),
    ErrorKind("group_not_found", 404, N_("There is no such group.")),
    ErrorKind(
        "group_gives_room",
        403,
        N_("This would let you read rooms that you can’t read. Ask another admin to do it."),
    ),
    # direct rooms
    ErrorKind("direct_refused", 403, N_("You can’t write to this person.")),
    ErrorKind("direct_self", 400, N_("Choose someone else to write to.")),
    ErrorKind("access_closed", 403, N_("Who is in a direct room cannot be changed.")),
    # running the server
    ErrorKind("glass_hours", 400, N_("Breaking the glass lasts 1 to 24 hours.")),
    ErrorKind("last_admin", 409, N_("This server keeps at least one admin.")),
    ErrorKind("not_yourself", 403, N_("You cannot do this to your own account.")),
    ErrorKind(
        "guest_rooms", 400, N_("A guest sees only rooms that they are invited to. Choose one.")
    ),
    ErrorKind("guest_days", 400, N_("A guest’s account lasts 1 to 365 days.")),
    ErrorKind("account_pending", 403, N_("An admin has not let you in yet. Try again later.")),
    ErrorKind("token_bad", 400, N_("A token has a name of 1 to 100 characters and a known level.")),
    ErrorKind("token_days", 400, N_("A token lasts 1 to 3,650 days, or has no end.")),
    ErrorKind("tokens_not_made", 403, N_("You can’t make tokens here.")),
    ErrorKind(
        "token_refused", 403, N_("This token doesn’t work. It may have ended or been revoked.")
    ),
    ErrorKind("too_many_tokens", 409, N_("One person can have at most %(most)s tokens.")),
    ErrorKind("grant_too_high", 403, N_("You cannot give more than you have.")),
    ErrorKind(
        "last_owner", 409, N_("A room keeps at least one owner. Make someone else one first.")
    ),
    ErrorKind("too_many_rooms", 409, N_("One person can be in at most %(most)s rooms.")),
    ErrorKind("not_member", 409, N_("Join the room first.")),
    ErrorKind(
        "invitation_void", 404, N_("This invitation does not work any more. Ask for a new one.")
    ),
    ErrorKind(
        "invitation_bad", 400, N_("An invitation lasts 1 to 365 days, for 1 to 1,000 people.")
    ),
    ErrorKind(
        "too_many_links",
        409,
        N_("%(most)s invitation links work already. Revoke one of them first."),
    ),
    # posts
    ErrorKind("post_empty", 400, N_("There is nothing to send.")),
    ErrorKind("post_too_long", 400, N_("A message has at most %(limit)s characters.")),
    ErrorKind("post_not_allowed", 403, N_("You can’t post here.")),
    ErrorKind(
        "slow_mode", 429, N_("This room is in slow mode. You can post again in a moment."), True
    ),
    ErrorKind(
        "client_id_reused", 409, N_("This message was sent before with another text; send it anew.")
    ),
]

ERRORS: dict[str, ErrorKind] = {kind.code: kind for kind in _CATALOGUE}


class ChatError(Exception):
    """Something the person who asked is told, by its code in the catalogue."""

    def __init__(self, code: str, *, retry_after: float | None = None, **params: object) -> None:
        super().__init__(code)
        self.kind = ERRORS[code]
        self.params = params
        self.retry_after = retry_after
        """Seconds until the same request can succeed."""

    @property
    def code(self) -> str:
        return self.kind.code


class ConfigError(Exception):
    """The server cannot start, or a command cannot run; the text says why and what to do."""
