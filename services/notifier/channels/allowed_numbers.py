"""Keeps text messages from numbers that they may not go to."""

from collections.abc import Collection

from services.notifier.channels import Carrier, Commit, Parcel
from services.notifier.domain import Refusal, SendResult, SendStatus
from shared.contract.text_numbers import may_be_texted


class AllowedNumbers:
    """A carrier of text messages to ordinary numbers of some countries."""

    def __init__(self, carrier: Carrier, countries: Collection[str]) -> None:
        self._carrier = carrier
        self._countries = frozenset(countries)

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once, if the number is allowed."""
        if not may_be_texted(parcel.address, self._countries):
            return SendResult(SendStatus.FAILED, "number_not_allowed")
        return await self._carrier.deliver(parcel, commit)

    async def close(self) -> None:
        """Closes all connections."""
        await self._carrier.close()
