"""The `matches` stream: whom the matcher found for a vacancy, and why."""

from typing import Annotated, ClassVar

from pydantic import Field

from shared.contract.events.applications import Tier
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.instants import Day, Moment
from shared.contract.events.payload import Id, Line, Part, Payload

Reasons = Annotated[list[Evidence], Field(max_length=12)]
"""What speaks for or against somebody, the weightiest first."""


class ShortlistedCandidate(Part):
    candidate_id: Id
    rank: int
    score: float
    """Between 0 and 1; comparable within one shortlist only."""
    tier: Tier
    missed: Line | None = None
    """The role that they just missed out on, for a runner-up."""
    readiness: Readiness
    ready_on: Day | None = None
    """The day by which the last that is missing is to be there; none where nothing says so."""
    application_id: Id | None = None
    """The application that this vacancy continues, where it is one they finished next in."""
    reasons_for: Reasons = []
    reasons_against: Reasons = []


class ShortlistReady(Payload):
    type: ClassVar[str] = "dev.notyet.shortlist.ready.v1"

    shortlist_id: Id
    vacancy_id: Id
    vacancy_title: Line
    continues: bool = False
    """True when the vacancy reopened and the finishing order came first."""
    considered: int
    """How many past applicants were looked at, all of whom could be asked about it."""
    candidates: list[ShortlistedCandidate]
    ranked_lower: int = 0
    """How many more may fit, who come after those on it; not reckoned of newcomers."""
    ranked_at: Moment
    of_newcomers: bool = False
    """Whether it stands beside the lists before it, whom it does not name again."""
    repeats: Id | None = None
    """The shortlist of shortly before that named the same people, of whom none is decided about."""

    @property
    def entity_id(self) -> str:
        return self.vacancy_id
