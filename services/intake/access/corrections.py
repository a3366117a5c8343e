"""What somebody puts right about themself.

A source restates an applicant with each of its events. What the person themself says is kept beside
that and wins, whatever comes later: nobody has to correct the same thing twice.
"""

from datetime import datetime

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


def read_correction(form: Form, country: str, now: datetime) -> PersonalData:
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
    return PersonalData(
        name=Claim(name, stamp) if name else None,
        phone=Claim(phone, stamp) if phone else None,
        time_zone=Claim(zone, stamp) if zone else None,
        also_known_as=dict.fromkeys(filter(None, (said["name"], said["phone"], phone)), now),
    )


def read_address(form: Form) -> str:
    """Reads a new e-mail address; raises InvalidAnswer for what is none."""
    written = one(form, "email")
    address = normal_email(written) if len(written) <= LONGEST else None
    if address is None:
        raise InvalidAnswer("address")
    return address


def verified(address: str, now: datetime) -> PersonalData:
    """Returns the correction that a new address makes, once it was shown to be theirs."""
    return PersonalData(emails=Claim((address,), Stamp(now, BY)), also_known_as={address: now})
