"""Invented people, vacancies and the events that tell of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from shared.contract.events.applications import Reason, ReasonCode, Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.cloudevents import Event
from shared.contract.events.contacts import CandidateQualified
from shared.contract.events.openings import OpeningChanged, OpeningState
from shared.contract.events.payload import Payload
from shared.contract.events.people import Channel, Consent, ConsentPurpose
from shared.contract.events.profile import Profile, Work
from shared.contract.events.profiles import ProfileChanged
from shared.contract.events.vacancies import Vacancy

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LAST_YEAR = datetime(2025, 3, 10, 9, tzinfo=UTC)

AGREED = Consent(
    purpose=ConsentPurpose.SIMILAR_OPENING,
    channel=Channel.EMAIL,
    since=LAST_YEAR,
    until=NOW + timedelta(days=365),
)

NURSE = Vacancy(
    vacancy_id="v-ward-nurse",
    title="Ward Nurse",
    description="You care for patients on our surgical ward, give medication and dress wounds.",
)

OCCUPATIONS = {
    "nurse": ("Staff Nurse", "Cared for patients on the ward, gave medication, dressed wounds."),
    "cook": ("Line Cook", "Prepared sauces and desserts, kept the kitchen clean, ordered food."),
    "welder": ("Welder", "Welded steel frames and pipes, read drawings, ground the seams."),
    "teacher": ("Primary School Teacher", "Taught reading and arithmetic, spoke with parents."),
    "accountant": ("Accountant", "Kept the ledgers, filed the tax returns, closed the months."),
}


def rejection(**fields: Any) -> Rejection:
    """Returns a runner-up's rejection for an unrelated vacancy, unless told otherwise."""
    usual: dict[str, Any] = {
        "application_id": str(uuid4()),
        "vacancy_id": "v-earlier",
        "vacancy_title": "Night Porter",
        "tier": Tier.RUNNER_UP,
        "stage": Stage.FINAL,
        "reason": Reason(code=ReasonCode.OTHER_CANDIDATE_STRONGER),
        "decided_at": LAST_YEAR,
    }
    return Rejection(**usual | fields)


def candidate(candidate_id: str = "c-1", **fields: Any) -> CandidateChanged:
    """Returns somebody who just missed out and agreed to hear of similar openings."""
    usual: dict[str, Any] = {
        "candidate_id": candidate_id,
        "version": 1,
        "channels": [Channel.EMAIL],
        "consents": [AGREED],
        "rejections": [rejection()],
    }
    return CandidateChanged(**usual | fields)


def profile(occupation: str = "nurse", **fields: Any) -> Profile:
    """Returns somebody's working life, four years long and still going on."""
    position, summary = OCCUPATIONS[occupation]
    work = [Work(position=position, start_date="2021-03", summary=summary)]
    return Profile(**{"work": work} | fields)


def told(data: Payload, at: datetime = NOW, **fields: Any) -> Event:
    """Returns the event that tells it."""
    return Event.about(data, source="intake", at=at, **fields)


def qualified(candidate_id: str) -> Event:
    """Returns the event that tells that somebody has by now what they lacked."""
    return told(
        CandidateQualified(
            candidate_id=candidate_id,
            application_id="a",
            vacancy_id="v-earlier",
            qualified_on=NOW,
        )
    )


def opened(
    vacancy: Vacancy = NURSE, state: OpeningState = OpeningState.OPENED, **fields: Any
) -> OpeningChanged:
    """Returns a state of a vacancy whose source may search everybody, unless told otherwise."""
    usual = {"version": 1, "state": state, "source": "ats", "searches_pool": True}
    return OpeningChanged.model_validate(vacancy.model_dump() | usual | fields)


def known(people: Sequence[tuple[CandidateChanged, Profile]]) -> tuple[list[Event], list[Event]]:
    """Returns the events of both streams about some people: the last that did gave the profile."""
    profiles = [
        ProfileChanged(
            candidate_id=state.candidate_id,
            version=1,
            profile=at,
            source=state.sources[-1] if state.sources else None,
        )
        for state, at in people
    ]
    return [told(state) for state, _ in people], [told(changed) for changed in profiles]


def crowd(size: int) -> list[tuple[CandidateChanged, Profile]]:
    """Returns people of all the invented occupations in turn, named after them."""
    occupations = list(OCCUPATIONS)
    return [
        (
            candidate(f"{occupations[number % len(occupations)]}-{number}"),
            profile(occupations[number % len(occupations)]),
        )
        for number in range(size)
    ]
