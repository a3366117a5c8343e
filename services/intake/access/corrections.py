"""What somebody puts right about themself.

A source restates an applicant with each of its events. What the person themself says is kept beside
that and wins, whatever comes later: nobody has to correct the same thing twice.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from services.intake.applicants.domain.identity import normal_email, normal_phone
from services.intake.applicants.domain.normalisation import plain_name
from services.intake.applicants.domain.register import Claim, PersonalData, Stamp
from services.intake.consent.forms import InvalidAnswer
from services.intake.web.fields import Form, one
from shared.contract.events.people import PersonName
from shared.contract.zones import known_zone

LONGEST = 200
"""Of a name, an address or a number, in characters."""

BY = "self"
"""The rank of what people say of themselves."""


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
    said = {field: " ".join(one(form, field).split()) for field in ("name", "phone", "zone")}
    if any(len(text) > LONGEST for text in said.values()):
        raise InvalidAnswer("too_long")
    name = plain_name(PersonName(full_name=said["name"])) if said["name"] else None
    phone = normal_phone(said["phone"], country) if said["phone"] else None
    zone = known_zone(said["zone"]) if said["zone"] else None
    read = {"name": name, "phone": phone, "zone": zone}
    if not any(said.values()) or any(said[field] and not read[field] for field in said):
        raise InvalidAnswer("correction")
    stamp = Stamp(now, BY)
    corrected = PersonalData(
        name=Claim(name, stamp) if name else None,
        time_zone=Claim(zone, stamp) if zone else None,
        also_known_as={said["name"]: now} if name else {},
    )
    return Correction(corrected, phone)


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
