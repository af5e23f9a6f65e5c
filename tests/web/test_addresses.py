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


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:8000", "localhost:8000:80"),
        ("http://localhost", "localhost:80:80"),
        ("https://chat.example", "chat.example:443:443"),
        ("https://chat.example", "chat.example:80"),
        ("https://chat.example", "chat.example:"),
        ("http://[::1]:8000", "[::1]:8000:80"),
        ("http://[::1]:8000", "[::1]"),
        ("http://[::1]:8000", "[::1]:80"),
        ("http://[::1]", "[::1]:80:80"),
        ("http://[::1]", "::1"),
        ("http://[::1]", "::1:80"),
        ("http://[::1]", "[::1:80]"),
        ("http://[::80]", "[::]"),
    ],
)
def test_a_port_counts_once_and_outside_of_brackets(url: str, host: str) -> None:
    with pytest.raises(ChatError, match="wrong_host"):
        Origins(url).check_host(host)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://localhost:8000", "localhost:8000"),
        ("http://localhost", "localhost:80"),
        ("http://localhost:80", "localhost"),
        ("http://[::1]", "[::1]"),
        ("http://[::1]", "[::1]:80"),
        ("http://[::1]:80", "[::1]"),
        ("http://[::80]", "[::80]"),
        ("http://[2001:db8::a]:8000", "[2001:DB8::A]:8000"),
        ("https://[::1]", "[::1]:443"),
    ],
)
def test_our_own_host_as_a_browser_may_write_it(url: str, host: str) -> None:
    Origins(url).check_host(host)


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
