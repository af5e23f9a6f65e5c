"""Which Host, Origin, address and way back are believed."""

import pytest
from tornado.httputil import HTTPHeaders, HTTPServerRequest, RequestStartLine

from core.errors import ChatError
from tests.web.house import House
from web.address import Proxies
from web.next import safe_next
from web.origins import Origins


@pytest.mark.parametrize("host", [None, "", "evil.example", "localhost", "localhost:1", "[::1]"])
def test_a_foreign_host_is_refused(host: str | None) -> None:
    with pytest.raises(ChatError, match="wrong_host"):
        Origins("http://localhost:8000").check_host(host)


@pytest.mark.parametrize("host", ["chat.example", "CHAT.example", "chat.example:443"])
def test_our_own_host_is_known_with_and_without_its_port(host: str) -> None:
    Origins("https://chat.example").check_host(host)


@pytest.mark.parametrize(
    "wanted",
    ["/", "/r/abc", "/invite/x?y=1", "/account#nickname"],
)
def test_a_way_back_on_this_server_is_taken(wanted: str) -> None:
    assert safe_next(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "account",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "/房间",
        "/x\r\nSet-Cookie: a=b",
    ],
)
def test_a_way_elsewhere_is_not(wanted: str) -> None:
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ([], "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (["10.0.0.0/8"], "9.9.9.9", "1.2.3.4", "9.9.9.9"),
        (["10.0.0.0/8"], "10.0.0.1", "junk", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["::1"], "::1", "[2001:db8::1]:443", "2001:db8::1"),
        (["127.0.0.1"], "::ffff:127.0.0.1", "1.2.3.4:5555", "1.2.3.4"),
        (["10.0.0.0/8"], "", "1.2.3.4", ""),
    ],
)
def test_only_trusted_proxies_say_for_whom_they_ask(
    trusted: list[str], peer: str, forwarded: str, expected: str
) -> None:
    headers = HTTPHeaders({"Host": "localhost", "X-Forwarded-For": forwarded})
    start = RequestStartLine("GET", "/", "HTTP/1.1")
    request = HTTPServerRequest(start_line=start, headers=headers)
    request.remote_ip = peer
    assert Proxies(trusted).client(request) == expected


async def test_without_proxies_nobody_can_claim_an_address(house: House) -> None:
    response = await house.ask("/address", X_Forwarded_For="1.2.3.4", X_Real_Ip="1.2.3.4")
    assert response.body == b"127.0.0.1"
