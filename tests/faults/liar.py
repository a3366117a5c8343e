"""What a second source says that lies about the first one's people and vacancies.

It uses their ids, their addresses and even the ids of the events, and wants to rename, redirect,
merge and erase them, to close the vacancies, and to learn names by vacancies of its own. Of every
second one it speaks by the name that they have, so that both mean one person: it wants to silence
what the first source owes them.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from deploy.local.demo.personas import Opening
from shared.contract.events.applications import (
    ApplicantErased,
    ApplicantHired,
    ApplicantMerged,
    ApplicantRejected,
    ApplicantUnrejected,
    ApplicantUpdated,
    ApplicantWithdrawn,
)
from tests.faults.ask import LIAR, Ask

NAME = {"givenName": "Mallory", "familyName": "Stranger"}
ADDRESS = "mallory@agency.example"
TITLE = "Bait"
MINUTE = timedelta(minutes=1)
SPOILT = "spoilt"
"""Its vacancy that the matcher comes to keep in a way that nobody can read."""


def about_people(rejections: Sequence[Ask]) -> Iterator[Ask]:
    """Yields lies about people whom the first source turned down, by what it said of each."""
    for said, other in pairwise([*rejections, rejections[0]]):
        yield from _about(said, other)


def about_vacancies(openings: Sequence[Opening], began: datetime) -> Iterator[Ask]:
    """Yields vacancies of its own: some under the first source's ids, some to learn names by."""
    told = {"vacancy": ("opened", "updated"), "again": ("opened", "closed"), "bait": ("opened",)}
    for number, opening in enumerate(openings):
        for name, events in told.items():
            for minute, event in enumerate(events, start=number):
                yield _vacancy(opening, f"{name}-{number}", event, began + minute * MINUTE)
    yield _vacancy(openings[0], SPOILT, "opened", began)


def _about(said: Ask, other: Ask) -> Iterator[Ask]:
    person, applicant = said.person or 0, {"applicantId": said.key}
    decided = applicant | {
        "applicationId": said.application,
        "decidedAt": said.data["decidedAt"],
    }
    by_their_name = person % 2 == 0
    named = said.data["applicant"] | ({} if by_their_name else {"name": NAME})
    claimed = said.data | {"applicant": named, "alreadyTold": person % 4 == 0}
    yield _lie(said, ApplicantRejected.type, 0, claimed)
    corrected = claimed | {"reason": {"code": "other"}, "tier": "no", "profile": {}}
    yield _lie(said, ApplicantRejected.type, 2, corrected)
    undoing = (ApplicantUnrejected, ApplicantHired, ApplicantWithdrawn)[person % 3]
    yield _lie(said, undoing.type, 1, decided)
    if not by_their_name:
        redirected = applicant | {"name": NAME, "emails": [f"mallory.{person}@agency.example"]}
        yield _lie(said, ApplicantUpdated.type, 5, {"applicant": redirected})
        merged = applicant | {"intoApplicantId": other.key}
        yield _lie(said, ApplicantMerged.type, 7, merged)
    if person % 3 == 0:
        yield _lie(said, ApplicantErased.type, 9, applicant)


def _lie(said: Ask, type_: str, step: int, data: dict[str, Any]) -> Ask:
    """Says it at the time at which the truth was said, or soon afterwards."""
    time = said.time + (step * MINUTE if step > 2 else timedelta())
    event_id = f"{said.person}-{step}"
    return dataclasses.replace(
        said, source=LIAR, type=type_, event_id=event_id, time=time, data=data
    )


def _vacancy(opening: Opening, vacancy_id: str, event: str, time: datetime) -> Ask:
    recruiters = [
        {"name": "Mallory Stranger", "email": address}
        for address in (ADDRESS, opening.recruiter_email)
    ]
    said = {"vacancyId": vacancy_id, "title": TITLE, "recruiters": recruiters}
    return Ask(
        event_id=f"{vacancy_id}-{event}",
        type=f"dev.notyet.vacancy.{event}.v1",
        key=vacancy_id,
        door="kafka",
        time=time,
        data=opening.as_vacancy() | said,
        source=LIAR,
    )
