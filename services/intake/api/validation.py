"""What is refused at the public door, where the sender can mend it at once.

From a stream the same values are left out and the rest is kept: nobody is there to be told.
"""

from collections.abc import Iterator

from pydantic import BaseModel

from services.intake.applicants.domain.identity import (
    normal_email,
    normal_locale,
    normal_phone,
)
from shared.contract.events.applications import ApplicantRejected, ApplicantUpdated
from shared.contract.events.cloudevents import Fault
from shared.contract.events.people import Applicant
from shared.contract.events.vacancies import Vacancy
from shared.contract.zones import known_zone

_EMAIL = "write an e-mail address, such as name@example.com"
_PHONE = "write a telephone number with its country, such as +49 30 901820"
_LOCALE = "write a language tag, such as de-AT"
_ZONE = "write the IANA name of a time zone, such as Europe/Vienna"


def faults(data: BaseModel, country: str) -> list[Fault]:
    """Lists addresses and names of places and languages that nothing could be done with."""
    match data:
        case ApplicantRejected():
            return [
                *_of_applicant("applicant", data.applicant, country),
                *_of_vacancy("vacancy.", data.vacancy),
            ]
        case ApplicantUpdated():
            return list(_of_applicant("applicant", data.applicant, country))
        case Vacancy():
            return list(_of_vacancy("", data))
    return []


def _of_applicant(path: str, applicant: Applicant, country: str) -> Iterator[Fault]:
    for number, email in enumerate(applicant.emails):
        if normal_email(email) is None:
            yield Fault(f"{path}.emails.{number}", _EMAIL)
    if applicant.phone and not normal_phone(applicant.phone, applicant.country or country):
        yield Fault(f"{path}.phone", _PHONE)
    if applicant.locale and not normal_locale(applicant.locale):
        yield Fault(f"{path}.locale", _LOCALE)
    if applicant.time_zone and not known_zone(applicant.time_zone):
        yield Fault(f"{path}.timeZone", _ZONE)


def _of_vacancy(path: str, vacancy: Vacancy) -> Iterator[Fault]:
    for number, recruiter in enumerate(vacancy.recruiters):
        if normal_email(recruiter.email) is None:
            yield Fault(f"{path}recruiters.{number}.email", _EMAIL)
