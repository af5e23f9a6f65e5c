"""What people and programs are told when something fails."""

import json

import pytest
from tornado.httpclient import HTTPResponse

from core.errors import ERRORS, ChatError
from core.i18n import Catalogs
from tests.web.house import ROOT, House, text, without_secrets
from web.errors import as_chat_error, problem


async def test_hidden_and_absent_are_told_alike(house: House) -> None:
    hidden, absent = await house.ask("/hidden"), await house.ask("/no-such")
    assert hidden.code == absent.code == 404
    pages = [_page(hidden, "/hidden"), _page(absent, "/no-such")]
    assert pages[0] == pages[1]
    assert hidden.headers.keys() == absent.headers.keys()


def _page(response: HTTPResponse, path: str) -> str:
    return without_secrets(text(response)).replace(path, "")


async def test_an_error_nobody_foresaw_tells_nothing(house: House) -> None:
    response = await house.ask("/broken")
    assert response.code == 500
    assert "12345" not in text(response)
    assert "Traceback" not in text(response)
    assert "Something went wrong here" in text(response)


async def test_a_program_is_told_in_json(house: House) -> None:
    response = await house.ask("/hidden", Accept="application/json")
    assert response.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json.loads(response.body) == {
        "error": {
            "code": "not_found",
            "message": "There is nothing here that you can see.",
            "retryable": False,
        }
    }


async def test_a_reader_is_told_in_their_language(house: House) -> None:
    response = await house.ask("/hidden", Accept_Language="zh-TW,zh;q=0.9,en;q=0.8")
    assert '<html lang="zh-CN"' in text(response)
    assert "There is nothing" not in text(response)


async def test_another_hosts_visitors_are_told_the_right_address(house: House) -> None:
    response = await house.ask("/public", Host="other.example")
    assert response.code == 421
    assert house.origin in text(response)


async def test_a_method_that_is_not_there_is_named_with_those_that_are(house: House) -> None:
    page = await house.ask("/hidden")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = text(page).partition('name="csrf" content="')[2].partition('"')[0]
    response = await house.ask("/hidden", "PUT", body="", Cookie=cookie, X_CSRF_Token=token)
    assert response.code == 405
    assert response.headers["Allow"] == "GET, HEAD"


async def test_a_body_too_large_is_refused_with_a_page(house: House) -> None:
    limit = house.site.config.limits.body_bytes
    response = await house.ask("/public", "POST", body="x" * (limit + 1))
    assert response.code == 413


@pytest.mark.parametrize("path", ["/%ff", "/public?x=%ff", "/public/../hidden", "//public"])
async def test_odd_addresses_are_no_server_errors(house: House, path: str) -> None:
    assert (await house.ask(path)).code < 500


@pytest.mark.parametrize("kind", ERRORS.values(), ids=lambda kind: kind.code)
def test_every_error_can_be_said_in_every_language(kind: object) -> None:
    params = {"url": "", "nickname": "", "limit": 1, "count": 1, "most": 1}
    error = ChatError(kind.code, retry_after=3, **params)  # type: ignore[attr-defined]
    for translator in Catalogs.load(ROOT / "locale").translators.values():
        told = problem(error, translator)
        assert told.message
        assert "%(" not in told.message


def test_only_chat_errors_keep_their_words() -> None:
    assert as_chat_error(RuntimeError("secret")).code == "internal"
    assert as_chat_error(None).code == "internal"
