"""The address a request comes from: for throttling only, never kept and never shown."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from tornado.httputil import HTTPServerRequest

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Proxies:
    """The proxies that are believed when they say for whom they ask."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted = [ipaddress.ip_network(text, strict=False) for text in trusted]

    def client(self, request: HTTPServerRequest) -> str:
        """The right-most address of X-Forwarded-For that no trusted proxy can have been deceived
        about; without trusted proxies, the peer's."""
        nearest = _parse(request.remote_ip or "")
        if nearest is None:
            return ""
        for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            before = _parse(hop)
            if before is None or not self._trusts(nearest):
                break
            nearest = before
        return str(nearest)

    def _trusts(self, address: _Address) -> bool:
        return any(address in known for known in self._trusted)


def _parse(text: str) -> _Address | None:
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
