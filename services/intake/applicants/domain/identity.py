"""By what an applicant is recognised, and by what two may be one person.

Within a source its own applicant id decides. Across ids the first address with the name tells that
two are one; any other address in common, or a telephone, only suggests it. What recognises somebody
is kept as a keyed hash, which also outlives an erasure without telling who was erased.
"""

import hashlib
import re
from collections.abc import Sequence

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from shared.contract.events.blank_text import hides_something

SHORTEST_KEY = 32
"""In bytes: a hash that can be guessed would tell who was erased."""

_POSSIBLE = phonenumbers.ValidationResult.IS_POSSIBLE
_LOCALE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_PLAIN_EMAIL = re.compile(
    r"(?=.{6,254}$)[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)
"""The everyday address, already in its normal form; whatever else there is goes to the library."""


class IdentityHash:
    """Hashes what a person is recognised by, with each key there has been, the current one first.

    Whoever was recorded, or erased, under a former key is recognised by its hash.
    """

    def __init__(self, key: str, former_keys: Sequence[str] = ()) -> None:
        keys = [each.encode() for each in (key, *former_keys)]
        if min(map(len, keys)) < SHORTEST_KEY:
            raise ValueError(f"an identity key must have at least {SHORTEST_KEY} random bytes")
        self._keys = [hashlib.sha256(each).digest() for each in keys]

    def applicant(self, source: str, applicant_id: str) -> tuple[bytes, ...]:
        """Hashes a person's id in one source; ids of different sources never meet."""
        return self._hashes("applicant", source, applicant_id)

    def email(self, address: str) -> tuple[bytes, ...]:
        """Hashes an address in its normal form."""
        return self._hashes("email", address)

    def phone(self, number: str) -> tuple[bytes, ...]:
        """Hashes a telephone number in E.164."""
        return self._hashes("phone", number)

    def named(self, address: str, name_key: str) -> tuple[bytes, ...]:
        """Hashes an address together with the name of whoever has it."""
        return self._hashes("named", address, name_key)

    def name_part(self, address: str, part: str) -> tuple[bytes, ...]:
        """Hashes a part of the name of whoever has an address."""
        return self._hashes("name part", address, part)

    def _hashes(self, *parts: str) -> tuple[bytes, ...]:
        text = "".join(f"{len(part)}:{part}" for part in parts).encode()
        return tuple(hashlib.blake2b(text, key=key, digest_size=16).digest() for key in self._keys)


def normal_email(text: str) -> str | None:
    """Returns the one spelling of an address, or None if it is none.

    Whether mail arrives there is for the mail server to say, not for us to guess.
    """
    lowered = text.strip().lower()
    if _PLAIN_EMAIL.fullmatch(lowered) and "--" not in lowered:
        return lowered
    try:
        found = validate_email(lowered, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return None if hides_something(found.normalized) else found.normalized.lower()


def normal_phone(text: str, country: str) -> str | None:
    """Returns a number as E.164, read as dialled in that country; None if it cannot be one."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != _POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normal_locale(text: str) -> str | None:
    """Returns a language tag as BCP 47 writes it, or None."""
    return text.replace("_", "-") if _LOCALE.fullmatch(text) else None
