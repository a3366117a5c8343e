"""Which numbers text messages may go to: what is dialled costs whatever its owner asks for."""

from collections.abc import Collection

import phonenumbers

from services.notifier.channels import Carrier, Commit, Parcel
from services.notifier.domain import Refusal, SendResult, SendStatus

_KIND = phonenumbers.PhoneNumberType
_ORDINARY = frozenset({_KIND.MOBILE, _KIND.FIXED_LINE_OR_MOBILE, _KIND.FIXED_LINE, _KIND.VOIP})
"""Neither premium nor shared cost; a number that no plan has is none of these."""


def is_allowed(number: str, countries: Collection[str]) -> bool:
    """Tells whether a number (E.164) is an ordinary one of these countries (ISO 3166-1 alpha-2).

    Satellite and other international networks belong to no country.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.region_code_for_number(parsed) in countries
        and phonenumbers.number_type(parsed) in _ORDINARY
    )


class AllowedNumbers:
    """Keeps a carrier of text messages from numbers that they may not go to."""

    def __init__(self, carrier: Carrier, countries: Collection[str]) -> None:
        self._carrier = carrier
        self._countries = frozenset(countries)

    async def deliver(self, parcel: Parcel, commit: Commit) -> SendResult | Refusal:
        """Tries once, if the number is allowed."""
        if not is_allowed(parcel.address, self._countries):
            return SendResult(SendStatus.FAILED, "number_not_allowed")
        return await self._carrier.deliver(parcel, commit)

    async def close(self) -> None:
        """Closes all connections."""
        await self._carrier.close()
