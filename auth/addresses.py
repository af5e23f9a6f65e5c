"""Whom a limit counts as one, by address: for throttling only, never kept and never shown."""

from __future__ import annotations

import ipaddress

IPV6_PREFIX = 64

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def network(address: str) -> str:
    """An IPv4 address, or the /64 of an IPv6 address, which one customer has; "" if neither."""
    parsed = _parse(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed or "")


def _parse(text: str) -> _Address | None:
    """Accepts a port, brackets and a zone, as proxies and sockets write them."""
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
