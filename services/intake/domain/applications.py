"""One application: what was decided last, and the facts of its rejection."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.intake.domain.knowledge import Known, later
from services.intake.domain.tiers import tier_of
from shared.events.applications import ApplicantRejected, Reason
from shared.events.candidates import Rejection
from shared.events.profile import Profile


class Status(StrEnum):
    REJECTED = "rejected"
    UNREJECTED = "unrejected"
    HIRED = "hired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    status: Status
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Application:
    """Known by its source's id within one person, because not every source keeps ids unique."""

    source: str
    source_application_id: str
    decision: Known[Decision]
    declined: Known[ApplicantRejected] | None = None
    """The facts of its rejection; only while that is the last decision do they stand."""

    @property
    def key(self) -> tuple[str, str]:
        return self.source, self.source_application_id

    def joined(self, other: "Application") -> "Application":
        decision = later(self.decision, other.decision) or self.decision
        return replace(self, decision=decision, declined=later(self.declined, other.declined))


def rejection_of(data: ApplicantRejected, note: str | None) -> Rejection:
    """Gives a rejection as it stands in a candidate's state, with its note without the person."""
    return Rejection(
        application_id=data.application_id,
        vacancy_id=data.vacancy.vacancy_id,
        vacancy_title=data.vacancy.title,
        tier=tier_of(data),
        stage=data.stage,
        finishing_place=data.finishing_place,
        reason=Reason(code=data.reason.code, note=note),
        shortfalls=data.shortfalls,
        still_working=still_working(data.profile, data.decided_at),
        decided_at=data.decided_at,
        already_told=data.already_told,
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
        if (job.start_date or "") == begun_last
    )
