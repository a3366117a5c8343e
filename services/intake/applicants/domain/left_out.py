"""What of an applicant's data nobody could use, and how the record says what was left out."""

from collections.abc import Iterator, Sequence
from typing import Any

from services.intake.applicants.domain.identity import normal_email, normal_locale, normal_phone
from services.intake.applicants.domain.nobodys_addresses import own_email
from services.intake.vacancies.domain import SourcePolicy
from shared.contract.events.cloudevents import Event
from shared.contract.events.details import Fault
from shared.contract.events.people import Applicant
from shared.contract.events.vacancies import Vacancy
from shared.contract.text_numbers import takes_texts
from shared.contract.zones import known_zone

_EMAIL = "write an email address, such as name@example.com"
_NOBODYS = "write the person's own address, or leave it out; this one stands for none"
_DOMAIN = "write a work address at {}; the operators can allow another domain"
_PHONE = "write a telephone number with its country, such as +49 1512 3456789"
_NO_TEXTS = "no text message goes to such a number: add an email address, or a mobile number"
_LOCALE = "write a language tag, such as de-AT"
_ZONE = "write the IANA name of a time zone, such as Europe/Vienna"


def unusable(applicant: Applicant, country: str) -> Iterator[Fault]:
    """Yields the addresses, and names of places and languages, that nobody can do anything with.

    A telephone number without a country is dialled in the given one.
    """
    for number, email in enumerate(applicant.emails):
        if own_email(email) is None:
            problem = _NOBODYS if normal_email(email) else _EMAIL
            yield Fault(f"applicant.emails.{number}", problem)
    phone = _phone(applicant, country)
    if applicant.phone and not phone:
        yield Fault("applicant.phone", _PHONE)
    elif phone and not takes_texts(phone) and not any(map(own_email, applicant.emails)):
        yield Fault("applicant.phone", _NO_TEXTS)
    if applicant.locale and not normal_locale(applicant.locale):
        yield Fault("applicant.locale", _LOCALE)
    if applicant.time_zone and not known_zone(applicant.time_zone):
        yield Fault("applicant.timeZone", _ZONE)


def is_reachable(applicant: Applicant, country: str) -> bool:
    """Tells whether there is an address or a number to reach somebody by."""
    phone = _phone(applicant, country)
    return any(map(own_email, applicant.emails)) or (phone is not None and takes_texts(phone))


def _phone(applicant: Applicant, country: str) -> str | None:
    return normal_phone(applicant.phone or "", applicant.country or country)


def unusable_recruiters(vacancy: Vacancy, policy: SourcePolicy) -> Iterator[Fault]:
    """Yields the addresses of recruiters that no mail could be sent to, or may not be."""
    for number, recruiter in enumerate(vacancy.recruiters):
        field, email = f"recruiters.{number}.email", normal_email(recruiter.email)
        if email is None:
            yield Fault(field, _EMAIL)
        elif not policy.may_be_told(email):
            yield Fault(field, _DOMAIN.format(", ".join(sorted(policy.recruiter_domains))))


def noted(event: Event) -> dict[str, Sequence[Any]]:
    """Returns what the timeline says was left out of an event, never what stood there."""
    facts = [{"field": fault.field, "why": fault.problem} for fault in event.left_out]
    return {"leftOut": facts} if facts else {}
