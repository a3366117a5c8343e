"""What somebody puts right about themself.

A source restates an applicant with each of its events. What the person themself says is kept beside
that and wins, whatever comes later: nobody has to correct the same thing twice.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, TypeVar

from services.intake.applicants.domain.identity import normal_email, normal_phone
from services.intake.applicants.domain.normalisation import plain_name
from services.intake.applicants.domain.register import Claim, PersonalData, Stamp
from services.intake.consent.forms import Fault, InvalidAnswer
from services.intake.web.fields import Form, one
from shared.contract.events.people import PersonName
from shared.contract.zones import known_zone

LONGEST = 200
"""Of a name, an address or a number, in characters."""

BY = "self"
"""The rank of what people say of themselves."""

Read = TypeVar("Read")


class Dialling(NamedTuple):
    """In which country numbers are read that name none, and to which text messages go."""

    country: str
    text_countries: Collection[str]


class Correction(NamedTuple):
    """What somebody put right."""

    personal_data: PersonalData
    phone: str | None
    """A new number, which counts only once it was shown to be theirs."""


def read_correction(form: Form, country: str, now: datetime) -> Correction:
    """Reads what was put right; what was left empty stays as it is.

    Raises InvalidAnswer where nothing was written, or something that is no name, number or zone.
    """
    name = _read(form, "name", "bad_name", lambda text: plain_name(PersonName(full_name=text)))
    phone = _read(form, "phone", "bad_phone", lambda text: normal_phone(text, country))
    zone = _read(form, "zone", "bad_zone", known_zone)
    if not (name or phone or zone):
        raise InvalidAnswer("correction")
    stamp = Stamp(now, BY)
    corrected = PersonalData(
        name=Claim(name, stamp) if name else None,
        time_zone=Claim(zone, stamp) if zone else None,
        also_known_as={_written(form, "name"): now} if name else {},
    )
    return Correction(corrected, phone)


def _read(form: Form, field: str, fault: Fault, reads: Callable[[str], Read | None]) -> Read | None:
    """Returns what stands in a field, None where nothing does; the fault names what cannot be."""
    written = _written(form, field)
    read = reads(written) if 0 < len(written) <= LONGEST else None
    if written and not read:
        raise InvalidAnswer(fault)
    return read


def _written(form: Form, field: str) -> str:
    return " ".join(one(form, field).split())


def told_apart(corrected: PersonName, known: Iterable[PersonName]) -> PersonName:
    """Returns a corrected name with its given name, if it goes on as a known one began or ended."""
    words = (corrected.full_name or "").split()
    for name in known:
        given, family = ((part or "").split() for part in (name.given_name, name.family_name))
        if given and words[: len(given)] == given:
            return _with_given(corrected, words, len(given))
        if given and family and words[-len(family) :] == family:
            return _with_given(corrected, words, len(words) - len(family))
    return corrected


def _with_given(name: PersonName, words: Sequence[str], given: int) -> PersonName:
    parts = {"given_name": " ".join(words[:given]), "family_name": " ".join(words[given:])}
    return name.model_copy(update={part: text for part, text in parts.items() if text})


def read_address(form: Form) -> str:
    """Reads a new e-mail address; raises InvalidAnswer for what is none."""
    written = one(form, "email")
    address = normal_email(written) if len(written) <= LONGEST else None
    if address is None:
        raise InvalidAnswer("address")
    return address


def verified(address: str, now: datetime) -> PersonalData:
    """Returns the correction that a new address or number makes once it was shown to be theirs."""
    stamp, known_as = Stamp(now, BY), {address: now}
    if is_number(address):
        return PersonalData(phone=Claim(address, stamp), also_known_as=known_as)
    return PersonalData(emails=Claim((address,), stamp), also_known_as=known_as)


def is_number(address: str) -> bool:
    """Tells a number in E.164 from an e-mail address in its normal form."""
    return "@" not in address
