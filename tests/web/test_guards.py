"""Who is let in where: guard × who asks × method."""

import pytest

from tests.web.house import ANN, BO, BY_COOKIE, House

# What each guard answers to: nobody, the member Bo, the admin Ann, a program with a token.
TABLE = {
    "/public": ("nobody", "bo", "ann", "nobody"),
    "/anonymous": ("nobody", "→/", "→/", "nobody"),
    "/session": ("→/login", "bo", "ann", "→/login"),
    "/admin": (404, 404, "ann", 404),
    "/api": (401, "bo", "ann", "bot"),
    "/program": ("nobody", "nobody", "nobody", "nobody"),
    "/socket": (401, "bo", "ann", "bot"),
}
CASES = [
    (path, who, expected)
    for path, row in TABLE.items()
    for who, expected in zip(("", "bo", "ann", "bot"), row, strict=True)
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(("path", "who", "expected"), CASES)
async def test_a_guard_lets_in_whom_it_names(
    house: House, path: str, who: str, expected: str | int, method: str
) -> None:
    token = await _token(house, who)
    response = await house.ask(path, method, who, Origin=house.origin, **token)
    if isinstance(expected, int):
        assert response.code == expected
    elif expected.startswith("→"):
        assert response.code == 303
        assert response.headers["Location"].partition("?")[0] == expected.removeprefix("→")
    else:
        assert response.code == 200
        assert response.body.decode() == ("" if method == "HEAD" else expected)


async def _token(house: House, who: str) -> dict[str, str]:
    """Headers that prove that the write comes from our own page."""
    if who in BY_COOKIE:
        return {"X_CSRF_Token": house.token_of(BY_COOKIE[who])}
    page = await house.ask("/hidden")
    cookie = page.headers["Set-Cookie"].partition(";")[0]
    token = page.body.decode().partition('name="csrf" content="')[2].partition('"')[0]
    return {"Cookie": cookie, "X_CSRF_Token": token}


async def test_who_must_log_in_first_comes_back_afterwards(house: House) -> None:
    response = await house.ask("/session?tab=1")
    assert response.headers["Location"] == "/login?next=%2Fsession%3Ftab%3D1"


async def test_a_page_of_another_site_cannot_open_a_socket_in_bos_name(house: House) -> None:
    assert (await house.ask("/socket", who="bo", Origin=house.origin)).code == 200
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        response = await house.ask("/socket", who="bo", **origin)
        assert response.code == 403, origin
        forged = await house.ask("/socket", who="bo", Sec_Fetch_Site="same-origin", **origin)
        assert forged.code == 403, origin


async def test_a_program_needs_no_origin_but_may_not_bring_a_wrong_one(house: House) -> None:
    assert (await house.ask("/socket", who="bot")).code == 200
    assert (await house.ask("/socket", who="bot", Origin="https://evil.example")).code == 403
    assert (await house.ask("/socket", who="bot", Sec_Fetch_Site="cross-site")).code == 403


async def test_an_admins_page_is_like_no_page_for_others(house: House) -> None:
    absent = await house.ask("/there-never-was-one", who="bo")
    refused = await house.ask("/admin", who="bo")
    assert (absent.code, refused.code) == (404, 404)
    assert ANN.account.role != BO.account.role
