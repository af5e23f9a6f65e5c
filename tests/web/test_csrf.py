"""A write needs the token of its own session, in the body or a header."""

from urllib.parse import urlencode

import pytest

from tests.web.house import ANN, BO, House
from web.csrf import Csrf

FORM = "application/x-www-form-urlencoded"


async def post(house: House, token: str | None, path: str = "/session") -> int:
    body = urlencode({"_csrf": token} if token is not None else {})
    response = await house.ask(path, "POST", "bo", body, Content_Type=FORM)
    return response.code


@pytest.mark.parametrize("path", ["/session", "/public", "/api", "/socket"])
async def test_the_sessions_own_token_is_needed(house: House, path: str) -> None:
    headers = {"Origin": house.origin, "X_CSRF_Token": house.token_of(BO)}
    assert (await house.ask(path, "POST", "bo", "", **headers)).code == 200
    del headers["X_CSRF_Token"]
    assert (await house.ask(path, "POST", "bo", "", **headers)).code == 403


async def test_a_form_brings_it_in_a_field(house: House) -> None:
    assert await post(house, house.token_of(BO)) == 200


@pytest.mark.parametrize("token", [None, "", "wrong", "ключ"])
async def test_a_wrong_one_is_refused(house: House, token: str | None) -> None:
    assert await post(house, token) == 403


async def test_another_sessions_is_refused(house: House) -> None:
    assert await post(house, house.token_of(ANN)) == 403


async def test_a_visitors_is_refused_once_logged_in(house: House) -> None:
    assert await post(house, house.site.csrf.token("visitor:abc")) == 403


async def test_in_the_address_it_does_not_count(house: House) -> None:
    assert await post(house, None, f"/session?_csrf={house.token_of(BO)}") == 403


async def test_a_program_needs_none(house: House) -> None:
    assert (await house.ask("/api", "POST", "bot", "{}")).code == 200


async def test_a_visitor_cannot_bring_a_cookie_that_we_did_not_sign(house: House) -> None:
    token = house.site.csrf.token("visitor:mine")
    headers = {"Cookie": "visitor=mine", "X_CSRF_Token": token}
    assert (await house.ask("/public", "POST", body="", **headers)).code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
async def test_a_right_token_from_a_wrong_origin_is_refused(house: House, origin: str) -> None:
    headers = {"Origin": origin, "X_CSRF_Token": house.token_of(BO)}
    assert (await house.ask("/session", "POST", "bo", "", **headers)).code == 403
    headers["Sec_Fetch_Site"] = "same-origin"
    assert (await house.ask("/session", "POST", "bo", "", **headers)).code == 403


async def test_a_right_token_from_another_site_is_refused(house: House) -> None:
    headers = {"Sec_Fetch_Site": "cross-site", "X_CSRF_Token": house.token_of(BO)}
    assert (await house.ask("/session", "POST", "bo", "", **headers)).code == 403


def test_tokens_of_two_keys_and_two_sessions_differ() -> None:
    tokens = {Csrf(key).token(session) for key in (b"a", b"b") for session in ("s", "t")}
    assert len(tokens) == 4
