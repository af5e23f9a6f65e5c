"""What admins do with accounts: who may, to whom, what the logs and the journal say of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from auth import nicknames
from core.access import Delta, Grant, PersonFacts, Preset, glass_subject, person_subject
from core.clock import DAY
from core.errors import ChatError
from core.levels import Level
from core.log import Entry, Kind
from core.records import GONE, Identity, Role, State
from live.bus import PersonRenamed, RoomsChanged, SessionsEnded
from storage import accounts, groups, journal, sessions, tokens
from storage.engine import Tx
from storage.journal import Line
from tests.rooms.house import House
from tests.rooms.refusals import refusal

Act = Callable[[House, Identity, str], Awaitable[object]]

ACTS: dict[str, Act] = {
    "suspend": lambda house, who, whom: house.keeping.suspend(who, whom),
    "restore": lambda house, who, whom: house.keeping.restore(who, whom),
    "delete": lambda house, who, whom: house.keeping.delete(who, whom),
    "to guest": lambda house, who, whom: house.keeping.change_role(who, whom, Role.GUEST),
    "to member": lambda house, who, whom: house.keeping.change_role(who, whom, Role.MEMBER),
    "to admin": lambda house, who, whom: house.keeping.change_role(who, whom, Role.ADMIN),
    "end": lambda house, who, whom: house.keeping.set_end(who, whom, 7),
    "no end": lambda house, who, whom: house.keeping.set_end(who, whom, None),
    "end a log-in": lambda house, who, whom: house.keeping.end_session(who, whom, "none"),
    "end log-ins": lambda house, who, whom: house.keeping.end_sessions(who, whom),
    "look": lambda house, who, whom: house.keeping.look(who, whom),
}
TARGETS = ("guest", "member", "suspended", "deleted", "pending", "admin", "oneself")
_NO, _BAD, _SELF = "not_found", "bad_request", "not_yourself"
BY_ADMINS: dict[str, list[str | None]] = {
    #               guest  member suspended deleted pending admin  oneself
    "suspend":      [None, None,  None,     _NO,    _NO,    None,  _SELF],
    "restore":      [None, None,  None,     _NO,    _NO,    None,  None],
    "delete":       [None, None,  None,     _NO,    _NO,    None,  _SELF],
    "to guest":     [None, None,  None,     _NO,    _NO,    None,  _SELF],
    "to member":    [None, None,  None,     _NO,    _NO,    None,  _SELF],
    "to admin":     [None, None,  None,     _NO,    _NO,    None,  None],
    "end":          [None, _BAD,  _BAD,     _NO,    _NO,    _BAD,  _BAD],
    "no end":       [None, _BAD,  _BAD,     _NO,    _NO,    _BAD,  _BAD],
    "end a log-in": [None, None,  None,     _NO,    _NO,    None,  None],
    "end log-ins":  [None, None,  None,     _NO,    _NO,    None,  None],
    "look":         [None, None,  None,     _NO,    _NO,    None,  None],
}  # fmt: skip


async def whom(house: House, adam: Identity, target: str) -> str:
    """The id of someone to act on; there is always a second admin."""
    eve = await house.person("eve", Role.ADMIN)
    if target == "oneself":
        return adam.account.id
    if target == "admin":
        return eve.account.id
    bo = await house.person("bo", Role.GUEST if target == "guest" else Role.MEMBER)
    if target in ("suspended", "deleted", "pending"):
        state = State(target)
        await house.database.write(lambda tx: accounts.set_state(tx, bo.account.id, state))
    return bo.account.id


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("target", TARGETS)
async def test_what_admins_do_to_whom(house: House, adam: Identity, act: str, target: str) -> None:
    person = await whom(house, adam, target)
    told = await refusal(ACTS[act](house, adam, person))
    assert told == BY_ADMINS[act][TARGETS.index(target)]


@pytest.mark.parametrize("act", ACTS)
async def test_for_all_others_there_is_nothing(
    house: House, adam: Identity, bo: Identity, cy: Identity, gus: Identity, act: str
) -> None:
    """Not for guests, members, an admin's token, or who was an admin when the page was opened."""
    room = await house.room(bo)
    await house.invite(bo, room, cy)
    before = await house.entries(room)
    for who in (bo, gus):
        assert await refusal(ACTS[act](house, who, cy.account.id)) == "not_found"
        assert await refusal(ACTS[act](house, who, "nobody")) == "not_found"
    token = await house.another_login(adam, Level.OWN)
    assert await refusal(ACTS[act](house, token, cy.account.id)) == "not_found"
    eve = await house.person("eve", Role.ADMIN)
    await house.keeping.change_role(adam, eve.account.id, Role.MEMBER)
    assert await refusal(ACTS[act](house, eve, cy.account.id)) == "not_found"
    await house.log_out(adam)
    assert await refusal(ACTS[act](house, adam, cy.account.id)) == "not_signed_in"
    assert await house.entries(room) == before


@pytest.mark.parametrize("act", ["suspend", "delete", "to member", "to guest"])
async def test_the_last_admin_stays_one(house: House, adam: Identity, act: str) -> None:
    assert await refusal(ACTS[act](house, adam, adam.account.id)) == "last_admin"
    eve = await house.person("eve", Role.ADMIN)
    await house.keeping.suspend(adam, eve.account.id)
    assert await refusal(ACTS[act](house, adam, adam.account.id)) == "last_admin", "Eve can't act"
    await ACTS[act](house, adam, eve.account.id)


@pytest.mark.parametrize("days", [0, -1, 366])
async def test_a_guest_stays_for_1_to_365_days(
    house: House, adam: Identity, gus: Identity, days: int
) -> None:
    told = await refusal(house.keeping.set_end(adam, gus.account.id, days))
    assert told == "guest_days"


async def test_a_reason_has_its_length(house: House, adam: Identity, bo: Identity) -> None:
    assert await refusal(house.keeping.suspend(adam, bo.account.id, "x" * 201)) == "why_long"
    assert (await state(house, bo)) is State.ACTIVE
    await house.keeping.suspend(adam, bo.account.id, f"  {'x' * 100}\n{'y' * 99} ")
    assert (await lines(house, bo))[-1].change.why == f"{'x' * 100} {'y' * 99}"


# --- entries and journal -------------------------------------------------------------------------


async def state(house: House, who: Identity) -> State:
    account = await house.read(lambda tx: accounts.get(tx, who.account.id))
    assert account is not None
    return account.state


async def lines(house: House, who: Identity) -> list[Line]:
    """What happened to an account since it was made, by the journal."""
    return [
        line
        for line in await house.read(journal.lines)
        if line.change.person == who.account.id and line.change.kind != "made"
    ]


async def newest(house: House, room: str) -> Entry:
    return (await house.entries(room))[-1]


@pytest.mark.parametrize(
    ("act", "line", "after"),
    [
        ("suspend", "suspended", (Role.GUEST, State.SUSPENDED)),
        ("delete", "deleted", (Role.GUEST, State.DELETED)),
        ("to member", "role", (Role.MEMBER, State.ACTIVE)),
        ("end", "until", (Role.GUEST, State.ACTIVE)),
    ],
)
async def test_every_room_of_theirs_has_an_entry_and_the_journal_a_line(
    house: House,
    adam: Identity,
    ann: Identity,
    gus: Identity,
    act: str,
    line: str,
    after: tuple[Role, State],
) -> None:
    inside, granted, other = [await house.room(ann) for _ in range(3)]
    await house.invite(ann, inside, gus)
    grant = Grant(person_subject(gus.account.id), Level.READ, ann.account.id, 0)
    await house.change(granted, Delta(grants=(grant,)), ann)
    untouched = await house.entries(other)
    await ACTS[act](house, adam, gus.account.id)

    facts = PersonFacts(gus.account.id, *after)
    (written,) = await lines(house, gus)
    assert (written.change.kind, written.change.by) == (line, adam.account.id)
    assert written.change.facts == facts
    entries = {room: await newest(house, room) for room in (inside, granted)}
    assert written.seqs == {room: entry.seq for room, entry in entries.items()}
    for entry in entries.values():
        assert entry.kind is Kind.ACCOUNT
        assert entry.by and entry.by.id == adam.account.id
        assert entry.delta and entry.delta.accounts == (facts,)
    assert await house.entries(other) == untouched


async def test_suspended_and_restored_one_is_back_where_one_was(
    house: House, adam: Identity, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    ended: list[SessionsEnded] = []
    house.bus.on(SessionsEnded, ended.append)
    assert await house.keeping.suspend(adam, bo.account.id, "holiday") == []
    assert [notice.sessions for notice in ended] == [(bo.session.id,)]
    assert await refusal(house.say(bo, room, "still here?")) == "not_signed_in"
    assert RoomsChanged(frozenset({bo.account.id})) in house.told
    before = await house.entries(room)
    await house.keeping.suspend(adam, bo.account.id, "twice is once")
    assert await house.entries(room) == before

    await house.keeping.restore(adam, bo.account.id)
    back = await house.log_in(bo.account)
    await house.say(back, room, "here again")
    assert [seen.id for seen in await house.listing.mine(back)] == [room]
    assert [line.change.kind for line in await lines(house, bo)] == ["suspended", "restored"]


async def test_a_suspended_account_has_no_log_in_however_it_was_opened(
    house: House, adam: Identity, ann: Identity, bo: Identity
) -> None:
    room = await house.room(ann)
    await house.invite(ann, room, bo)
    await house.keeping.suspend(adam, bo.account.id)
    sneaked = await house.log_in(bo.account)
    assert await refusal(house.say(sneaked, room, "a session too many")) == "not_signed_in"
    assert await house.read(lambda tx: sessions.by_id(tx, sneaked.session.id)) is None


async def test_deleted_nothing_is_left_but_what_was_said(
    house: House, adam: Identity, ann: Identity, bo: Identity
) -> None:
    room, open_one = await house.room(ann), await house.room(ann, preset=Preset.OPEN)
    await house.invite(ann, room, bo)
    await house.membership.join(bo, open_one)
    await house.say(bo, room, "so long")
    glass = Grant(glass_subject(bo.account.id), Level.READ, bo.account.id, 0)
    await house.change(room, Delta(grants=(glass,)))
    renamed: list[PersonRenamed] = []
    house.bus.on(PersonRenamed, renamed.append)
    await house.keeping.delete(adam, bo.account.id, "asked for it")

    for each in (room, open_one):
        facts = await house.facts(each)
        assert bo.account.id not in facts.members
        assert {subject.id for subject in facts.grants} <= {"", ann.account.id}
    said = next(entry for entry in await house.entries(room) if entry.text == "so long")
    assert said.by and said.by.nickname == GONE
    assert [(notice.person.nickname, notice.tell) for notice in renamed] == [
        (GONE, frozenset({ann.account.id}))
    ]
    known = await house.read(lambda tx: accounts.credentials(tx, account=bo.account.id))
    assert known and known.password == ""
    assert "bo" not in f"{known.account.name} {known.account.nickname}"
    assert await house.read(lambda tx: accounts.by_name(tx, "bo")) is None
    assert await refusal(house.inviting.invite_by_nickname(ann, room, "bo", Level.READ)) == (
        "person_not_found"
    )


async def test_nobody_else_can_be_called_what_deleted_accounts_are() -> None:
    with pytest.raises(ChatError, match="nickname_reserved"):
        nicknames.prepare(GONE)


async def test_the_names_of_the_deleted_are_held_for_90_days(house: House, adam: Identity) -> None:
    bo, _ = await house.sign_up("bo", await server_link(house, adam))
    await house.keeping.delete(adam, bo.id)
    secret = await server_link(house, adam)
    assert await refusal(house.sign_up("bo", secret)) == "name_taken"
    house.clock.ms += 90 * DAY - 1
    secret = await server_link(house, await house.log_in(adam.account))
    assert await refusal(house.sign_up("bo", secret)) == "name_taken"
    house.clock.ms += 1
    again, _ = await house.sign_up("bo", secret)
    assert (again.name, again.nickname) == ("bo", "bo")


async def server_link(house: House, admin: Identity) -> str:
    return (await house.invitations.make(admin, None, 7, 5)).secret


async def test_deleted_one_is_in_no_group(house: House, adam: Identity, bo: Identity) -> None:
    def join(tx: Tx) -> None:
        groups.add(tx, groups.Group("crew", "Crew", "crew", "", None, 0))
        groups.put_in(tx, "crew", bo.account.id, by=None, until=None)

    await house.database.write(join)
    assert (await house.keeping.look(adam, bo.account.id)).groups == ["Crew"]
    await house.keeping.delete(adam, bo.account.id)
    assert await house.read(lambda tx: groups.members(tx, "crew")) == []


async def test_of_a_deleted_one_s_tokens_nothing_is_kept(
    house: House, adam: Identity, bo: Identity, cy: Identity
) -> None:
    def make(tx: Tx) -> None:
        for who in (bo.account.id, cy.account.id):
            token = tokens.Token(who, who, "for the kettle", Level.POST, None, 0, None)
            tokens.add(tx, token, f"hash of {who}")

    await house.database.write(make)
    await house.keeping.delete(adam, bo.account.id)
    assert await house.read(lambda tx: tokens.of_account(tx, bo.account.id)) == []
    assert len(await house.read(lambda tx: tokens.of_account(tx, cy.account.id))) == 1


@pytest.mark.parametrize("act", ["suspend", "delete"])
async def test_the_links_of_an_admin_who_is_gone_are_void(
    house: House, adam: Identity, act: str
) -> None:
    eve = await house.person("eve", Role.ADMIN)
    secret = await server_link(house, eve)
    await house.invitations.look(secret)
    await ACTS[act](house, adam, eve.account.id)
    assert await refusal(house.invitations.look(secret)) == "invitation_void"
