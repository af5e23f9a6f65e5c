"""Every answer bears the same strict headers."""

import re

import pytest

from core import config as configuration
from tests.web.handlers import ROUTES
from tests.web.house import House, headers_of, open_house, text
from web.headers import security_headers

ANSWERS = [
    ("/public", {}, 200),
    ("/session", {}, 303),
    ("/hidden", {}, 404),
    ("/nowhere", {}, 404),
    ("/broken", {}, 500),
    ("/api", {}, 401),
    ("/static/css/base.css", {}, 200),
    ("/static/nowhere.css", {}, 404),
    ("/public", {"Host": "evil.example"}, 421),
    ("/public", {"Origin": "https://evil.example"}, 403),
]


@pytest.mark.parametrize(("path", "headers", "code"), ANSWERS)
async def test_every_answer_has_them(
    house: House, path: str, headers: dict[str, str], code: int
) -> None:
    response = await house.ask(path, **headers)
    assert response.code == code
    wanted = security_headers(secure=False)
    got = headers_of(response)
    for name in wanted.keys() - {"Content-Security-Policy", "Cache-Control"}:
        assert got[name] == wanted[name]
    for part in wanted["Content-Security-Policy"].split("; "):
        assert part in got["Content-Security-Policy"]
    assert "Server" not in got
    assert got["Cache-Control"] == ("no-cache" if "base.css" in path else "no-store")


async def test_a_method_that_is_none_has_them_too(house: House) -> None:
    response = await house.ask("/hidden", "DELETE", X_CSRF_Token="x")
    assert response.code in (403, 405)
    assert "Content-Security-Policy" in response.headers


async def test_the_nonce_is_new_each_time_and_on_the_import_map(house: House) -> None:
    nonces = set()
    for _ in range(2):
        response = await house.ask("/hidden")
        found = re.search(r"'nonce-([\w-]+)'", response.headers["Content-Security-Policy"])
        assert found
        assert f'<script type="importmap" nonce="{found[1]}">' in text(response)
        nonces.add(found[1])
    assert len(nonces) == 2


async def test_no_page_has_another_inline_script_or_style(house: House) -> None:
    page = text(await house.ask("/hidden"))
    assert len(re.findall(r"<script(?![^>]*\bsrc=)", page)) == 1
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_only_https_asks_for_https() -> None:
    assert "Strict-Transport-Security" not in security_headers(secure=False)
    assert "Strict-Transport-Security" in security_headers(secure=True)


async def test_behind_https_cookies_are_bound_to_the_host() -> None:
    async with open_house(ROUTES, {"CHATELAINE_PUBLIC_URL": "https://chat.example"}) as house:
        response = await house.ask("/hidden", Host="chat.example")
        cookie = response.headers["Set-Cookie"]
    assert cookie.startswith("__Host-visitor=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie


def test_the_policy_allows_our_own_files_and_nothing_else() -> None:
    policy = security_headers(secure=True, nonce="abc")["Content-Security-Policy"]
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == {
        "default-src": "'none'",
        "script-src": "'self' 'nonce-abc'",
        "style-src": "'self'",
        "img-src": "'self'",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "'none'",
    }


def test_the_headers_are_these() -> None:
    headers = dict(security_headers(secure=True))
    del headers["Content-Security-Policy"], headers["Permissions-Policy"]
    assert headers == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Strict-Transport-Security": "max-age=31536000",
    }


def test_a_policy_names_no_other_host() -> None:
    policy = security_headers(secure=True)["Content-Security-Policy"]
    assert not re.search(r"https?:|\*|unsafe|data:", policy)
    assert configuration.PREFIX not in policy
