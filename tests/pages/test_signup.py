"""Signing up: openly, first of all, by an invitation."""

import re

import pytest

from core.records import Identity, Role
from live.bus import Bus
from rooms.changes import Changes
from rooms.invitations import Invitations
from tests.auth.house import PASSWORD
from tests.pages.conftest import Town
from tests.pages.test_login import log_in
from tests.web.visitor import Visitor

ANN = {"name": "ann", "password": PASSWORD}


async def test_a_name_and_a_password_are_enough(town: Town) -> None:
    ann = await town.visitor().open("/signup")
    await ann.send("", ANN)
    assert (ann.path, ann.page) == ("/", "ann")


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"name": "x"}, "name", "A name has 2 to 32"),
        ({"name": "admin"}, "name", "kept for the server"),
        ({"password": "short"}, "password", "at least 8 characters"),
        ({"password": "password1"}, "password", "Many people use this password"),
        ({"nickname": "x" * 41}, "nickname", "1 to 40 characters"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    town: Town, typed: dict[str, str], field: str, words: str
) -> None:
    ann = await town.visitor().open("/signup")
    await ann.send("", {**ANN, "nickname": "Ann", **typed})
    assert ann.code in (400, 409)
    error = re.search(rf'id="{field}-error">([^<]*)<', ann.page)
    assert error
    assert words in error[1]
    assert f'aria-describedby="{field}-error' in ann.page
    assert ann.form("")["password"] == ""
    assert ann.form("")["name"] == {**ANN, **typed}["name"]


async def test_a_name_that_looks_like_anothers_is_taken(town: Town) -> None:
    await town.services.sign_up("ann")
    other = await town.visitor().open("/signup")
    await other.send("", {**ANN, "name": "Ann"})
    assert other.code == 409
    assert "Someone has this name" in other.page


async def test_the_first_link_makes_an_admin_once(town: Town) -> None:
    secret = await town.services.links.new_first_admin()
    ann, bo = town.visitor(), town.visitor()
    await ann.open(f"/first/{secret}")
    await bo.open(f"/first/{secret}")
    await ann.send("", ANN)
    assert (await ann.open("/admin")).code == 200
    await bo.send("", {"name": "bo", "password": PASSWORD})
    assert bo.code == 404
    assert "This link does not work any more." in bo.page


async def admin(town: Town) -> Visitor:
    await town.services.sign_up("ann", role=Role.ADMIN)
    return await log_in(town.visitor(), "ann")


async def invitation(ann: Visitor) -> str:
    """An admin makes a link to the server."""
    await ann.open("/admin/invitations")
    await ann.send("/admin/invitations", {"uses": "1", "days": "7"})
    found = re.search(r"/invite/[\w-]+", ann.page)
    assert found, ann.page
    return found[0]


async def test_an_admin_invites_someone(town: Town) -> None:
    ann = await admin(town)
    bo = await town.visitor().open(await invitation(ann))
    assert "ann invites you to chat here" in bo.page
    await bo.send("", {"name": "bo", "password": PASSWORD, "nickname": "Bo"})
    assert (bo.path, bo.page) == ("/", "bo")
    assert (await bo.open("/admin")).code == 404


async def test_an_invitation_that_is_used_up_says_so(town: Town) -> None:
    ann = await admin(town)
    link = await invitation(ann)
    bo, cy = await town.visitor().open(link), await town.visitor().open(link)
    await bo.send("", {"name": "bo", "password": PASSWORD})
    await cy.send("", {"name": "cy", "password": PASSWORD})
    assert cy.code == 404
    assert "This invitation does not work any more." in cy.page


async def test_an_invitation_taken_back_works_no_more(town: Town) -> None:
    ann = await admin(town)
    link = await invitation(ann)
    await ann.open("/admin/invitations")
    revoke = next(form.action for form in ann.forms() if form.action.endswith("/revoke"))
    await ann.send(revoke, {})
    assert "There are none." in ann.page
    assert (await town.visitor().open(link)).code == 404


async def test_wrong_numbers_are_refused(town: Town) -> None:
    ann = await admin(town)
    for uses, days in [("0", "7"), ("1", "366"), ("x", "7"), ("", ""), ("-1", "7")]:
        await ann.open("/admin/invitations")
        await ann.send("/admin/invitations", {"uses": uses, "days": days})
        assert ann.code == 400
        assert "An invitation lasts 1 to 365 days" in ann.page


async def test_who_has_an_account_logs_in_and_comes_back(town: Town) -> None:
    ann = await admin(town)
    link = await invitation(ann)
    await town.services.sign_up("bo")
    bo = await town.visitor().open(link)
    back = re.search(r'href="(/login\?next=[^"]+)"', bo.page)
    assert back
    await bo.open(back[1])
    await bo.send("/login", {"name": "bo", "password": PASSWORD})
    assert bo.path == link
    assert "You are here already" in bo.page


async def test_only_admins_invite_to_the_server(town: Town) -> None:
    changes = Changes(town.services.database, Bus())
    cy = await town.services.sign_up("cy")
    entered = await town.services.log_in("cy")
    with pytest.raises(Exception, match="not_found"):
        await Invitations(town.services.database, changes).make(
            Identity(cy, entered.session), None, 1, 1
        )
