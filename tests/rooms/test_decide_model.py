"""`decide` against a model that was written another way: sets of rules that hold or do not.

The model never takes a minimum or a maximum. For each rung it asks whether some rule lifts the
person onto it and whether no rule keeps them off; the level is how many rungs above HIDDEN are
left standing.
"""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct
from msgspec.structs import replace

from core.access import (
    EVERYONE,
    Cap,
    Delta,
    Facts,
    Grant,
    PersonFacts,
    RoomFacts,
    Settings,
    Subject,
    SubjectKind,
    person_subject,
)
from core.levels import Level
from core.records import Role, State
from rooms.permissions import decide

# Written down here once more, on purpose: a change of the catalogue must be meant.
NEEDS = {
    "see": "SEE", "ask": "ASK", "join": "READ", "read": "READ", "post": "POST",
    "invite": "MODERATE", "remove": "MODERATE", "mute": "MODERATE", "ban": "MODERATE",
    "rights": "MODERATE", "appoint": "OWN", "open": "OWN", "settings": "OWN", "archive": "OWN",
    "delete": "OWN",
}  # fmt: skip
STAYS_IN_ARCHIVE = set(NEEDS) - {"ask", "post", "settings"}
WAITS = {"post"}
RUNGS = [level.name for level in Level]

PEOPLE = ("ann", "bo", "cy")
GROUPS = ("crew", "band")


class World(Struct, frozen=True):
    """A room's rules, as plain tuples: (kind, who, level) and (who, level)."""

    grants: frozenset[tuple[str, str, str]]
    caps: frozenset[tuple[str, str]]
    raised: tuple[tuple[str, str], ...]
    archived: bool
    slow: bool = False


class Someone(Struct, frozen=True):
    id: str
    role: str
    state: str
    groups: frozenset[str]
    token: str | None
    only: frozenset[str] | None = None
    """The actions that the token is good for."""
    waits: bool = False
    """They posted a moment ago."""


def up_to(level: str) -> set[str]:
    return set(RUNGS[: RUNGS.index(level) + 1])


def model_rungs(world: World, who: Someone) -> set[str]:
    """The rungs that someone stands on."""
    if who.state != "active":
        return {"HIDDEN"}
    names = {("person", who.id)} | {("group", group) for group in who.groups}
    if who.role in {"member", "admin"}:
        names.add(("everyone", ""))
    if who.role == "admin":
        names.add(("glass", who.id))
    lifted = {rung for kind, id, level in world.grants if (kind, id) in names
              for rung in up_to(level)}  # fmt: skip
    kept_off = {rung for id, level in world.caps if id == who.id
                for rung in set(RUNGS) - up_to(level)}  # fmt: skip
    if who.token is not None:
        kept_off |= set(RUNGS) - up_to(who.token)
    return (lifted - kept_off) | {"HIDDEN"}


def model_allows(world: World, who: Someone, action: str) -> bool:
    needed = up_to(NEEDS[action]) | {
        rung for raised, level in world.raised if raised == action for rung in up_to(level)
    }
    closed = world.archived and action not in STAYS_IN_ARCHIVE
    standing = model_rungs(world, who)
    unlisted = who.only is not None and action not in who.only
    too_fast = world.slow and who.waits and action in WAITS and "MODERATE" not in standing
    return needed <= standing and not (closed or unlisted or too_fast)


def facts_of(world: World, who: Someone) -> Facts:
    grants = [
        Grant(Subject(SubjectKind(kind), id), Level[level], None, 0)
        for kind, id, level in world.grants
    ]
    caps = [Cap(id, Level[level], None, 0) for id, level in world.caps]
    raised = {action: Level[level] for action, level in world.raised}
    settings = Settings(archived=world.archived, raised=raised, slow=30 if world.slow else 0)
    room = RoomFacts(settings, tuple(grants), tuple(caps))
    token = None if who.token is None else Level[who.token]
    person = PersonFacts(who.id, Role(who.role), State(who.state), who.groups, token, who.only)
    return Facts(person, room, 12.5 if who.waits else 0.0)


def check(world: World, who: Someone, action: str) -> None:
    decision = decide(action, facts_of(world, who))
    standing = model_rungs(world, who)
    assert decision.allowed == model_allows(world, who, action)
    assert standing == up_to(decision.level.name)
    if decision.retry_after is not None:
        assert not decision.allowed
        assert model_allows(world, replace(who, waits=False), action), "time alone helps"


# --- examples drawn at random, everything at once ------------------------------------------------

levels = st.sampled_from(RUNGS)
subjects = st.sampled_from(
    [
        ("everyone", ""),
        *((kind, id) for kind in ("person", "glass") for id in PEOPLE),
        *(("group", id) for id in GROUPS),
    ]
)
worlds = st.builds(
    World,
    grants=st.dictionaries(subjects, levels, max_size=6).map(
        lambda given: frozenset((kind, id, level) for (kind, id), level in given.items())
    ),
    caps=st.frozensets(st.tuples(st.sampled_from(PEOPLE), levels), max_size=6),
    raised=st.dictionaries(st.sampled_from(sorted(NEEDS)), levels).map(
        lambda raised: tuple(sorted(raised.items()))
    ),
    archived=st.booleans(),
    slow=st.booleans(),
)
someone = st.builds(
    Someone,
    id=st.sampled_from(PEOPLE),
    role=st.sampled_from([role.value for role in Role]),
    state=st.sampled_from([State.ACTIVE.value] * 3 + [state.value for state in State]),
    groups=st.frozensets(st.sampled_from(GROUPS)),
    token=st.none() | levels,
    only=st.none() | st.frozensets(st.sampled_from(sorted(NEEDS))),
    waits=st.booleans(),
)


@given(worlds, someone)
def test_decide_is_the_model(world: World, who: Someone) -> None:
    for action in NEEDS:
        check(world, who, action)


def test_decide_is_the_model_for_every_pair_of_rules() -> None:
    """Exhaustive where it is small: own and everyone's grant, one cap, for guest and member."""
    given, states = [None, *RUNGS], ("", "archived", "slow")
    for role, own, wide, cap, state in product(("guest", "member"), given, given, given, states):
        grants = {("person", "ann", own)} if own else set()
        grants |= {("everyone", "", wide)} if wide else set()
        caps = {("ann", cap)} if cap else set()
        world = World(frozenset(grants), frozenset(caps), (), state == "archived", state == "slow")
        who = Someone("ann", role, "active", frozenset(), None, waits=True)
        for action in NEEDS:
            check(world, who, action)


# --- the order in which things were done does not matter -----------------------------------------


@st.composite
def changes_twice(draw: st.DrawFn) -> tuple[list[Delta], list[Delta]]:
    """The same rules, as single changes in one order and in another, partly joined."""
    world = draw(worlds)
    facts = facts_of(world, draw(someone)).room
    single = [Delta(grants=(grant,)) for grant in facts.grants.values()]
    single += [Delta(caps=(cap,)) for caps in facts.caps.values() for cap in caps.values()]
    single += [Delta(settings=Settings(archived=world.archived))]
    single += [Delta(settings=Settings(raised=facts.raised))]
    single += [Delta(settings=Settings(slow=facts.slow))]
    single += [Delta(joined=(person,)) for person in draw(st.sets(st.sampled_from(PEOPLE)))]
    return single, draw(st.permutations(single))


@given(changes_twice(), someone)
def test_the_order_of_changes_does_not_matter(
    orders: tuple[list[Delta], list[Delta]], who: Someone
) -> None:
    rooms = [RoomFacts(Settings()), RoomFacts(Settings())]
    for room, order in zip(rooms, orders, strict=True):
        for delta in order:
            room.apply(delta)
    assert vars(rooms[0]) == vars(rooms[1])
    person = facts_of(World(frozenset(), frozenset(), (), False), who).person
    for action in NEEDS:
        first, second = (decide(action, Facts(person, room)) for room in rooms)
        assert (first.allowed, first.level, set(first.because)) == (
            second.allowed,
            second.level,
            set(second.because),
        )


@given(changes_twice(), st.data())
def test_what_is_taken_back_was_never_there(
    orders: tuple[list[Delta], list[Delta]], data: st.DataObject
) -> None:
    """Give and take back anything in between: the same room."""
    plain, troubled = RoomFacts(Settings()), RoomFacts(Settings())
    bystander = person_subject("dee")
    for delta in orders[0]:
        plain.apply(delta)
        level = data.draw(st.sampled_from(Level))
        troubled.apply(Delta(grants=(Grant(bystander, level, None, 0),)))
        troubled.apply(Delta(caps=(Cap("dee", level, None, 0),), joined=("dee",)))
        troubled.apply(delta)
        troubled.apply(Delta(revoked=(bystander,), uncapped=(("dee", level),), left=("dee",)))
    troubled.caps.pop("dee", None)
    assert vars(plain) == vars(troubled)


def test_everyone_is_one_subject() -> None:
    """Two grants to everyone are one: the later."""
    room = RoomFacts(Settings(), (Grant(EVERYONE, Level.OWN, None, 0),))
    room.apply(Delta(grants=(Grant(EVERYONE, Level.READ, None, 1),)))
    assert [grant.level for grant in room.grants.values()] == [Level.READ]
