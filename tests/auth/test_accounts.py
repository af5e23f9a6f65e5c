"""Ann signs up, logs in, renames herself and changes her password; Mallory tries to be her."""

import asyncio

import pytest

from auth.labels import HELD
from auth.links import FIRST_ADMIN, RESET, VALID, LastReset
from auth.throttle import Limiter, Rate
from core.errors import ChatError
from core.ids import new_secret
from core.records import Role
from storage import labels as label_rows
from tests.auth.house import AWAY, COST, FIREFOX, HOME, PASSWORD, CountingBcrypt, House

NEW = "staple of another battery"


async def test_signing_up_makes_a_member_and_runs_the_newcomers_hook(house: House) -> None:
    ann = await house.sign_up("Ann")
    assert (ann.name, ann.nickname, ann.role) == ("ann", "Ann", Role.MEMBER)
    assert house.rooms == ["hall of ann"]
    logged_in = await house.log_in("ANN")
    assert logged_in.account == ann
    assert logged_in.session.label == "Firefox · Linux"


@pytest.mark.parametrize("name", ["ann", "Ann", "Аnn", "ＡＮＮ"])
async def test_a_name_that_looks_taken_is(house: House, name: str) -> None:
    await house.sign_up("ann")
    with pytest.raises(ChatError, match="name_taken"):
        await house.sign_up(name, "Somebody")
    assert house.rooms == ["hall of ann"]


@pytest.mark.parametrize(
    "nickname",
    ["Alice", "ALICE", "AIice", "Аlice", "A1ice", "Ａlice", "A\u0332lice", "Alice\u0338"],
)
async def test_a_nickname_that_looks_taken_is(house: House, nickname: str) -> None:
    await house.sign_up("ann", "Alice")
    with pytest.raises(ChatError, match="nickname_taken"):
        await house.sign_up("mallory", nickname)


async def test_a_filled_in_nickname_gets_a_number_when_taken(house: House) -> None:
    await house.sign_up("ann", "Bo")
    assert (await house.sign_up("bo")).nickname == "bo2"
    assert (await house.sign_up("somebody", "Cy")).nickname == "Cy"
    assert (await house.sign_up("cy")).nickname == "cy2"


async def test_of_two_at_once_one_gets_the_name(house: House) -> None:
    tries = [house.sign_up("ann", "Ann"), house.sign_up("аnn", "Other")]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, ChatError) for result in results) == 1


async def test_sign_ups_from_one_network_are_limited(house: House) -> None:
    house.signups._limiter = Limiter(Rate(2, 60), house.clock)
    await house.sign_up("ann")
    await house.sign_up("bo")
    with pytest.raises(ChatError, match="signup_too_many"):
        await house.sign_up("cy")


async def test_wrong_and_unknown_are_answered_alike_at_the_same_cost(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.sign_up("ann")
    work = CountingBcrypt(monkeypatch)
    for name in ("ann", "nobody", "not a name", "", "x" * 10_000):
        with pytest.raises(ChatError, match="login_failed"):
            await house.log_in(name, "wrong horse")
    assert work.costs == [f"{COST:02d}"] * 5


async def test_a_suspended_account_is_answered_like_a_wrong_password(house: House) -> None:
    await house.sign_up("ann")
    await house.database.write(
        lambda tx: tx.conn.exec_driver_sql("UPDATE accounts SET state = 'suspended'")
    )
    with pytest.raises(ChatError, match="login_failed"):
        await house.log_in("ann")


async def test_mallory_is_slowed_down_and_ann_is_not(house: House) -> None:
    await house.sign_up("ann")
    codes = set()
    for _ in range(50):
        with pytest.raises(ChatError) as refused:
            await house.log_in("ann", "guess", AWAY)
        codes.add(refused.value.code)
    assert codes == {"login_failed", "login_too_many"}
    await house.log_in("ann")


async def test_logging_out_ends_the_session(house: House) -> None:
    await house.sign_up("ann")
    logged_in = await house.log_in("ann")
    await house.logins.log_out(logged_in.session)
    assert house.ended == [logged_in.session.id]
    assert await house.sessions.by_secret(logged_in.secret) is None


async def test_an_older_hash_is_renewed_at_log_in(house: House) -> None:
    await house.sign_up("ann")
    house.passwords._cost = COST + 1
    await house.log_in("ann")
    known = await house.logins.confirm((await house.log_in("ann")).account.id, PASSWORD, HOME)
    assert not house.passwords.needs_rehash(known.password)


async def test_changing_the_password_ends_the_other_sessions(house: House) -> None:
    ann = await house.sign_up("ann")
    here, there = await house.log_in("ann"), await house.log_in("ann")
    await house.accounts.change_password(ann.id, PASSWORD, NEW, keep=here.session.id, address=HOME)
    assert house.ended == [there.session.id]
    assert await house.sessions.by_secret(here.secret) is not None
    with pytest.raises(ChatError, match="login_failed"):
        await house.log_in("ann", PASSWORD)
    await house.log_in("ann", NEW)


async def test_the_current_password_is_asked_and_cannot_be_guessed_fast(house: House) -> None:
    ann = await house.sign_up("ann")
    codes = []
    for _ in range(7):
        with pytest.raises(ChatError) as refused:
            await house.accounts.change_password(ann.id, "guess", NEW, keep="", address=AWAY)
        codes.append(refused.value.code)
    assert codes == ["password_wrong"] * 5 + ["login_too_many"] * 2


async def test_a_log_in_that_a_password_change_overtakes_fails(house: House) -> None:
    ann = await house.sign_up("ann")
    known = await house.logins.confirm(ann.id, PASSWORD, HOME)
    await house.accounts.change_password(ann.id, PASSWORD, NEW, keep="", address=HOME)
    with pytest.raises(ChatError, match="login_failed"):
        await house.database.write(
            lambda tx: house.logins._open(tx, known, None, FIREFOX, "browser")
        )


async def test_a_released_nickname_is_held_for_its_owner(house: House) -> None:
    ann, bo = await house.sign_up("ann", "Ann"), await house.sign_up("bo", "Bo")
    assert (await house.accounts.change_nickname(ann.id, "Annabel")).nickname == "Annabel"
    with pytest.raises(ChatError, match="nickname_taken"):
        await house.accounts.change_nickname(bo.id, "Аnn")
    assert (await house.accounts.change_nickname(ann.id, "ann")).nickname == "ann"
    await house.accounts.change_nickname(ann.id, "Annabel")
    house.clock.pass_by(HELD / 1000)
    assert (await house.accounts.change_nickname(bo.id, "Ann")).nickname == "Ann"
    with pytest.raises(ChatError, match="nickname_taken"):
        await house.accounts.change_nickname(ann.id, "Ann")


async def test_a_refused_nickname_changes_nothing(house: House) -> None:
    ann = await house.sign_up("ann", "Ann")
    await house.sign_up("bo", "Bo")
    with pytest.raises(ChatError, match="nickname_taken"):
        await house.accounts.change_nickname(ann.id, "BO")
    assert await house.accounts.by_nickname("Ann") == ann


async def test_nicknames_are_not_hoarded(house: House) -> None:
    ann = await house.sign_up("ann")
    house.accounts._renamings = Limiter(Rate(1, 60), house.clock)
    await house.accounts.change_nickname(ann.id, "Annabel")
    with pytest.raises(ChatError, match="too_many_requests"):
        await house.accounts.change_nickname(ann.id, "Annika")


async def test_people_are_found_by_what_they_are_called_now(house: House) -> None:
    ann = await house.sign_up("ann", "Ann Lee")
    for spelling in ("Ann Lee", "ann lee", "ＡＮＮ  LEE", "@Ann Lee"):
        assert await house.accounts.by_nickname(spelling) == ann
    for other in ("Аnn Lee", "Ann", "ann", "", "\u202e", "x" * 10_000):
        assert await house.accounts.by_nickname(other) is None
    renamed = await house.accounts.change_nickname(ann.id, "Annabel")
    assert await house.accounts.by_nickname("Ann Lee") is None
    found = await house.accounts.by_nickname("annabel")
    assert found is not None
    assert (found.id, found.nickname) == (renamed.id, renamed.nickname) == (ann.id, "Annabel")
    assert (await house.accounts.people([ann.id, "unknown"]))[ann.id].nickname == "Annabel"


async def test_languages(house: House) -> None:
    ann = await house.sign_up("ann")
    await house.accounts.set_language(ann.id, "zh-CN")
    with pytest.raises(ChatError, match="language_unknown"):
        await house.accounts.set_language(ann.id, "tlh")
    got = await house.accounts.get(ann.id)
    assert got is not None
    assert got.language == "zh-CN"


async def test_the_first_link_makes_the_first_admin_once(house: House) -> None:
    older = await house.links.new_first_admin()
    secret = await house.links.new_first_admin()
    assert older is not None
    assert secret is not None
    draft = await house.signups.draft("ann", PASSWORD, "", "", HOME)
    for void in (older, new_secret(), ""):
        with pytest.raises(ChatError, match="link_void"):
            await house.links.first_admin(void, draft)
    await house.links.check(FIRST_ADMIN, secret)
    ann = await house.links.first_admin(secret, draft)
    assert ann.role is Role.ADMIN
    assert house.rooms == ["hall of ann"]
    with pytest.raises(ChatError, match="link_void"):
        await house.links.first_admin(
            secret, await house.signups.draft("mallory", PASSWORD, "", "", AWAY)
        )
    assert await house.links.new_first_admin() is None


async def test_a_first_link_is_void_once_there_is_an_admin(house: House) -> None:
    secret = await house.links.new_first_admin()
    assert secret is not None
    await house.sign_up("ann", role=Role.ADMIN)
    draft = await house.signups.draft("mallory", PASSWORD, "", "", AWAY)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.first_admin(secret, draft)


async def test_a_failed_sign_up_does_not_use_the_link_up(house: House) -> None:
    await house.sign_up("bo")
    secret = await house.links.new_first_admin()
    assert secret is not None
    with pytest.raises(ChatError, match="name_taken"):
        await house.links.first_admin(
            secret, await house.signups.draft("Bo", PASSWORD, "Other", "", HOME)
        )
    await house.links.check(FIRST_ADMIN, secret)


async def test_a_reset_link_lets_its_person_in_and_everyone_else_out(house: House) -> None:
    admin, ann = await house.sign_up("olga", "Olga", Role.ADMIN), await house.sign_up("ann")
    logged_in = await house.log_in("ann")
    void = await house.links.new_reset(ann.id, admin.id)
    secret = await house.links.new_reset(ann.id, admin.id)
    assert await house.links.last_reset(ann.id) is None
    for wrong in (void, new_secret()):
        with pytest.raises(ChatError, match="link_void"):
            await house.links.reset(wrong, NEW)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.check(FIRST_ADMIN, secret)
    await house.links.reset(secret, NEW)
    assert house.ended == [logged_in.session.id]
    await house.log_in("ann", NEW)
    assert await house.links.last_reset(ann.id) == LastReset("Olga", house.clock.now())
    with pytest.raises(ChatError, match="link_void"):
        await house.links.reset(secret, PASSWORD)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.check(RESET, secret)


async def test_a_change_of_password_voids_a_reset_link(house: House) -> None:
    """Whoever asked for one has remembered; and whoever holds it must not get in any more."""
    ann, bo = await house.sign_up("ann"), await house.sign_up("bo")
    here = (await house.log_in("ann")).session
    secret = await house.links.new_reset(ann.id, None)
    others = await house.links.new_reset(bo.id, None)
    with pytest.raises(ChatError, match="password_wrong"):
        await house.accounts.change_password(ann.id, "wrong", NEW, keep=here.id, address=HOME)
    await house.links.check(RESET, secret)
    await house.accounts.change_password(ann.id, PASSWORD, NEW, keep=here.id, address=HOME)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.check(RESET, secret)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.reset(secret, PASSWORD)
    await house.log_in("ann", NEW)
    assert await house.links.last_reset(ann.id) is None
    await house.links.check(RESET, others)


async def test_a_weak_password_does_not_use_the_link_up(house: House) -> None:
    ann = await house.sign_up("ann")
    secret = await house.links.new_reset(ann.id, None)
    with pytest.raises(ChatError, match="password_common"):
        await house.links.reset(secret, "password1")
    await house.links.reset(secret, NEW)
    assert await house.links.last_reset(ann.id) == LastReset(None, house.clock.now())


async def test_a_link_expires(house: House) -> None:
    await house.sign_up("ann")
    secret = await house.links.new_reset_by_name("ANN")
    house.clock.pass_by(VALID / 1000)
    with pytest.raises(ChatError, match="link_void"):
        await house.links.check(RESET, secret)
    with pytest.raises(ChatError, match="person_not_found"):
        await house.links.new_reset_by_name("nobody")


async def test_a_used_link_works_once_even_at_the_same_moment(house: House) -> None:
    ann = await house.sign_up("ann")
    secret = await house.links.new_reset(ann.id, None)
    tries = [house.links.reset(secret, NEW), house.links.reset(secret, PASSWORD + "!")]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert [isinstance(result, ChatError) for result in results].count(True) == 1


async def test_every_name_is_kept_under_all_its_keys(house: House) -> None:
    ann = await house.sign_up("ann", "Ann")
    keys = await house.database.read(lambda tx: label_rows.in_use_by(tx, "nickname", "!ann"))
    assert keys == ann.id


async def test_who_waits_is_told_so_only_by_the_right_password(house: House) -> None:
    await house.signups.ask(await house.signups.draft("ann", PASSWORD, "", "", HOME))
    with pytest.raises(ChatError, match="login_failed"):
        await house.log_in("ann", "not the password")
    for _ in range(20):
        with pytest.raises(ChatError, match="account_pending"):
            await house.log_in("ann")
    assert house.rooms == []


async def test_no_way_in_is_made_for_who_waits(house: House) -> None:
    await house.signups.ask(await house.signups.draft("ann", PASSWORD, "", "", HOME))
    with pytest.raises(ChatError, match="person_not_found"):
        await house.links.new_reset_by_name("ann")
