"""The address a request comes from, for throttling only: it is neither shown nor logged."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from tornado.httputil import HTTPServerRequest


class Proxies:
    """The proxies that are believed when they say for whom they ask."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(network, strict=False) for network in networks]

    def client_address(self, request: HTTPServerRequest) -> str:
        """The last address in the chain of X-Forwarded-For that is not one of ours."""
        chain = [*_forwarded_for(request), request.remote_ip or ""]
        while len(chain) > 1 and self._trusts(chain[-1]):
            chain.pop()
        return chain[-1]

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._networks)


def _forwarded_for(request: HTTPServerRequest) -> list[str]:
    lines = request.headers.get_list("X-Forwarded-For")
    return [part.strip() for line in lines for part in line.split(",") if part.strip()]
