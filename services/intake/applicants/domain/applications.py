"""One application: what was decided last, and the facts of its rejection."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.intake.applicants.domain.register import Claim, later
from services.intake.applicants.domain.tiers import tier_of
from shared.contract.events.applications import ApplicantRejected
from shared.contract.events.candidates import Rejection
from shared.contract.events.payload import stable_id
from shared.contract.events.profile import Profile


class ApplicationKey(NamedTuple):
    """By what an application is known: not every source keeps its ids unique among people."""

    applicant_key: str
    source: str
    source_id: str


class Status(StrEnum):
    REJECTED = "rejected"
    UNREJECTED = "unrejected"
    HIRED = "hired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class HiringDecision:
    status: Status
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """What is known of one application."""

    decision: Claim[HiringDecision]
    declined: Claim[ApplicantRejected] | None = None
    """The facts of its rejection; only while that is the last decision do they stand."""
    taken_back: Claim[HiringDecision] | None = None
    """What was decided last of all that is no rejection, whatever was decided since."""

    def joined(self, other: "Application") -> "Application":
        decision = later(self.decision, other.decision) or self.decision
        declined = later(self.declined, other.declined)
        return Application(decision, declined, later(self.taken_back, other.taken_back))


def published_ids(
    keys: Iterable[ApplicationKey],
    candidate_ids: Mapping[str, str],
    taken: Mapping[tuple[str, str], str],
) -> dict[ApplicationKey, str]:
    """Names applications as they are published.

    The source's own id is kept, unless the same person has another application of that id. `taken`
    tells of which applicant each id is, by person and id.
    """
    owners = dict(taken)
    ids = {}
    for key in keys:
        at = (candidate_ids[key.applicant_key], key.source_id)
        is_free = owners.setdefault(at, key.applicant_key) == key.applicant_key
        ids[key] = key.source_id if is_free else stable_id(key.applicant_key, key.source_id)
    return ids


def rejection_of(data: ApplicantRejected, application_id: str, note: str | None) -> Rejection:
    """Returns a rejection as it stands in a candidate's state, with its note without the person."""
    return Rejection(
        application_id=application_id,
        vacancy_id=data.vacancy.vacancy_id,
        vacancy_title=data.vacancy.title,
        tier=tier_of(data),
        stage=data.stage,
        finishing_place=data.finishing_place,
        reason=data.reason.model_copy(update={"note": note}),
        shortfalls=data.shortfalls,
        still_working=still_working(data.profile, data.decided_at),
        decided_at=data.decided_at,
        already_told=data.already_told,
        already_asked=data.already_asked,
    )


def still_working(profile: Profile, decided_at: datetime) -> bool:
    """Tells whether the last job was open-ended at the decision; of no jobs nothing is known.

    The last job is the one begun last; of several begun together one that goes on counts.
    """
    if not profile.work:
        return True
    begun_last = max(job.start_date or "" for job in profile.work)
    decided_on = decided_at.date().isoformat()
    return any(
        job.end_date is None or job.end_date > decided_on[: len(job.end_date)]
        for job in profile.work
        if (job.start_date or "") == begun_last and not job.end_is_unknown
    )
