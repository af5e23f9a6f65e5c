"""Sessions are found by their secret, prolonged by use, listed and ended."""

import sqlite3
from pathlib import Path

import pytest

from auth.devices import describe
from auth.sessions import BROWSER, PROGRAM, PROGRAM_IDLE, TOUCHED_EVERY
from core.clock import DAY
from tests.auth.house import FIREFOX, HOME, House


async def test_found_by_the_secret_only(house: House) -> None:
    ann = await house.sign_up("ann")
    opened = await house.sessions.start(ann.id, BROWSER, FIREFOX)
    known = await house.sessions.by_secret(opened.secret)
    assert known is not None
    assert (known.account, known.session) == (ann, opened.session)
    assert await house.sessions.by_secret(opened.session.id) is None
    assert await house.sessions.by_secret("") is None


async def test_neither_secret_nor_address_is_kept(house: House, tmp_path: Path) -> None:
    await house.sign_up("ann")
    logged_in = await house.log_in("ann")
    dump = "\n".join(sqlite3.connect(tmp_path / "chatelaine.db").iterdump())
    assert "Firefox · Linux" in dump
    assert logged_in.secret not in dump
    assert HOME not in dump


async def test_use_prolongs_a_session_with_few_writes(house: House) -> None:
    ann = await house.sign_up("ann")
    secret = (await house.sessions.start(ann.id, BROWSER, FIREFOX)).secret
    (before,) = await house.sessions.of_account(ann.id)
    house.clock.pass_by(TOUCHED_EVERY / 1000 - 1)
    await house.sessions.by_secret(secret)
    assert await house.sessions.of_account(ann.id) == [before]
    house.clock.pass_by(1)
    await house.sessions.by_secret(secret)
    (after,) = await house.sessions.of_account(ann.id)
    assert after.expires_at == before.expires_at + TOUCHED_EVERY


@pytest.mark.parametrize(("kind", "idle"), [(BROWSER, 30 * DAY), (PROGRAM, PROGRAM_IDLE)])
async def test_an_idle_session_expires(house: House, kind: str, idle: int) -> None:
    ann = await house.sign_up("ann")
    opened = await house.sessions.start(ann.id, kind, FIREFOX)
    house.clock.pass_by(idle / 1000 - 1)
    assert await house.sessions.ended_among([opened.session.id]) == set()
    house.clock.pass_by(1)
    assert await house.sessions.ended_among([opened.session.id]) == {opened.session.id}
    assert await house.sessions.by_secret(opened.secret) is None
    assert await house.sessions.by_id(opened.session.id) is None
    assert await house.sessions.of_account(ann.id) == []


@pytest.mark.parametrize(("kind", "idle"), [(BROWSER, 30 * DAY), (PROGRAM, PROGRAM_IDLE)])
async def test_keeping_prolongs_what_is_in_use(house: House, kind: str, idle: int) -> None:
    """For whoever only listens."""
    ann = await house.sign_up("ann")
    listening = (await house.sessions.start(ann.id, kind, FIREFOX)).session
    idle_one = (await house.sessions.start(ann.id, kind, FIREFOX)).session
    for _ in range(3):
        house.clock.pass_by(idle / 1000 - 1)
        await house.sessions.keep([listening.id])
    known = await house.sessions.by_id(listening.id)
    assert known is not None
    assert known.session.expires_at == house.clock.now() + idle
    assert await house.sessions.ended_among([listening.id, idle_one.id]) == {idle_one.id}


async def test_keeping_revives_nothing(house: House) -> None:
    ann = await house.sign_up("ann")
    opened = [await house.sessions.start(ann.id, BROWSER, FIREFOX) for _ in range(2)]
    ended, expired = [one.session.id for one in opened]
    await house.sessions.end(ann.id, ended)
    await house.sessions.keep([ended])
    assert await house.sessions.ended_among([ended, expired]) == {ended}
    house.clock.pass_by(30 * DAY / 1000)
    await house.sessions.keep([ended, expired, "unknown"])
    assert await house.sessions.ended_among([ended, expired]) == {ended, expired}
    for one in opened:
        assert await house.sessions.by_secret(one.secret) is None


async def test_one_too_many_ends_the_longest_unused(house: House) -> None:
    ann = await house.sign_up("ann")
    opened = []
    for _ in range(3):
        opened.append(await house.sessions.start(ann.id, BROWSER, FIREFOX))
        house.clock.pass_by(600)
    await house.sessions.by_secret(opened[0].secret)
    house.clock.pass_by(600)
    await house.sessions.start(ann.id, PROGRAM, "bot")
    assert house.ended == []
    await house.sessions.start(ann.id, BROWSER, FIREFOX)
    assert house.ended == [opened[1].session.id]


async def test_one_ends_only_ones_own(house: House) -> None:
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    anns = (await house.sessions.start(ann.id, BROWSER, FIREFOX)).session
    assert not await house.sessions.end(bo.id, anns.id)
    assert await house.sessions.end(ann.id, anns.id)
    assert not await house.sessions.end(ann.id, anns.id)
    assert house.ended == [anns.id]


async def test_ending_the_others(house: House) -> None:
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    here, there, bos = [
        (await house.sessions.start(who.id, BROWSER, FIREFOX)).session for who in (ann, ann, bo)
    ]
    assert await house.sessions.end_others(ann.id, here.id) == 1
    assert house.ended == [there.id]
    ended = await house.sessions.ended_among([here.id, there.id, bos.id, "unknown"])
    assert ended == {there.id, "unknown"}


async def test_sessions_of_a_suspended_account_are_worth_nothing(house: House) -> None:
    ann = await house.sign_up("ann")
    opened = await house.sessions.start(ann.id, BROWSER, FIREFOX)
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql("UPDATE accounts SET state = 'suspended'")
    )
    assert await house.sessions.by_secret(opened.secret) is None
    assert await house.sessions.ended_among([opened.session.id]) == {opened.session.id}


EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    " MicroMessenger/8.0"
)


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (FIREFOX, "Firefox · Linux"),
        (EDGE, "Edge · Windows"),
        (SAFARI, "Safari · iPhone"),
        (WECHAT, "WeChat · Android"),
        ("chatelaine-bot/1.0 (+https://example.org)", "chatelaine-bot/1.0"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("Mozilla/5.0", ""),
        ("<script>", ""),
        ("", ""),
        ("x" * 10_000, "x" * 60),
    ],
)
def test_labels(user_agent: str, label: str) -> None:
    assert describe(user_agent) == label
