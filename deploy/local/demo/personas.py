"""Who is in the evidence: invented people, what they lacked, and how they will answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import cycle
from typing import Any

DOMAIN = "people.example"


class Attitude(StrEnum):
    """How somebody answers when asked whether their name may stay in the hat."""

    EAGER = "says yes to everything"
    WHEN_READY = "wants to hear when qualified"
    SILENT = "does not answer"
    DECLINES = "says no, thank you"


@dataclass(frozen=True)
class Person:
    number: int
    given: str
    family: str
    zone: str | None
    country: str | None
    attitude: Attitude = Attitude.SILENT
    phone: str | None = None
    by_sms: bool = False
    months: int = 24
    """For how long they say yes to staying in touch."""

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def email(self) -> str:
        return f"{self.given}.{self.family}@{DOMAIN}".lower()

    @property
    def applicant_id(self) -> str:
        return f"applicant-{self.number}"


@dataclass(frozen=True)
class Opening:
    """A vacancy of the evidence, with the work and the words of those who apply for it."""

    vacancy_id: str
    title: str
    description: str
    skills: list[str]
    locality: str
    country: str
    recruiter: str
    field_of_work: str
    months_needed: int
    licence: str | None = None

    @property
    def recruiter_email(self) -> str:
        return f"{self.recruiter.replace(' ', '.')}@employer.example".lower()

    def as_vacancy(self) -> dict[str, Any]:
        requirements = [
            {
                "requirementId": "experience",
                "kind": "experience",
                "name": self.field_of_work,
                "minMonths": self.months_needed,
            }
        ]
        if self.licence:
            requirements.append(
                {"requirementId": "licence", "kind": "licence", "name": self.licence}
            )
        return {
            "vacancyId": self.vacancy_id,
            "title": self.title,
            "description": self.description,
            "skills": self.skills,
            "jobLocation": {"locality": self.locality, "country": self.country},
            "requirements": requirements,
            "recruiters": [{"name": self.recruiter, "email": self.recruiter_email}],
            "applyUrl": f"https://jobs.employer.example/{self.vacancy_id}",
        }


NURSE = Opening(
    vacancy_id="ward-nurse-2025",
    title="Ward Nurse",
    description="Care for patients on a surgical ward: medication, wounds, handover, families.",
    skills=["patient care", "medication", "wound care", "documentation"],
    locality="Vienna",
    country="AT",
    recruiter="Hanna Gruber",
    field_of_work="ward nursing",
    months_needed=24,
    licence="Nursing licence",
)
ENGINEER = Opening(
    vacancy_id="data-engineer-2025",
    title="Data Engineer",
    description="Build and run streaming pipelines in Python on Kafka and PostgreSQL.",
    skills=["Python", "Kafka", "PostgreSQL", "SQL"],
    locality="Berlin",
    country="DE",
    recruiter="Jonas Weber",
    field_of_work="data engineering",
    months_needed=36,
)
MANAGER = Opening(
    vacancy_id="site-manager-2025",
    title="Site Manager",
    description="Lead construction sites: schedules, subcontractors, safety, quality, costs.",
    skills=["construction", "scheduling", "safety", "cost control"],
    locality="Graz",
    country="AT",
    recruiter="Hanna Gruber",
    field_of_work="construction management",
    months_needed=36,
    licence="Site safety certificate",
)
OPENINGS = (NURSE, ENGINEER, MANAGER)

SENIOR_ENGINEER = Opening(
    vacancy_id="streaming-engineer-2026",
    title="Data Engineer, Streaming",
    description="Own our Kafka platform: streaming pipelines in Python, PostgreSQL, operations.",
    skills=["Python", "Kafka", "PostgreSQL", "SQL"],
    locality="Berlin",
    country="DE",
    recruiter="Jonas Weber",
    field_of_work="data engineering",
    months_needed=36,
)
CARDIOLOGY_NURSE = Opening(
    vacancy_id="cardiology-nurse-2026",
    title="Ward Nurse, Cardiology",
    description="Care for patients on a cardiology ward: monitoring, medication, handover.",
    skills=["patient care", "medication", "documentation", "monitoring"],
    locality="Vienna",
    country="AT",
    recruiter="Hanna Gruber",
    field_of_work="ward nursing",
    months_needed=24,
    licence="Nursing licence",
)
RECRUITERS = frozenset(
    opening.recruiter_email for opening in (*OPENINGS, SENIOR_ENGINEER, CARDIOLOGY_NURSE)
)

_NAMES = """Ada Moreno;Bela Novak;Carla Rossi;David Okafor;Elif Kaya;Femi Adeyemi;Greta Lindqvist
Hugo Martin;Ines Duarte;Jakub Kowal;Kaori Sato;Lena Fischer;Mateo Garcia;Nadia Haddad;Omar Aziz
Petra Horvat;Quentin Leroy;Rosa Lima;Sami Virtanen;Tomas Dvorak;Uma Patel;Viktor Hansen;Wanda Zajac
Xenia Popova;Yusuf Demir;Zoe Papadakis;Anton Keller;Bianca Moretti;Cem Yildiz;Dora Kiss
Emil Jensen;Fatima Khan;Georg Bauer;Helga Wolf;Ivan Petrov;Julia Braun;Karim Saleh;Laura Costa
Milan Jovic;Nora Berg"""
_PLACES: tuple[tuple[str | None, str | None], ...] = (
    ("Europe/Vienna", "AT"),
    ("Europe/Berlin", "DE"),
    ("Europe/Lisbon", "PT"),
    ("America/New_York", "US"),
    ("Asia/Kolkata", "IN"),
    (None, "ES"),
    (None, None),
)

_TOLD_ELSEWHERE = 9
"""The would-be site manager who lacked so many months has had a letter from elsewhere."""


@dataclass(frozen=True)
class Application:
    """One application of the story and how it was decided."""

    person: Person
    opening: Opening
    kind: str
    """runner_up, not_yet or no."""
    place: int | None = None
    months: int = 0
    """Of experience at the decision."""
    lacks_licence_until: timedelta | None = None
    told_elsewhere: bool = False
    """Whether the employer's own system has sent its answer."""

    @property
    def application_id(self) -> str:
        return f"{self.person.applicant_id}-{self.opening.vacancy_id}"


def applications() -> list[Application]:
    """Casts forty people: runners-up, some who will be ready one day, some in the wrong place."""
    people = _people()
    found: list[Application] = []
    for number, opening in enumerate(OPENINGS):
        for place in range(2, 5):
            months = opening.months_needed + 12 * place
            found.append(
                Application(next(people), opening, "runner_up", place=place, months=months)
            )
        for lacking in (6, 9, 12, 15, 18, 24):
            months = max(0, opening.months_needed - lacking)
            told = opening is MANAGER and lacking == _TOLD_ELSEWHERE
            found.append(
                Application(next(people), opening, "not_yet", months=months, told_elsewhere=told)
            )
        if opening.licence:
            half_a_year = timedelta(days=180)
            ready = opening.months_needed
            found.append(
                Application(
                    next(people),
                    opening,
                    "not_yet",
                    months=ready,
                    lacks_licence_until=half_a_year,
                )
            )
        found.extend(Application(next(people), opening, "no") for _ in range(4 if number else 3))
    return found


def _people() -> Iterator[Person]:
    tempers = cycle(
        (
            Attitude.EAGER,
            Attitude.EAGER,
            Attitude.WHEN_READY,
            Attitude.EAGER,
            Attitude.SILENT,
            Attitude.DECLINES,
        )
    )
    names = _NAMES.replace("\n", ";").split(";")
    for number, (name, (zone, country)) in enumerate(zip(names, cycle(_PLACES), strict=False)):
        given, family = name.split()
        by_sms = number % 9 == 1
        phone = f"+43660{1000000 + number * 1373}" if by_sms else None
        temper = next(tempers)
        months = 12 if temper is Attitude.EAGER else 24
        yield Person(number, given, family, zone, country, temper, phone, by_sms, months)


def rejection(application: Application, decided_at: datetime) -> dict[str, Any]:
    """Returns the rejection as the employer's system would post it."""
    person, opening = application.person, application.opening
    applicant: dict[str, Any] = {
        "applicantId": person.applicant_id,
        "name": {"givenName": person.given, "familyName": person.family},
        "emails": [person.email],
    }
    known = {"phone": person.phone, "timeZone": person.zone, "country": person.country}
    applicant |= {name: value for name, value in known.items() if value}
    return {
        "applicationId": application.application_id,
        "applicant": applicant,
        "vacancy": opening.as_vacancy(),
        "stage": {"runner_up": "final", "not_yet": "interviewed", "no": "applied"}[
            application.kind
        ],
        "finishingPlace": application.place,
        "reason": _reason(application),
        "shortfalls": _shortfalls(application, decided_at),
        "profile": _profile(application, decided_at),
        "decidedAt": decided_at.isoformat(),
        "alreadyTold": application.told_elsewhere,
    }


def _reason(application: Application) -> dict[str, Any]:
    if application.kind == "runner_up":
        return {
            "code": "other_candidate_stronger",
            "strengths": ["interview", "experience"],
            "note": "Strong; one was a little stronger.",
        }
    if application.kind == "no":
        return {"code": "not_qualified", "note": "No relevant background."}
    code = "licence_missing" if application.lacks_licence_until else "experience_too_short"
    return {"code": code, "note": "Good person, too early."}


def _shortfalls(application: Application, decided_at: datetime) -> list[dict[str, Any]]:
    if application.kind != "not_yet":
        return []
    if application.lacks_licence_until:
        return [
            {
                "requirementId": "licence",
                "kind": "licence",
                "name": application.opening.licence,
                "expectedAt": (decided_at + application.lacks_licence_until).date().isoformat(),
            }
        ]
    return [
        {
            "requirementId": "experience",
            "kind": "experience",
            "name": application.opening.field_of_work,
            "requiredMonths": application.opening.months_needed,
            "observedMonths": application.months,
            "observedAt": decided_at.date().isoformat(),
        }
    ]


def _profile(application: Application, decided_at: datetime) -> dict[str, Any]:
    if application.kind == "no":
        return {
            "summary": "Shop assistant who likes people.",
            "work": [{"position": "Shop Assistant", "startDate": "2023-01"}],
            "skills": [{"name": "cash desk"}],
        }
    opening = application.opening
    began = decided_at - timedelta(days=round(application.months * 30.44))
    certificates = []
    if opening.licence and not application.lacks_licence_until:
        certificates = [{"name": opening.licence}]
    return {
        "summary": f"{opening.title} with a head for detail.",
        "work": [
            {
                "position": opening.title,
                "startDate": began.date().isoformat()[:7],
                "summary": opening.description,
            }
        ],
        "skills": [{"name": skill} for skill in opening.skills],
        "certificates": certificates,
    }
