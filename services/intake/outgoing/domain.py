"""Where systems hear what became of their applicants, and how long they are tried."""

from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from services.intake.sources.domain import is_loopback

TRIED_FOR: Final = timedelta(days=3)
"""So long what is not taken is tried, and so long an endpoint may take nothing at all."""
KEPT: Final = timedelta(days=30)
"""So long it can be told again."""

NO_URL: Final = (
    "Write an address such as https://hooks.example.com/notyet: https, unless on this machine, and"
    " without a user"
)
LONGEST_URL: Final = 1000


class State(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    """Tried for three days in vain, while others were taken; or nobody there is meant any more."""


class Unheard(Exception):
    """It was not taken; the text says why, and nothing of anybody."""

    def __init__(self, problem: str, rest: float | None = None) -> None:
        super().__init__(problem)
        self.rest = rest
        """For how many seconds the other side wants to be left alone."""


class Gone(Unheard):
    """The other side says that the endpoint is no more."""


class Hopeless(Exception):
    """It will never be taken, whatever else is."""


class Kept(Exception):
    """Nothing was tried: the source's API is to be left alone, or takes no token."""


def is_endpoint(url: str) -> bool:
    """Tells whether calls may go there: by TLS, or without leaving this machine."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    if len(url) > LONGEST_URL or not (url.isascii() and url.isprintable()) or " " in url:
        return False
    if not parts.hostname or parts.fragment or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
