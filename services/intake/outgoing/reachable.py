"""Which addresses may be called: none of a private network, unless operators say so.

Names are looked up here, and what was looked up is what is called: a name that means another
address a moment later leads nowhere else.
"""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

from services.intake.sources.domain import is_loopback

Address = IPv4Address | IPv6Address

_UNICAST = ip_network("2000::/3")
"""What IPv6 gives to anybody (RFC 4291); what begins otherwise leads to IPv4, or nowhere public."""
_INSIDE = [ip_network(each) for each in ("192.0.0.0/24", "168.63.129.16/32", "2002::/16")]
"""Public by name alone: protocols' and clouds' own (RFC 6890), and IPv4 in disguise (RFC 3056)."""


class Forbidden(httpcore.ConnectError):
    """None of a host's addresses may be called."""


class Reachable(httpcore.AsyncNetworkBackend):
    """Connects to those hosts alone that may be called."""

    def __init__(self, networks: Iterable[str], *, this_machine: bool = True) -> None:
        self._networks = [ip_network(each, strict=False) for each in networks]
        self._this_machine = this_machine
        self._backend = httpcore.AnyIOBackend()

    def allows(self, host: str, address: str) -> bool:
        """Tells whether a host may be called at an address: this machine only where it is named."""
        found = _plain(ip_address(address))
        if found.is_loopback and is_loopback(host):
            return self._this_machine
        is_named = any(found in network for network in self._networks)
        return is_named or _is_public(found)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connects to the first address that may be called; raises Forbidden where none may."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(
                host, port, type=socket.SOCK_STREAM
            )
        except OSError:
            raise httpcore.ConnectError("its name is not known") from None
        addresses = [str(each[4][0]) for each in found]
        allowed = [address for address in addresses if self.allows(host, address)]
        if not allowed:
            raise Forbidden(
                "its address is private: NOTYET_WEBHOOK_NETWORKS names those that may be called"
            )
        return await self._backend.connect_tcp(
            allowed[0], port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Refuses: nobody is called over one."""
        raise Forbidden("no address of a network")

    async def sleep(self, seconds: float) -> None:
        """Waits between two attempts to connect."""
        await asyncio.sleep(seconds)


def _is_public(address: Address) -> bool:
    is_routed = address.is_global and not address.is_multicast
    is_unicast = address.version == 4 or address in _UNICAST
    return is_routed and is_unicast and not any(address in network for network in _INSIDE)


def _plain(address: Address) -> Address:
    """Returns the IPv4 address that an IPv6 one stands for, where it does."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
