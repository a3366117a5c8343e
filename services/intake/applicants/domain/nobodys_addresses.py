"""Which addresses stand for none: what is sent there reaches nobody, or a stranger who reads it.

Forms demand an address, so somebody who has none is given one. Whether a name that may be a domain
is one, only its server knows; what is here could never be, or says of itself that it is none.
"""

import re

from email_validator import SPECIAL_USE_DOMAIN_NAMES

from services.intake.applicants.domain.identity import normal_email
from shared.contract.events.empty_words import (
    DENIED,
    GIVEN,
    MAIL,
    NAME_HEADINGS,
    NOT,
    NOTHING,
    TRIED,
    is_a_denial,
    words_of,
)

_TRIED_OUT = "test"
"""Reaches nobody either, and is there to try things out with (RFC 2606)."""
_NEVER_MAIL = {*SPECIAL_USE_DOMAIN_NAMES, "internal", "alt", "localdomain"} - {_TRIED_OUT}
_NO_COUNTRY = re.compile(r"aa|q[m-z]|x[a-z]|zz")
"""ISO 3166 gives these to nobody."""
_NO_REPLY = re.compile(
    r"(?:^|[@._+-])(?:(?:do|ne|bitte)[._-]?)?"
    r"(?:not?|non|pas|nicht|keine?|niet|geen|n[aã]o|dont|never)[._-]?"
    r"(?:repl(?:y|ies)|respon(?:se|d\w*)|r[ée]pond\w*|rispond\w*|(?:be)?antwo\w*)(?![a-z])"
    r"|^mailer-daemon@"
)
_MAY_BE_A_NAME = {"na", "nan", "nil"}
_NONE = NOTHING | NOT
_ANY = DENIED | {
    *("domain", "example", "beispiel", "provider"),
    *("company", "firma", "unternehmen", "entreprise", "empresa"),
}
"""What stands in an example for anybody's domain."""
_FOR_A_NAME = MAIL | NAME_HEADINGS | {"your"}
_MADE_UP = TRIED | _FOR_A_NAME | {"nobody", "noone", "fake", "anon", "abc", "xyz", "asdf"}
_OF_PROGRAMS = {"undefined"}


def own_email(text: str) -> str | None:
    """Returns the one spelling of an address; None if it is none, or can be no person's own."""
    email = normal_email(text)
    return None if email is None or stands_for_nobody(email) else email


def stands_for_nobody(address: str) -> bool:
    """Tells whether an address, in its normal form, can be no person's own."""
    local, _, domain = address.rpartition("@")
    *labels, top = domain.split(".")
    if not labels or top in _NEVER_MAIL or _NO_COUNTRY.fullmatch(top):
        return True
    main = max(labels, key=len)  # which of them somebody registered only a long list would tell
    return _NO_REPLY.search(address) is not None or _is_of_empty_words(local, main)


def _is_of_empty_words(local: str, main: str) -> bool:
    user, at = _words(local), _words(main)
    is_one_letter = len(local) > 2 and len({*local, *main}) == 1
    if is_one_letter or is_a_denial(user, MAIL | GIVEN) or is_a_denial(at, MAIL):
        return True
    if user and (user <= _OF_PROGRAMS or (user == at and user <= _MADE_UP)):
        return True
    if not (user and at and at <= _NONE | _ANY):
        return False
    if user <= _MAY_BE_A_NAME or not at.isdisjoint(NOTHING):
        return at <= _NONE and user <= _NONE | _ANY
    return user <= _NONE or user <= _FOR_A_NAME


def _words(text: str) -> frozenset[str]:
    return frozenset(words_of(text.replace("e-mail", "email")))
