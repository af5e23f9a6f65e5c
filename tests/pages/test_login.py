"""Logging in and out on the web form."""

from tests.auth.house import PASSWORD
from tests.pages.conftest import Town
from tests.web.visitor import Visitor


async def log_in(visitor: Visitor, name: str, password: str = PASSWORD) -> Visitor:
    await visitor.open("/login")
    return await visitor.send("/login", {"name": name, "password": password})


async def test_ann_logs_in_and_out(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    assert (ann.path, ann.page) == ("/", "ann")
    await ann.open("/account")
    await ann.send("/logout", {})
    assert ann.path == "/login"
    assert (await ann.open("/account")).path == "/login"


async def test_a_wrong_password_keeps_the_name_and_not_the_password(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann", "wrong password")
    assert ann.code == 403
    assert "The name or the password is not right." in ann.page
    assert ann.form("/login")["name"] == "ann"
    assert "wrong password" not in ann.page


async def test_an_unknown_name_is_told_the_same(town: Town) -> None:
    await town.services.sign_up("ann")
    known = await log_in(town.visitor(), "ann", "wrong password")
    unknown = await log_in(town.visitor(), "nobody", "wrong password")
    assert known.code == unknown.code == 403
    assert "The name or the password is not right." in unknown.page


async def test_one_comes_back_to_where_one_was_going(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await town.visitor().open("/account?done=nickname")
    assert ann.path == "/login"
    await ann.send("/login", {"name": "ann", "password": PASSWORD})
    assert ann.path == "/account"


async def test_but_not_to_another_site(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await town.visitor().open("/login?next=https://evil.example/")
    assert ann.form("/login")["next"] == "/"
    await ann.send("/login", {"name": "ann", "password": PASSWORD, "next": "//evil.example"})
    assert ann.path == "/"


async def test_who_is_logged_in_is_led_past_the_form(town: Town) -> None:
    await town.services.sign_up("ann")
    ann = await log_in(town.visitor(), "ann")
    assert (await ann.open("/login")).path == "/"


async def test_a_cookie_in_tornados_old_format_is_nobodys(town: Town) -> None:
    visitor = town.visitor()
    visitor.cookies = {"session": "a|1|b", "visitor": "a|1|b"}
    assert (await visitor.open("/login")).code == 200


async def test_the_log_in_form_of_one_browser_does_not_work_in_another(town: Town) -> None:
    await town.services.sign_up("ann")
    ann, cy = await town.visitor().open("/login"), await town.visitor().open("/login")
    token = cy.form("/login")["_csrf"]
    await ann.send("/login", {"name": "ann", "password": PASSWORD, "_csrf": token})
    assert ann.code == 403
    assert "session" not in ann.cookies
