"""Workable's API, in which nothing but its jobs is read.

Source: Workable's "API documentation", SPI v3 (2026). Each account has an address of its own.
"""

from collections.abc import Mapping
from typing import Final

from services.intake.webhooks.adapter import Delivery


class WorkableApi:
    """Workable's API."""

    url: Final = ""
    per_second: Final = 0.9
    """Of the ten in ten seconds that Workable allows."""

    def headers(self, token: str) -> Mapping[str, str]:
        """Returns the token as its bearer's."""
        return {"authorization": f"Bearer {token}"}

    def paths(self, delivery: Delivery) -> tuple[str, ...]:
        """Returns none: what Workable calls with says it all."""
        return ()
