"""The admins' pages of people and of who waits to be let in, without JavaScript."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from core.config import load
from core.records import Account, Role, State
from storage import accounts
from tests.auth.house import FIREFOX, HOME, PASSWORD
from tests.auth.house import House as Services
from tests.pages.conftest import SETTINGS, Town, open_town
from tests.pages.test_login import log_in
from tests.web.house import ROOT
from tests.web.visitor import Visitor


async def admin(town: Town) -> Visitor:
    await town.services.sign_up("ann", "Ann", role=Role.ADMIN)
    return await log_in(town.visitor(), "ann")


async def found(town: Town, name: str) -> Account | None:
    return await town.services.database.read(lambda tx: accounts.by_name(tx, name))


class TestAPerson:
    @pytest.fixture
    async def bo(self, town: Town) -> Account:
        return await town.services.sign_up("bo", "Bo")

    async def test_is_found_and_looked_at(self, town: Town, bo: Account) -> None:
        ann = await admin(town)
        await ann.open("/admin?query=bo")
        assert ">Bo<" in ann.page
        assert ">Ann<" not in ann.page
        await ann.open(f"/admin/people/{bo.id}")
        assert "Member" in ann.page
        assert "In use" in ann.page
        assert "In 0 rooms" in ann.page

    async def test_is_suspended_and_restored(self, town: Town, bo: Account) -> None:
        ann, bos = await admin(town), await log_in(town.visitor(), "bo")
        at = f"/admin/people/{bo.id}"
        await ann.open(at)
        await ann.send(f"{at}/suspend", {"why": "a <b>bold</b> reason"})
        assert "Suspended by Ann on" in ann.page
        assert "a &lt;b&gt;bold&lt;/b&gt; reason" in ann.page
        assert (await bos.open("/account")).path == "/login"
        assert (await log_in(town.visitor(), "bo")).code == 403
        assert ">suspended<" in (await ann.open("/admin")).page
        await ann.open(at)
        assert not [form for form in ann.forms() if form.action.endswith("/reset-link")]
        await ann.send(f"{at}/restore", {})
        assert "In use" in ann.page
        assert (await log_in(town.visitor(), "bo")).page == "bo"

    async def test_is_deleted_after_a_question(self, town: Town, bo: Account) -> None:
        ann = await admin(town)
        await ann.open(f"/admin/people/{bo.id}/delete")
        assert "This cannot be undone." in ann.page
        assert "They leave 0 rooms" in ann.page
        assert (await found(town, "bo")) is not None, "nothing has happened yet"
        await ann.send("", {"why": ""})
        assert "The account of Bo is deleted." in ann.page
        assert (await found(town, "bo")) is None
        assert ">Bo<" not in (await ann.open("/admin")).page
        assert (await ann.open(f"/admin/people/{bo.id}")).code == 404
        assert (await ann.open(f"/admin/people/{bo.id}/delete")).code == 404

    async def test_becomes_an_admin_and_then_a_guest_with_an_end(
        self, town: Town, bo: Account
    ) -> None:
        ann, at = await admin(town), f"/admin/people/{bo.id}"
        await ann.open(at)
        await ann.send(f"{at}/role", {"role": "admin", "why": "helps"})
        assert "The role is changed." in ann.page
        bos = await log_in(town.visitor(), "bo")
        assert (await bos.open("/admin")).code == 200
        assert not [form for form in ann.forms() if form.action.endswith("/end")]
        await ann.send(f"{at}/role", {"role": "guest"})
        assert (await bos.open("/admin")).code == 404
        await ann.send(f"{at}/end", {"days": "7"})
        assert "The end is set." in ann.page
        await ann.open(at)
        await ann.send(f"{at}/end", {"days": "366"})
        assert ann.code == 400
        assert "A guest’s account lasts 1 to 365 days." in ann.page
        await ann.send(f"{at}/end", {"days": ""})
        assert "Not by itself" in ann.page

    async def test_a_role_that_is_none_is_refused(self, town: Town, bo: Account) -> None:
        ann = await admin(town)
        await ann.open(f"/admin/people/{bo.id}")
        await ann.send(f"/admin/people/{bo.id}/role", {"role": "emperor"})
        assert ann.code == 400

    async def test_log_ins_are_ended(self, town: Town, bo: Account) -> None:
        bos = [await log_in(town.visitor(), "bo") for _ in range(3)]
        ann, at = await admin(town), f"/admin/people/{bo.id}"
        await ann.open(at)
        ends = [form.action for form in ann.forms() if form.action.endswith("/end")]
        assert len(ends) == 3
        await ann.send(ends[0], {})
        assert "That log-in has ended." in ann.page
        await ann.send(f"{at}/sessions/end-all", {})
        assert "Nowhere." in ann.page
        for window in bos:
            assert (await window.open("/account")).path == "/login"

    async def test_ones_own_page_offers_only_what_one_may(self, town: Town) -> None:
        ann = await admin(town)
        me = await found(town, "ann")
        assert me
        at = f"/admin/people/{me.id}"
        await ann.open(at)
        assert "This is your own account." in ann.page
        offered = {form.action for form in ann.forms()}
        assert not offered & {f"{at}/{form}" for form in ("suspend", "role", "end", "restore")}
        assert f'href="{at}/delete"' not in ann.page
        await ann.open(f"{at}/delete")
        await ann.send("", {})
        assert ann.code == 409
        assert "This server keeps at least one admin." in ann.page


class TestWhereAnAdminDecides:
    @pytest_asyncio.fixture
    async def town(self, services: Services) -> AsyncIterator[Town]:
        config = load(ROOT / "config.yaml", {**SETTINGS, "CHATELAINE_SIGNUP": "approval"})
        async with open_town(services, config) as town:
            yield town

    async def sign_up(self, town: Town, name: str) -> Visitor:
        dee = await town.visitor().open("/signup")
        assert "An admin looks at each sign-up" in dee.page
        return await dee.send("", {"name": name, "password": PASSWORD})

    async def test_who_signs_up_waits(self, town: Town) -> None:
        dee = await self.sign_up(town, "dee")
        assert dee.path == "/signup/waiting"
        assert "An admin will let you in" in dee.page
        assert "session" not in dee.cookies
        right = await log_in(town.visitor(), "dee")
        assert (right.code, right.path) == (403, "/login")
        assert "An admin has not let you in yet." in right.page
        wrong = await log_in(town.visitor(), "dee", "not the password")
        nobody = await log_in(town.visitor(), "nobody", "not the password")
        for other in (wrong, nobody):
            assert other.code == 403
            assert "The name or the password is not right." in other.page

    async def test_and_is_let_in(self, town: Town) -> None:
        ann = await admin(town)
        await self.sign_up(town, "dee")
        await self.sign_up(town, "eve")
        badge = '<span class="tag" title="Waiting">{}</span>'
        for page in (
            "",
            "/approvals",
            "/groups",
            "/rooms",
            "/new-rooms",
            "/invitations",
            "/access",
        ):
            assert badge.format(2) in (await ann.open(f"/admin{page}")).page
        dee, eve = await found(town, "dee"), await found(town, "eve")
        assert dee
        assert eve
        await ann.open("/admin/approvals")
        await ann.send(f"/admin/approvals/{dee.id}", {"answer": "approve", "role": "guest"})
        assert "They are in" in ann.page
        assert badge.format(1) in ann.page
        assert (await log_in(town.visitor(), "dee")).page == "dee"
        now = await found(town, "dee")
        assert now
        assert (now.role, now.state) == (Role.GUEST, State.ACTIVE)
        await ann.send(f"/admin/approvals/{eve.id}", {"answer": "approve", "role": "admin"})
        now = await found(town, "eve")
        assert now
        assert now.role is Role.MEMBER, "nobody becomes an admin on that page"
        assert badge.format(1) not in ann.page

    async def test_or_not(self, town: Town) -> None:
        ann = await admin(town)
        await self.sign_up(town, "dee")
        dee = await found(town, "dee")
        assert dee
        await ann.open("/admin/approvals")
        await ann.send(f"/admin/approvals/{dee.id}", {"answer": "decline"})
        assert "Nobody is waiting." in ann.page
        assert (await log_in(town.visitor(), "dee")).code == 403
        again = await self.sign_up(town, "dee")
        assert again.path == "/signup/waiting"

    async def test_two_admins_answer_at_once(self, town: Town) -> None:
        ann = await admin(town)
        await self.sign_up(town, "dee")
        dee = await found(town, "dee")
        assert dee
        await ann.open("/admin/approvals")
        ann_too = await log_in(town.visitor(), "ann")
        await ann_too.open("/admin/approvals")
        await ann_too.send(f"/admin/approvals/{dee.id}", {"answer": "approve"})
        await ann.send(f"/admin/approvals/{dee.id}", {"answer": "decline"})
        assert ann.code == 404
        assert "Someone has answered this already." in ann.page
        assert (await log_in(town.visitor(), "dee")).page == "dee"

    async def test_a_program_is_told_too(self, town: Town) -> None:
        await self.sign_up(town, "dee")
        with pytest.raises(Exception, match="account_pending"):
            await town.services.logins.log_in("dee", PASSWORD, HOME, FIREFOX, "program")

    async def test_links_let_in_at_once(self, town: Town) -> None:
        ann = await admin(town)
        await ann.open("/admin/invitations")
        await ann.send("/admin/invitations", {"uses": "1", "days": "7"})
        link = ann.page.partition(f'value="{town.server.origin}')[2].partition('"')[0]
        dee = await town.visitor().open(link)
        await dee.send("", {"name": "dee", "password": PASSWORD})
        assert (dee.path, dee.page) == ("/", "dee")
