"""Tokens for bots: made, used, listed, revoked; and what is kept of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auth.personal_tokens import LONGEST_DAYS, MOST, PREFIX, MadeBy, MadeToken, Wanted
from auth.sessions import PROGRAM_IDLE
from core.clock import DAY
from core.errors import ChatError
from core.levels import Level
from core.records import Account, Role, State
from storage import accounts
from storage.engine import Tx
from tests.auth.house import AWAY, HOME, House
from tests.storage.test_plans import statements


async def make(
    house: House, owner: Account, level: Level = Level.READ, days: int | None = None
) -> str:
    """A token's secret."""
    return (await make_token(house, owner, level, days)).secret


async def make_token(
    house: House, owner: Account, level: Level = Level.READ, days: int | None = None
) -> MadeToken:
    return await house.personal_tokens.make(owner.id, Wanted("bot", level, None, days))


async def refusal(house: House, secret: str, address: str = HOME) -> str:
    with pytest.raises(ChatError) as refused:
        await house.personal_tokens.log_in(secret, address)
    return refused.value.code


async def test_a_log_in_by_a_token_carries_its_cap(house: House) -> None:
    ann = await house.sign_up("ann")
    wanted = Wanted("  Build   reports ", Level.POST, frozenset({"read", "post"}))
    made = await house.personal_tokens.make(ann.id, wanted)
    assert made.secret.startswith(PREFIX) and len(made.secret) == len(PREFIX) + 43
    found = await house.personal_tokens.log_in(made.secret, HOME)
    known = await house.sessions.by_id(found.session.id)
    assert known is not None and known.session == found.session
    assert (found.account, found.session.label) == (ann, "Build reports")
    assert (found.session.level, found.session.actions) == (Level.POST, wanted.actions)
    assert found.session.kind == "program"


async def test_only_the_hash_is_kept(house: House, tmp_path: Path) -> None:
    secret = await make(house, await house.sign_up("ann"))
    await house.personal_tokens.log_in(secret, HOME)
    dump = "\n".join(sqlite3.connect(tmp_path / "chatelaine.db").iterdump())
    assert "'bot'" in dump
    assert secret not in dump and secret.removeprefix(PREFIX) not in dump
    assert HOME not in dump


async def test_the_list_tells_when_each_was_used(house: House) -> None:
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    first = await make(house, ann)
    house.clock.pass_by(60)
    await make(house, ann, days=1)
    await make(house, bo)
    listed = await house.personal_tokens.of(ann.id)
    assert [token.used_at for token in listed] == [None, None]
    assert [token.expires_at is None for token in listed] == [False, True], "newest first"
    session = (await house.personal_tokens.log_in(first, HOME)).session
    house.clock.pass_by(3_600)
    await house.sessions.by_id(session.id)
    assert (await house.personal_tokens.of(ann.id))[1].used_at == house.clock.now()
    house.clock.pass_by(DAY / 1000)
    assert len(await house.personal_tokens.of(ann.id)) == 1, "what has ended is not shown"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted("", Level.READ), "token_bad"),
        (Wanted("   ", Level.READ), "token_bad"),
        (Wanted("x" * 101, Level.READ), "token_bad"),
        (Wanted("a\u202eb", Level.READ), "token_bad"),
        (Wanted("bot", Level.HIDDEN), "token_bad"),
        (Wanted("bot", Level.SEE), "token_bad"),
        (Wanted("bot", Level.ASK), "token_bad"),
        (Wanted("bot", Level.READ, frozenset()), "token_bad"),
        (Wanted("bot", Level.READ, frozenset({"read", "fly"})), "token_bad"),
        (Wanted("bot", Level.READ, None, 0), "token_days"),
        (Wanted("bot", Level.READ, None, -1), "token_days"),
        (Wanted("bot", Level.READ, None, LONGEST_DAYS + 1), "token_days"),
        (Wanted("x" * 100, Level.READ, None, LONGEST_DAYS), ""),
        (Wanted("给机器人", Level.OWN, frozenset({"read"}), 1), ""),
    ],
)
async def test_what_a_token_can_be(house: House, wanted: Wanted, code: str) -> None:
    ann = await house.sign_up("ann")
    try:
        await house.personal_tokens.make(ann.id, wanted)
        told = ""
    except ChatError as error:
        told = error.code
    assert told == code
    assert len(await house.personal_tokens.of(ann.id)) == (not code)


async def test_twenty_at_a_time(house: House) -> None:
    ann = await house.sign_up("ann")
    for number in range(MOST):
        await make(house, ann, days=1 if number else None)
    with pytest.raises(ChatError, match="too_many_tokens"):
        await make(house, ann)
    house.clock.pass_by(DAY / 1000)
    await make(house, ann)
    assert len(await house.personal_tokens.of(ann.id)) == 2


MAKERS: list[tuple[MadeBy, str]] = [
    ("members", "member admin"),
    ("admins", "admin"),
    ("nobody", ""),
]


@pytest.fixture(params=MAKERS, ids=lambda row: row[0])
def setting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[House, str]]:
    made_by, makers = request.param
    folder = tmp_path / "other"
    folder.mkdir()
    house = House(folder, made_by)
    yield house, makers
    house.close()


async def test_who_may_make_them(setting: tuple[House, str]) -> None:
    house, makers = setting
    for role in Role:
        account = await house.sign_up(f"some{role}", role=role)
        may = role.value in makers.split()
        assert house.personal_tokens.may_make(role) is may
        if may:
            await make(house, account)
        else:
            with pytest.raises(ChatError, match="tokens_not_made"):
                await make(house, account)


async def test_all_that_do_not_work_are_refused_alike(house: House) -> None:
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    revoked, ended = await make_token(house, ann), await make(house, ann, days=1)
    await house.personal_tokens.revoke(ann.id, revoked.token.id)
    suspended = await make(house, bo)
    await house.database.write(lambda tx: accounts.set_state(tx, bo.id, State.SUSPENDED))
    house.clock.pass_by(DAY / 1000)
    for secret in (revoked.secret, ended, suspended, "", "junk", PREFIX + "x" * 43):
        assert await refusal(house, secret) == "token_refused"


async def test_revoking_ends_its_log_ins_and_no_others(house: House) -> None:
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    made, other = await make_token(house, ann), await make(house, ann)
    over = [(await house.personal_tokens.log_in(made.secret, HOME)).session.id for _ in range(2)]
    kept = [
        (await house.personal_tokens.log_in(other, HOME)).session.id,
        (await house.log_in("ann")).session.id,
    ]
    house.ended.clear()
    assert not await house.personal_tokens.revoke(bo.id, made.token.id), "not bo's to revoke"
    assert await house.sessions.ended_among([*over, *kept]) == set()
    assert await house.personal_tokens.revoke(ann.id, made.token.id)
    assert not await house.personal_tokens.revoke(ann.id, made.token.id)
    assert sorted(house.ended) == sorted(over)
    assert await house.sessions.ended_among([*over, *kept]) == set(over)
    assert await refusal(house, made.secret) == "token_refused"
    await house.personal_tokens.log_in(other, HOME)


async def test_no_log_in_outlives_its_token(house: House) -> None:
    """However often it is used, or its socket stays open."""
    ann = await house.sign_up("ann")
    session = (await house.personal_tokens.log_in(await make(house, ann, days=1), HOME)).session
    lasting = (await house.personal_tokens.log_in(await make(house, ann), HOME)).session
    ends = house.clock.now() + DAY
    for _ in range(23):
        house.clock.pass_by(3_600)
        await house.sessions.by_id(session.id)
        await house.sessions.keep([session.id, lasting.id])
        known = await house.sessions.by_id(session.id)
        assert known is not None and known.session.expires_at <= ends
    house.clock.pass_by(3_599)
    assert await house.sessions.ended_among([session.id]) == set()
    house.clock.pass_by(1)
    assert await house.sessions.ended_among([session.id, lasting.id]) == {session.id}
    prolonged = await house.sessions.by_id(lasting.id)
    assert prolonged is not None and prolonged.session.expires_at > ends + PROGRAM_IDLE - DAY / 2


async def test_guessing_is_throttled_like_log_ins(house: House) -> None:
    secret = await make(house, await house.sign_up("ann"))
    junk = [await refusal(house, f"junk {number}") for number in range(30)]
    assert junk[0] == "token_refused" and junk[-1] == "login_too_many"
    assert await refusal(house, secret) == "login_too_many", "the network is used up"
    await house.personal_tokens.log_in(secret, AWAY)


async def test_no_statement_reads_a_whole_table(house: House) -> None:
    ann = await house.sign_up("ann")
    with statements() as seen:
        made = await make_token(house, ann, days=1)
        session = (await house.personal_tokens.log_in(made.secret, HOME)).session
        await house.sessions.keep([session.id])
        await house.personal_tokens.of(ann.id)
        await house.personal_tokens.revoke(ann.id, made.token.id)
    assert any("tokens" in statement for statement in seen)
    for statement, parameters in seen.items():
        steps = await _plan(house, statement, parameters)
        assert not [step for step in steps if re.match("SCAN (tokens|sessions|accounts)", step)]


async def _plan(house: House, statement: str, parameters: Any) -> list[str]:
    def explain(tx: Tx) -> list[str]:
        query = f"EXPLAIN QUERY PLAN {statement}"
        return [row.detail for row in tx.conn.exec_driver_sql(query, parameters)]

    return await house.database.read(explain)
