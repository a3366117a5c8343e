"""Whose connection an address stands for, where addresses are counted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

IPV6_PREFIX = 64
"""What one subscriber is given, and can write any address in."""


@lru_cache(maxsize=1000)
def subscriber_of(address: str) -> str:
    """Returns an IPv4 address as it is, and the network of one subscriber for an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    return str(found.ipv4_mapped or ip_network((found, IPV6_PREFIX), strict=False))
