"""What is asked of Teamtailor's API, and where it stands among the answers.

Each relationship is read by itself, so that every answer is one thing with its attributes.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from services.intake.webhooks.adapter import Delivery
from services.intake.webhooks.hints import answer_of, is_gone, segment
from services.intake.webhooks.saying import body_of
from services.intake.webhooks.teamtailor import payloads
from services.intake.webhooks.teamtailor.payloads import ApiAnswer, Resource
from shared.contract.events.cloudevents import Unreadable

VERSION: Final = "20240404"
"""Of the API, by its date."""

APPLICATION, CANDIDATE, JOB = "job_application", "candidate", "job"
_PATHS = {APPLICATION: "job-applications", CANDIDATE: "candidates", JOB: "jobs"}


class TeamtailorApi:
    """Teamtailor's API."""

    url: Final = "https://api.teamtailor.com/v1"
    per_second: Final = 4.0
    """Of the fifty in ten seconds that Teamtailor allows."""

    def headers(self, token: str) -> Mapping[str, str]:
        """Returns the key, and which version is spoken."""
        return {"authorization": f"Token token={token}", "x-api-version": VERSION}

    def paths(self, delivery: Delivery) -> Iterator[str]:
        """Yields what is to be read of what changed."""
        return Asked(delivery).paths()


class Asked:
    """What was answered about one web hook."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        hook = body_of(delivery, payloads.Hook)
        if hook.event is None or hook.resource is None:
            raise Unreadable("no_id", "name the event and what it is about")
        self.kind, _, self.action = hook.event.partition(".")
        self.id = hook.resource

    def paths(self) -> Iterator[str]:
        """Yields what is to be read, as far as what was answered tells."""
        if self.kind not in _PATHS:
            return
        yield self._path
        if self.kind != APPLICATION or self.application is None:
            return
        yield f"{self._path}/stage"
        if self.application.attributes.rejected_at:
            yield from (f"{self._path}/{of}" for of in ("candidate", "job", "reject-reason"))
            return
        yield self._whose
        if is_gone(self._delivery, self._whose):
            yield f"{self._path}/candidate"

    @property
    def is_gone(self) -> bool:
        """Whether it was answered that what changed is there no more."""
        return is_gone(self._delivery, self._path)

    @property
    def application(self) -> Resource[payloads.Application] | None:
        return self._found("", ApiAnswer[payloads.Application])

    @property
    def candidate(self) -> Resource[payloads.Candidate] | None:
        """Whom it is about: the candidate that changed, or whose application did."""
        answer = answer_of(self._delivery, self.candidate_path, ApiAnswer[payloads.Candidate])
        return answer.data if answer else None

    @property
    def candidate_path(self) -> str:
        """Where whom it is about is read."""
        return self._path if self.kind == CANDIDATE else f"{self._path}/candidate"

    @property
    def candidate_id(self) -> str | None:
        """Whose application it is: of who is in the running nothing else is read."""
        linked = answer_of(self._delivery, self._whose, payloads.Linked)
        found = (linked and linked.data) or self.candidate
        return found.id if found else None

    @property
    def job(self) -> Resource[payloads.Job] | None:
        """Which it is about: the job that changed, or for which somebody applied."""
        return self._found("" if self.kind == JOB else "/job", ApiAnswer[payloads.Job])

    @property
    def stage(self) -> payloads.Stage | None:
        found = self._found("/stage", ApiAnswer[payloads.Stage])
        return found.attributes if found else None

    @property
    def reason(self) -> payloads.RejectReason | None:
        found = self._found("/reject-reason", ApiAnswer[payloads.RejectReason])
        return found.attributes if found else None

    @property
    def _whose(self) -> str:
        """Where JSON:API tells the candidate's id alone."""
        return f"{self._path}/relationships/candidate"

    @property
    def _path(self) -> str:
        return f"/{_PATHS[self.kind]}/{segment(self.id)}"

    def _found(
        self, of: str, model: type[ApiAnswer[payloads.Attributes]]
    ) -> Resource[payloads.Attributes] | None:
        answer = answer_of(self._delivery, self._path + of, model)
        return answer.data if answer else None
