"""Why one may or may not do something in a room, told to oneself: nobody else's groups, no reasons.

What others wrote as a reason, and which groups a room names, is for those who may moderate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from core.access import Cap, Facts, Grant, PersonFacts, SubjectKind
from core.levels import Level
from core.records import Identity, Person, Role
from rooms.acting import looking_in
from rooms.actions import check_is_action
from rooms.permissions import decide, level_of, rank_of, required
from rooms.proof import Answer, answer
from rooms.slowness import wait_of
from storage import access, memberships, people
from storage.engine import Database, Tx

MOST_TO_ASK = 10


class Ground(Struct, frozen=True):
    """One thing that makes it so.

    ``kind``: granted (to oneself), everyone, groups (``count`` of one's own), glass, capped, token.
    ``by``: a nickname, for what was given to oneself.
    """

    kind: str
    level: str
    by: str | None = None
    until: int | None = None
    count: int | None = None


class Why(Struct, frozen=True):
    """Whether, and why (not). ``hindered_by``: level, archived, slow or token.

    ``ask``: nicknames of people who can help. ``until``: when the first of the grounds ends (ms).
    ``retry_after``: seconds, if time alone helps.
    """

    action: str
    allowed: bool
    level: str
    needs: str
    hindered_by: str | None
    because: list[Ground]
    ask: list[Person]
    until: int | None
    retry_after: float | None


class OwnRights:
    """Answers from one snapshot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def why(self, who: Identity, room: str, action: str) -> Why:
        """For whoever may see the room. Raises `not_found`; `bad_request` for no such action."""
        check_is_action(action)

        def work(tx: Tx) -> Why:
            facts = looking_in(tx, who, room, "see")
            return _why(tx, room, facts._replace(wait=wait_of(tx, room, facts)), action)

        return await self._database.read(work)


def _why(tx: Tx, room: str, facts: Facts, action: str) -> Why:
    decision, told = decide(action, facts), answer(action, facts)
    ask = [] if decision.allowed else _to_ask(tx, room, facts, told)
    known = _known_to(tx, facts.person)
    givers = people.persons(tx, {reason.by for reason in decision.because if reason.by})
    shown = {id: person for id, person in givers.items() if known is None or id in known}
    return Why(
        action=action,
        allowed=decision.allowed,
        level=decision.level.name,
        needs=told.needs,
        hindered_by=told.hindered_by,
        because=[*_grounds(decision.because, shown), *_token(facts, told)],
        ask=[person for person in ask if known is None or person.id in known],
        until=decision.until,
        retry_after=decision.retry_after,
    )


def _grounds(because: Iterable[Grant | Cap], shown: dict[str, Person]) -> Iterator[Ground]:
    """Grants to one's groups are one ground, that says how many."""
    through: list[Grant] = []
    for reason in because:
        by = shown[reason.by].nickname if reason.by in shown else None
        level = reason.level.name
        if isinstance(reason, Cap):
            yield Ground("capped", level, by, reason.until)
        elif reason.subject.kind is SubjectKind.GROUP:
            through.append(reason)
        elif reason.subject.kind is SubjectKind.EVERYONE:
            yield Ground("everyone", level, until=reason.until)
        else:
            glass = reason.subject.kind is SubjectKind.GLASS
            yield Ground("glass" if glass else "granted", level, by, reason.until)
    if through:
        ends = [grant.until for grant in through if grant.until is not None]
        first = min(ends, default=None)
        yield Ground("groups", through[0].level.name, until=first, count=len(through))


def _token(facts: Facts, told: Answer) -> Iterator[Ground]:
    """One's token may do less than oneself."""
    person = facts.person
    lowered = level_of(facts) < level_of(facts._replace(person=person.without_token))
    if lowered or told.hindered_by == "token":
        yield Ground("token", (person.token_level or level_of(facts)).name)


# --- whom to ask ---------------------------------------------------------------------------------


def _to_ask(tx: Tx, room: str, facts: Facts, told: Answer) -> list[Person]:
    """Owners first. Who may not read is told of owners only, as the directory does."""
    if told.hindered_by not in ("level", "archived"):
        return []
    helps = _helping_level(facts, told)
    if level_of(facts) < Level.READ:
        owners = access.owners(tx, [room]).get(room, [])
        return owners[:MOST_TO_ASK]
    return _able_to_help(tx, facts._replace(room=access.room_facts(tx, room)), helps)


def _helping_level(facts: Facts, told: Answer) -> Level:
    """From which level on someone can give what is missing."""
    beyond = required(told.action, facts.room) >= Level.MODERATE
    return Level.OWN if beyond or told.hindered_by == "archived" else Level.MODERATE


def _able_to_help(tx: Tx, asker: Facts, helps: Level) -> list[Person]:
    """People with a grant of their own who have the say now, and may act on the asker."""
    room, rank = asker.room, rank_of(asker)
    personal = {s.id for s in room.grants if s.kind is SubjectKind.PERSON} - {asker.person.id}
    levels = {
        id: level_of(Facts(person, room)) for id, person in people.facts(tx, personal).items()
    }
    able = [id for id, level in levels.items() if level >= helps and level > rank]
    shown = people.persons(tx, able)
    ranked = sorted(able, key=lambda id: (-levels[id], shown[id].nickname.casefold()))
    return [shown[id] for id in ranked[:MOST_TO_ASK]]


def _known_to(tx: Tx, person: PersonFacts) -> set[str] | None:
    """Guests see only people with whom they share a room; None: everyone."""
    if person.role is not Role.GUEST:
        return None
    return set(memberships.sharing_a_room(tx, person.id))
