"""The address a request comes from: for throttling only, never kept and never shown."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from tornado.httputil import HTTPServerRequest

from core.address import Address, parse_address


class Proxies:
    """The proxies that are believed when they say for whom they ask."""

    def __init__(self, trusted: Iterable[str]) -> None:
        self._trusted = [ipaddress.ip_network(text, strict=False) for text in trusted]

    def client(self, request: HTTPServerRequest) -> str:
        """The right-most address of X-Forwarded-For that no trusted proxy can have been deceived
        about; without trusted proxies, the peer's."""
        nearest = parse_address(request.remote_ip or "")
        if nearest is None:
            return ""
        for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
            before = parse_address(hop)
            if before is None or not self._trusts(nearest):
                break
            nearest = before
        return str(nearest)

    def _trusts(self, address: Address) -> bool:
        return any(address in known for known in self._trusted)
