"""Which numbers text messages may go to: what is dialled costs whatever its owner asks for."""

from collections.abc import Collection

import phonenumbers

_KIND = phonenumbers.PhoneNumberType
_ORDINARY = frozenset({_KIND.MOBILE, _KIND.FIXED_LINE_OR_MOBILE, _KIND.VOIP})
"""Neither premium nor shared cost, nor a line that reads nothing out; a number that no plan has is
none of these."""
_NO_COUNTRY = (None, phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY)


def may_be_texted(number: str, countries: Collection[str]) -> bool:
    """Tells whether a number (E.164) is an ordinary one of these countries (ISO 3166-1 alpha-2)."""
    return _country_of(number) in countries


def takes_texts(number: str) -> bool:
    """Tells whether a number (E.164) is one that text messages go to, in whichever country."""
    return _country_of(number) is not None


def _country_of(number: str) -> str | None:
    """Returns in which country an ordinary number is; None for any other number.

    Satellite and other international networks belong to no country.
    """
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    region: str | None = phonenumbers.region_code_for_number(parsed)
    ordinary = phonenumbers.number_type(parsed) in _ORDINARY and region not in _NO_COUNTRY
    return region if ordinary else None
