"""Who acts on whom in a room, and how much they may give."""

from __future__ import annotations

from core.access import Delta, Facts, Grant, PersonFacts, RoomFacts
from core.errors import ChatError
from core.levels import Level
from core.records import Person, Role
from rooms.ownership import owns_by_glass
from rooms.permissions import decide, level_of, rank_of, reaches


def check_outranks(actor: PersonFacts, room: RoomFacts, target: PersonFacts, shown: Person) -> None:
    """Nobody acts on someone at or above their own level; on oneself one may, but by no token.

    The target's rank counts without caps, the actor's with them. Who broke the glass to own the
    room may act on owners. Raises `person_outranks`.
    """
    if target.id == actor.id and actor.token_level is None:
        return
    if _acts_through_glass(actor, room):
        return
    if rank_of(Facts(target, room)) >= level_of(Facts(actor, room)):
        raise ChatError("person_outranks", nickname=shown.nickname)


def check_may_give(actor: PersonFacts, room: RoomFacts, level: Level) -> None:
    """Up to POST, or whatever there is by the right to appoint. Raises `grant_too_high`."""
    facts = Facts(actor, room)
    appoints = decide("appoint", facts).allowed
    if level > (Level.OWN if appoints else min(level_of(facts), Level.POST)):
        raise ChatError("grant_too_high")


def check_outlasts_no_glass(actor: PersonFacts, room: RoomFacts, delta: Delta) -> None:
    """Who acts through broken glass gives nothing that reaches themself, be it by a group or with
    everyone: it would outlast the glass. Raises `grant_too_high`.
    """
    if _acts_through_glass(actor, room) and any(
        reaches(grant.subject, actor) and _is_more(grant, room) for grant in delta.grants
    ):
        raise ChatError("grant_too_high")


def _is_more(grant: Grant, room: RoomFacts) -> bool:
    present = room.grants.get(grant.subject)
    lasts = present is not None and (present.until is None or present.until == grant.until)
    return present is None or grant.level > present.level or not lasts


def is_banned(room: RoomFacts, person: str) -> bool:
    return Level.HIDDEN in room.caps.get(person, {})


def _acts_through_glass(actor: PersonFacts, room: RoomFacts) -> bool:
    """Only admins do: what someone broke as one lies there until its end."""
    owns = level_of(Facts(actor, room)) is Level.OWN
    return owns and actor.role is Role.ADMIN and owns_by_glass(room, actor.id)
