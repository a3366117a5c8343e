"""What is said of an address that a service was to listen at and cannot have."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal


class CannotListen(Exception):
    """Says in one line which address cannot be had, why not, and what to do."""


@contextmanager
def listening(door: Literal["HTTP", "PROBE", "LMTP"], host: str, port: int) -> Iterator[None]:
    """Raises CannotListen where what is done within cannot have the address of a door."""
    try:
        yield
    except socket.gaierror as error:
        raise CannotListen(_told(door, host, port, error.strerror or "unknown")) from None
    except OSError as error:
        # Libraries put words of their own around what the system says.
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise CannotListen(_told(door, host, port, reason)) from None


def _told(door: str, host: str, port: int, reason: str) -> str:
    return (
        f"Cannot listen on port {port} of {host} ({reason}): set another NOTYET_{door}_PORT or"
        f" NOTYET_{door}_HOST, which no other setting names and nothing else listens at"
    )
