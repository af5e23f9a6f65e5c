"""The pages of groups, new rooms and rooms, without JavaScript."""

from __future__ import annotations

import pytest
import pytest_asyncio

from core.records import Role
from tests.pages.conftest import Town
from tests.pages.test_login import log_in
from tests.web.visitor import Visitor


@pytest_asyncio.fixture
async def ann(town: Town) -> Visitor:
    """An admin, logged in; Bo has an account."""
    await town.services.sign_up("ann", "Ann", role=Role.ADMIN)
    await town.services.sign_up("bo", "Bo")
    return await log_in(town.visitor(), "ann")


async def make_crew(ann: Visitor) -> str:
    """The address of a new group."""
    await ann.open("/admin/groups")
    await ann.send("/admin/groups", {"name": "Crew", "about": "They sail"})
    return ann.path


async def test_a_group_from_beginning_to_end(ann: Visitor) -> None:
    page = await make_crew(ann)
    assert "They sail" in ann.page
    await ann.send(f"{page}/members", {"nickname": "bo", "until": "2099-12-31"})
    assert ann.path == page
    assert "2100-01-01 00:00 UTC" in ann.page, "to the end of that day"
    assert "Added by Ann" in ann.page
    await ann.send(page, {"name": "Band", "about": ""})
    assert "People in “Band”" in ann.page
    (out,) = [form.action for form in ann.forms() if form.action.endswith("/take-out")]
    await ann.send(out, {})
    assert "Nobody yet." in ann.page
    await ann.open(f"{page}/delete")
    assert "Delete “Band”?" in ann.page
    await ann.send(f"{page}/delete", {})
    assert ann.path == "/admin/groups"
    assert "There are none yet." in ann.page
    assert (await ann.open(page)).code == 404


async def test_a_name_that_is_taken_is_kept_to_be_mended(ann: Visitor) -> None:
    await make_crew(ann)
    await ann.open("/admin/groups")
    await ann.send("/admin/groups", {"name": "CREW"})
    assert ann.code == 409
    assert 'id="name-error">There is a group with this name.' in ann.page
    assert ann.form("/admin/groups")["name"] == "CREW"


@pytest.mark.parametrize(
    ("nickname", "until", "says"),
    [
        ("nobody", "", 'id="nickname-error">Nobody here has that nickname.'),
        ("bo", "2001-01-01", 'id="until-error">That end is in the past.'),
        ("bo", "soon", 'id="until-error">That end is in the past.'),
        ("bo", "9999-12-31", 'id="until-error">That end is in the past.'),
    ],
)
async def test_who_cannot_be_added(ann: Visitor, nickname: str, until: str, says: str) -> None:
    page = await make_crew(ann)
    await ann.send(f"{page}/members", {"nickname": nickname, "until": until})
    assert ann.code in (400, 404)
    assert says in ann.page
    assert ann.form(f"{page}/members")["nickname"] == nickname


async def test_what_new_rooms_give(ann: Visitor) -> None:
    group = (await make_crew(ann)).split("/")[-1]
    await ann.open("/admin/new-rooms")
    assert "Nothing: only what its maker chooses." in ann.page
    await ann.send("/admin/new-rooms", {"group": group, "level": "MODERATE"})
    assert f'<a href="/admin/groups/{group}">Crew</a>' in ann.page
    assert "can moderate" in ann.page
    await ann.send("/admin/new-rooms/take", {"group": group})
    assert "Nothing: only what its maker chooses." in ann.page
    await ann.send("/admin/new-rooms", {"group": group, "level": "OWN"})
    assert ann.code == 400


@pytest.mark.parametrize(
    "path", ["/admin/groups", "/admin/new-rooms", "/admin/rooms", "/admin/groups/abc"]
)
async def test_none_of_it_is_there_for_others(town: Town, ann: Visitor, path: str) -> None:
    bo = await log_in(town.visitor(), "bo")
    assert (await bo.open(path)).code == 404
    assert "There is nothing here that you can see." in bo.page
