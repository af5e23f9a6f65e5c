"""Looking after one's own account."""

import pytest

from core.records import Role
from storage import blocks
from tests.auth.house import PASSWORD
from tests.pages.conftest import Town
from tests.pages.test_login import log_in

NEW = "another long password"


async def test_a_new_nickname(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    await ann.send("/account/nickname", {"nickname": "安 Ann"})
    assert "You have a new nickname." in ann.page
    assert ann.form("/account/nickname")["nickname"] == "安 Ann"


async def test_a_nickname_that_looks_like_anothers_is_kept_to_be_mended(town: Town) -> None:
    await town.services.sign_up("bo", "Bo")
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    await ann.send("/account/nickname", {"nickname": "ВO"})
    assert "Someone has this nickname" in ann.page
    assert ann.form("/account/nickname")["nickname"] == "ВO"


async def test_a_new_password_ends_the_other_log_ins(town: Town) -> None:
    await town.services.sign_up("ann")
    ann, elsewhere = await log_in(town.visitor(), "ann"), await log_in(town.visitor(), "ann")
    await ann.open("/account")
    await ann.send("/account/password", {"current": PASSWORD, "password": NEW})
    assert "You have a new password." in ann.page
    assert (await elsewhere.open("/account")).path == "/login"
    assert (await log_in(town.visitor(), "ann", NEW)).page == "ann"


async def test_the_current_password_is_asked_for(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    await ann.send("/account/password", {"current": "wrong", "password": NEW})
    assert 'id="current-error">The current password is not right.' in ann.page
    assert (await log_in(town.visitor(), "ann", NEW)).code == 403


async def test_one_log_in_is_ended_from_another(town: Town) -> None:
    await town.services.sign_up("ann")
    elsewhere, ann = await log_in(town.visitor(), "ann"), await log_in(town.visitor(), "ann")
    await ann.open("/account")
    ends = [form.action for form in ann.forms() if form.action.endswith("/end")]
    assert len(ends) == 1
    await ann.send(ends[0], {})
    assert "That log-in has ended." in ann.page
    assert (await elsewhere.open("/account")).path == "/login"


async def test_nobody_ends_anothers(town: Town) -> None:
    await town.services.sign_up("ann")
    await town.services.sign_up("bo")
    bo = await log_in(town.visitor(), "bo")
    bos = (await town.services.log_in("bo")).session
    ann, ann_too = await log_in(town.visitor(), "ann"), await log_in(town.visitor(), "ann")
    await ann.open("/account")
    own = next(form.action for form in ann.forms() if form.action.endswith("/end"))
    ann.page = ann.page.replace(own, f"/account/sessions/{bos.id}/end")
    await ann.send(f"/account/sessions/{bos.id}/end", {})
    assert (await bo.open("/account")).path == "/account"
    assert len(await town.services.sessions.of_account(bos.account)) == 2
    assert (await ann_too.open("/account")).path == "/account"


async def test_all_others_at_once(town: Town) -> None:
    await town.services.sign_up("ann")
    others = [await log_in(town.visitor(), "ann") for _ in range(2)]
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    await ann.send("/account/sessions/end-others", {})
    assert "All other log-ins have ended." in ann.page
    for other in others:
        assert (await other.open("/account")).path == "/login"


async def test_a_way_back_in_from_an_admin_shows_in_the_account(town: Town) -> None:
    await town.services.sign_up("ann", "Ann", role=Role.ADMIN)
    bos = await town.services.sign_up("bo", "Bo")
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/admin?query=BO")
    assert f'href="/admin/people/{bos.id}"' in ann.page
    await ann.open(f"/admin/people/{bos.id}")
    links = [form.action for form in ann.forms() if form.action.endswith("/reset-link")]
    assert len(links) == 1
    await ann.send(links[0], {})
    url = ann.page.partition(f'value="{town.server.origin}')[2].partition('"')[0]
    bo = await town.visitor().open(url)
    await bo.send("", {"password": "short"})
    assert "at least 8 characters" in bo.page
    await bo.send("", {"password": NEW})
    assert bo.page == "bo"
    assert "by a link that Ann made" in (await bo.open("/account")).page
    assert (await town.visitor().open(url)).code == 404


@pytest.mark.parametrize("path", ["/admin", "/admin/invitations", "/admin/nothing"])
async def test_admins_pages_are_no_pages_for_others(town: Town, path: str) -> None:
    await town.services.sign_up("bo")
    bo = await log_in(town.visitor(), "bo")
    assert (await bo.open(path)).code == 404
    assert "There is nothing here that you can see." in bo.page


async def test_a_language_is_chosen_at_the_foot_and_stays(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await town.visitor().open("/login")
    await ann.send("/language", {"language": "zh-CN"})
    assert ann.path == "/login"
    assert '<html lang="zh-CN"' in ann.page
    await ann.send("/login", {"name": "ann", "password": PASSWORD})
    await ann.open("/account")
    await ann.send("/language", {"language": "zh-CN"})
    del ann.cookies["language"]
    assert '<html lang="zh-CN"' in (await ann.open("/account")).page


async def test_a_language_that_is_none_is_refused(town: Town) -> None:
    visitor = await town.visitor().open("/login")
    await visitor.send("/language", {"language": "../../etc"})
    assert visitor.code == 400


async def test_who_may_begin_to_write_is_chosen(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    assert '<option value="everyone" selected>' in ann.page
    await ann.send("/account/reachable", {"reachable": "sharing"})
    assert "That is saved." in ann.page
    assert '<option value="sharing" selected>' in ann.page
    await ann.send("/account/reachable", {"reachable": "friends"})
    assert ann.code == 400


async def test_a_block_is_lifted(town: Town) -> None:
    me, other = await town.services.sign_up("ann"), await town.services.sign_up("bo", "Bo")
    await town.services.database.write(lambda tx: blocks.add(tx, me.id, other.id))
    ann = await log_in(town.visitor(), "ann")
    await ann.open("/account")
    assert "<bdi>Bo</bdi>" in ann.page
    await ann.send(f"/account/blocks/{other.id}/lift", {})
    assert "They can write to you again." in ann.page
    assert "<bdi>Bo</bdi>" not in ann.page
