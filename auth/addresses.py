"""Whom a limit counts as one, by address: for throttling only, never kept and never shown."""

from __future__ import annotations

import ipaddress

from core.address import parse_address

IPV6_PREFIX = 64


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address, which one customer has; "" if neither."""
    parsed = parse_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed or "")
