"""Ports on the loopback interface."""

import secrets
import socket
from collections.abc import Collection

HOST = "127.0.0.1"

_LOWEST, _HIGHEST = 15_000, 32_000
"""Below the range that systems take the near ends of connections from: a server that is restarted
would find its port taken by one of those."""


def free_ports(count: int, besides: Collection[int] = ()) -> list[int]:
    """Returns that many different ports that nobody listens on, none of `besides` among them."""
    found: set[int] = set()
    while len(found) < count:
        port = _LOWEST + secrets.randbelow(_HIGHEST - _LOWEST)
        if port not in besides and is_free(port):
            found.add(port)
    return list(found)


def free_port() -> int:
    """Returns a port that nobody listens on."""
    return free_ports(1)[0]


def is_free(port: int) -> bool:
    """Returns whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def answers(port: int) -> bool:
    """Returns whether somebody listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
