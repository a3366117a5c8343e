"""Which numbers text messages may go to: what is dialled costs whatever its owner asks for."""

from collections.abc import Collection

import phonenumbers

_KIND = phonenumbers.PhoneNumberType
_ORDINARY = frozenset({_KIND.MOBILE, _KIND.FIXED_LINE_OR_MOBILE, _KIND.FIXED_LINE, _KIND.VOIP})
"""Neither premium nor shared cost; a number that no plan has is none of these."""


def may_be_texted(number: str, countries: Collection[str]) -> bool:
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
