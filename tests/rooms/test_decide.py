"""Who may do what, as a table to be read: one row, one sentence of the rules."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec import Struct

from core.access import (
    EVERYONE,
    Cap,
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
from rooms.permissions import Decision, decide, rank_of

HIDDEN, SEE, ASK, READ, POST, MODERATE, OWN = Level
GUEST, MEMBER, ADMIN = Role
ME = "me"
UNTIL = 1_000

ANNOUNCEMENTS = Settings(raised={"post": MODERATE})
ARCHIVED = Settings(archived=True)


class Case(Struct):
    """``grants``: to "everyone", to "me", to another person's id, or to a group ("crew").

    Someone in the case is in the groups "crew" and "band" only.
    """

    rule: str
    grants: Mapping[str, Level]
    action: str
    allowed: bool
    level: Level
    role: Role = MEMBER
    caps: tuple[Level, ...] = ()
    settings: Settings = Settings()
    token: Level | None = None
    state: State = State.ACTIVE


def subject(name: str) -> Subject:
    if name == "everyone":
        return EVERYONE
    if name in ("crew", "band", "staff"):
        return Subject(SubjectKind.GROUP, name)
    return person_subject(name)


def facts(case: Case) -> Facts:
    person = PersonFacts(ME, case.role, case.state, frozenset({"crew", "band"}), case.token)
    grants = tuple(Grant(subject(name), level, "ann", 1) for name, level in case.grants.items())
    caps = tuple(Cap(ME, level, "ann", 1) for level in case.caps)
    return Facts(person, RoomFacts(case.settings, grants, caps))


CASES = [
    # no grant, no room
    Case("nothing given, nothing there", {}, "see", False, HIDDEN),
    Case("an admin is nobody special in a room", {}, "see", False, HIDDEN, role=ADMIN),
    Case("others' grants are others'", {"bo": OWN}, "see", False, HIDDEN),
    Case("nor is a group that one is not in one's own", {"staff": OWN}, "see", False, HIDDEN),
    # each rung of the ladder
    Case("SEE sees", {"me": SEE}, "see", True, SEE),
    Case("SEE does not join", {"me": SEE}, "join", False, SEE),
    Case("ASK sees", {"me": ASK}, "see", True, ASK),
    Case("ASK does not read", {"me": ASK}, "read", False, ASK),
    Case("READ reads", {"me": READ}, "read", True, READ),
    Case("READ joins", {"me": READ}, "join", True, READ),
    Case("READ does not post", {"me": READ}, "post", False, READ),
    Case("POST posts", {"me": POST}, "post", True, POST),
    Case("POST does not invite", {"me": POST}, "invite", False, POST),
    Case("POST does not remove", {"me": POST}, "remove", False, POST),
    Case("MODERATE invites", {"me": MODERATE}, "invite", True, MODERATE),
    Case("MODERATE removes", {"me": MODERATE}, "remove", True, MODERATE),
    Case("MODERATE does not rename", {"me": MODERATE}, "settings", False, MODERATE),
    Case("OWN renames", {"me": OWN}, "settings", True, OWN),
    Case("a grant to HIDDEN gives nothing", {"me": HIDDEN}, "see", False, HIDDEN),
    # the highest grant
    Case("everyone is a member too", {"everyone": POST}, "post", True, POST),
    Case("everyone is an admin too", {"everyone": POST}, "post", True, POST, role=ADMIN),
    Case("everyone is not a guest", {"everyone": POST}, "see", False, HIDDEN, role=GUEST),
    Case("a guest has what is given to them", {"me": POST}, "post", True, POST, role=GUEST),
    Case("a guest in a group has the group's", {"crew": READ}, "read", True, READ, role=GUEST),
    Case(
        "everyone's grant does not raise a guest's own",
        {"everyone": OWN, "me": READ}, "post", False, READ, role=GUEST,
    ),
    Case("the higher of two: own", {"everyone": ASK, "me": POST}, "post", True, POST),
    Case("the higher of two: everyone's", {"everyone": POST, "me": ASK}, "post", True, POST),
    Case("a low grant takes nothing away", {"crew": OWN, "me": HIDDEN}, "settings", True, OWN),
    Case("the higher of two groups", {"crew": READ, "band": MODERATE}, "invite", True, MODERATE),
    # the lowest cap
    Case("a mute leaves reading", {"me": OWN}, "read", True, READ, caps=(READ,)),
    Case("a mute takes posting", {"me": OWN}, "post", False, READ, caps=(READ,)),
    Case("a ban hides", {"me": OWN, "everyone": POST}, "see", False, HIDDEN, caps=(HIDDEN,)),
    Case("a ban beats a mute", {"me": POST}, "read", False, HIDDEN, caps=(READ, HIDDEN)),
    Case("a cap never raises", {"me": READ}, "post", False, READ, caps=(MODERATE,)),
    Case("a cap gives nothing by itself", {}, "see", False, HIDDEN, caps=(READ,)),
    # tokens
    Case("a token lowers", {"me": OWN}, "post", False, READ, token=READ),
    Case("a token does not raise", {"me": READ}, "post", False, READ, token=OWN),
    Case("a token gives nothing", {}, "see", False, HIDDEN, token=OWN),
    Case("token and mute: the lower", {"me": OWN}, "read", False, SEE, caps=(READ,), token=SEE),
    # raised actions
    Case("POST is silent where post is raised", {"me": POST}, "post", False, POST,
         settings=ANNOUNCEMENTS),
    Case("MODERATE speaks where post is raised", {"me": MODERATE}, "post", True, MODERATE,
         settings=ANNOUNCEMENTS),
    Case("raising one action leaves the others", {"me": POST}, "read", True, POST,
         settings=ANNOUNCEMENTS),
    Case("no setting goes below the floor", {"me": READ}, "post", False, READ,
         settings=Settings(raised={"post": SEE})),
    # archived
    Case("archived: reading remains", {"me": POST}, "read", True, POST, settings=ARCHIVED),
    Case("archived: joining remains", {"me": POST}, "join", True, POST, settings=ARCHIVED),
    Case("archived: removing remains", {"me": OWN}, "remove", True, OWN, settings=ARCHIVED),
    Case("archived: nobody posts", {"me": OWN}, "post", False, OWN, settings=ARCHIVED),
    Case("archived: hidden stays hidden", {}, "see", False, HIDDEN, settings=ARCHIVED),
    # the account
    Case("suspended: nothing", {"me": OWN}, "see", False, HIDDEN, state=State.SUSPENDED),
    Case("deleted: nothing", {"everyone": OWN}, "see", False, HIDDEN, state=State.DELETED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_table_holds(case: Case) -> None:
    decision = decide(case.action, facts(case))
    assert (decision.allowed, decision.level) == (case.allowed, case.level)


def test_rank_counts_without_caps_and_tokens() -> None:
    """Muting an owner does not put them within a moderator's reach."""
    muted = Case("", {"me": OWN}, "read", True, READ, caps=(READ,), token=SEE)
    assert rank_of(facts(muted)) is OWN


class TestBecause:
    """A decision names the grants and caps that made it so."""

    def given(self, *, cap_until: int | None = None, grant_until: int | None = None) -> Decision:
        me, crew = person_subject(ME), subject("crew")
        grants = (
            Grant(me, POST, "ann", 1, "old friend"),
            Grant(crew, POST, "ann", 2, until=grant_until),
            Grant(EVERYONE, SEE, "ann", 3),
        )
        caps = (Cap(ME, READ, "bo", 4, "spam", cap_until), Cap(ME, MODERATE, "bo", 5))
        person = PersonFacts(ME, MEMBER, groups=frozenset({"crew"}))
        return decide("post", Facts(person, RoomFacts(Settings(), grants, caps)))

    def test_the_highest_grants_and_the_lowest_cap(self) -> None:
        reasons = {(reason.level, reason.at) for reason in self.given().because}
        assert reasons == {(POST, 1), (POST, 2), (READ, 4)}

    def test_nothing_is_for_no_reason(self) -> None:
        assert decide("see", facts(Case("", {}, "see", False, HIDDEN))).because == ()

    @pytest.mark.parametrize(
        ("cap_until", "grant_until", "until"),
        [(None, None, None), (UNTIL, None, UNTIL), (None, UNTIL, UNTIL), (7, UNTIL, 7)],
    )
    def test_until_is_the_first_end_among_them(
        self, cap_until: int | None, grant_until: int | None, until: int | None
    ) -> None:
        assert self.given(cap_until=cap_until, grant_until=grant_until).until == until
