"""What is asked of SmartRecruiters' API, and where it stands among the answers.

Source: SmartRecruiters' "Candidate API" and "Job API" (2026).
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import answer_of, segment
from services.intake.webhooks.saying import body_of
from services.intake.webhooks.smartrecruiters import payloads
from shared.contract.events.cloudevents import Unreadable

EVENT = "event-name"
"""The header that tells what happened."""
STATUS, UPDATED, DELETED = "application.status.updated", "candidate.updated", "candidate.deleted"
ON_JOBS = ("job.created", "job.status.updated", "job.ad.postings.updated")
REJECTED = "REJECTED"


class SmartRecruitersApi:
    """SmartRecruiters' API."""

    url: Final = "https://api.smartrecruiters.com"
    per_second: Final = 8.0
    """Of the ten that SmartRecruiters allows."""

    def headers(self, token: str) -> Mapping[str, str]:
        """Returns the API key."""
        return {"x-smarttoken": token}

    def paths(self, delivery: Delivery) -> Iterator[str]:
        """Yields what is to be read of what changed."""
        return Asked(delivery).paths()


class Asked:
    """What was answered about one web hook."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._event = delivery.headers.get(EVENT, "")

    def paths(self) -> Iterator[str]:
        """Yields what is to be read, as far as what was answered tells."""
        if self._event in ON_JOBS:
            yield self._job
        elif self._event == UPDATED:
            yield self._candidate
        elif self._event == STATUS:
            yield self._application
            if self.application and self.application.status == REJECTED:
                yield from (f"{self._application}/status/history", self._candidate, self._job)

    @property
    def candidate_id(self) -> str:
        return self._named("candidate_id")

    @property
    def job_id(self) -> str:
        return self._named("job_id")

    @property
    def application(self) -> payloads.Application | None:
        return answer_of(self._delivery, self._application, payloads.Application)

    @property
    def candidate(self) -> payloads.Candidate | None:
        return answer_of(self._delivery, self._candidate, payloads.Candidate)

    @property
    def job(self) -> payloads.Job | None:
        return answer_of(self._delivery, self._job, payloads.Job)

    @property
    def history(self) -> list[payloads.Change]:
        """What the status was when, as far as it is told."""
        path = f"{self._application}/status/history"
        found = answer_of(self._delivery, path, payloads.History)
        return found.content if found else []

    @property
    def _application(self) -> str:
        return f"{self._candidate}/jobs/{segment(self.job_id)}"

    @property
    def _candidate(self) -> str:
        return f"/candidates/{segment(self.candidate_id)}"

    @property
    def _job(self) -> str:
        return f"/jobs/{segment(self.job_id)}"

    def _named(self, field: str) -> str:
        id: str | None = getattr(body_of(self._delivery, payloads.Named), field)
        if id is None:
            raise Unreadable("no_id", f"{field}: name it")
        return id
