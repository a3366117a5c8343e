"""The `matches` stream: whom the matcher found for a vacancy, and why."""

from enum import StrEnum
from typing import ClassVar

from shared.contract.events.applications import Tier
from shared.contract.events.payload import Id, Line, Moment, Part, Payload


class Readiness(StrEnum):
    """How a candidate stands to one requirement, or to all of them together."""

    MET = "met"
    MAY_NOW_BE_MET = "may_now_be_met"
    """Met if what was assumed about the time since is true; never counted as met."""
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class ShortlistedCandidate(Part):
    candidate_id: Id
    rank: int
    score: float
    """Between 0 and 1; comparable within one shortlist only."""
    tier: Tier
    readiness: Readiness
    application_id: Id | None = None
    """The application that this vacancy continues, where it is one they finished next in."""
    reasons_for: list[Line] = []
    reasons_against: list[Line] = []


class ShortlistReady(Payload):
    type: ClassVar[str] = "dev.notyet.shortlist.ready.v1"

    shortlist_id: Id
    vacancy_id: Id
    vacancy_title: Line
    continues: bool = False
    """True when the vacancy reopened and the finishing order came first."""
    considered: int
    """How many past applicants were looked at."""
    candidates: list[ShortlistedCandidate]
    ranked_at: Moment

    @property
    def entity_id(self) -> str:
        return self.vacancy_id
