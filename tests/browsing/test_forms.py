"""All that pages do, they do without JavaScript, in both languages."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from core.errors import ERRORS
from tests.browsing.conftest import Enter
from tests.browsing.window import Window
from tests.house import House
from tests.people import PASSWORD, Person, Program

LOCALES = pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
NEW = "another long password"


@LOCALES
async def test_signing_up_and_being_invited(house: House, enter: Enter, locale: str) -> None:
    ann = await house.person("ann", nickname="Ann", admin=True)
    room = await ann.make_room("Kitchen")
    window = await enter(path="/signup", locale=locale, java_script_enabled=False)
    window.watch.forgive(r"status of 4\d\d|preloaded using link preload but not used")
    await window.sign_up("ann")
    await refused(window, "Login name", "name_taken")
    await window.sign_up("bo", nickname="АNN")
    await refused(window, "Nickname", "nickname_taken")
    await expect(window.field("Login name")).to_have_value("bo")
    await window.sign_up("bo", nickname="Bo", password="password1234")
    await refused(window, "Password", "password_common")
    await window.sign_up("bo", nickname="Bo")
    await window.arrives("/")
    hint = window.say("The chat needs JavaScript. Your account works without it:")
    assert hint in await window.page.locator("noscript").inner_text()
    await window.go((await ann.link(room)).removeprefix(house.origin))
    await window.button("Join the room").click()
    await window.arrives(f"/r/{room}")
    assert (await ann.people(room))["Bo"]["member"]
    await window.page.locator("noscript").get_by_role("link").click()
    await window.button("Log out").click()
    await window.arrives("/login")
    await window.log_in("bo", "wrong password")
    alert = window.page.get_by_role("alert")
    await expect(alert).to_have_text(window.say(ERRORS["login_failed"].text))
    await window.log_in("bo")
    await window.arrives("/")


@LOCALES
async def test_looking_after_an_account(house: House, enter: Enter, locale: str) -> None:
    await house.person("ann", nickname="Ann", admin=True)
    bo = await house.person("bo")
    elsewhere = await house.window(bo)
    window = await enter(bo, "/account", locale=locale, java_script_enabled=False)
    window.watch.forgive(r"status of 4\d\d")
    await window.field("Nickname").fill("Ann")
    await window.button("Save").first.click()
    await refused(window, "Nickname", "nickname_taken")
    await window.field("Nickname").fill("博")
    await window.button("Save").first.click()
    await told(window, "You have a new nickname.")
    await end_other_session(window, elsewhere)
    await window.field("Current password").fill("wrong password")
    await window.field("New password").fill(NEW)
    await window.button("Change password").click()
    await refused(window, "Current password", "password_wrong")
    await window.field("Current password").fill(PASSWORD)
    await window.field("New password").fill(NEW)
    await window.button("Change password").click()
    await told(window, "You have a new password. Everywhere else you are logged out.")
    await house.window(bo, password=NEW)
    other = {"en-US": "zh-CN", "zh-CN": "en"}[locale]
    await (
        window.page.locator("footer")
        .get_by_role("button")
        .and_(window.page.locator(f"[lang={other}]"))
        .click()
    )
    await expect(window.page.locator("html")).to_have_attribute("lang", other)
    window.language = other
    await expect(window.heading("Your account")).to_be_visible()


async def end_other_session(window: Window, elsewhere: Person) -> None:
    sessions = window.page.get_by_role("region", name=window.say("Where you are logged in"))
    await expect(sessions.get_by_role("listitem")).to_have_count(2)
    await (
        sessions.get_by_role("listitem")
        .filter(has_not_text=window.say("this one"))
        .get_by_role("button")
        .click()
    )
    await told(window, "That log-in has ended.")
    assert (await elsewhere.page("/account")).location.startswith("/login")


async def told(window: Window, text: str) -> None:
    await expect(window.page.get_by_role("status")).to_have_text(window.say(text))


@LOCALES
async def test_a_token_for_a_bot(house: House, enter: Enter, locale: str) -> None:
    """Made, shown once, used, and revoked."""
    bo = await house.person("bo")
    window = await enter(bo, "/account", locale=locale, java_script_enabled=False)
    window.watch.forgive(r"status of 4\d\d")
    await window.field("What is it for?").fill("  ")
    await window.button("Make a token").click()
    await refused(window, "What is it for?", "token_bad")
    await window.field("What is it for?").fill("Build reports")
    await window.page.locator("#level").select_option("READ")
    await window.text("Allow only some actions").click()
    await window.field("read messages").check()
    await window.button("Make a token").click()
    secret = await window.field("Copy this token now. It is not shown again:").input_value()
    row = window.page.get_by_role("listitem").filter(has_text="Build reports")
    await expect(row).to_contain_text(window.say("read messages"))
    await expect(row).to_contain_text(window.say("Not used yet"))
    bot = Program(house, bo.address)
    await bot.log_in(secret)
    await window.go("/account")
    assert secret not in await window.page.content()
    await window.page.locator("#tokens").get_by_role("button", name="Build reports").click()
    await told(window, "That token works no more.")
    assert (await bot.ask("GET", "/api/v1/me")).status == 401


async def refused(window: Window, label: str, code: str) -> None:
    """The field says so itself, and the focus is there."""
    field = window.page.get_by_role("main").get_by_label(window.say(label))
    field = field.and_(window.page.locator("input"))
    text = window.say(ERRORS[code].text)
    await expect(field).to_have_attribute("aria-invalid", "true")
    description = await field.get_attribute("aria-describedby")
    assert description
    error, *_ = description.split()
    await expect(window.page.locator(f"#{error}")).to_have_text(text)
