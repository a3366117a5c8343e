"""What a Recruitee account's own words mean, and where its reasons and dates stand."""

from enum import StrEnum

from services.intake.webhooks.recruitee.payloads import Stage
from services.intake.webhooks.words import JobAndTypeWords, folded, found

REASON, APPLIED = "reason", "applied"
_HIRE = "hire"
"""The category of the stages in which Recruitee has those who were hired, in every language."""
_HIRED = {"hired", "eingestellt", "embauché", "contratado", "aangenomen"}
"""The same in some of its languages, where a web hook tells no category."""


class Hire(StrEnum):
    HIRED = "hired"


class RecruiteeOptions(JobAndTypeWords):
    """Recruitee does not publish where a web hook tells why somebody was disqualified.

    Nor does it where one tells when they had applied.
    """

    places: dict[str, str] = {}
    """Of both: the names that lead there from `payload`, with points between them."""
    hires: dict[str, Hire] = {}
    """The stages of those who were hired that are called anything else, or in other languages."""

    def has_hired(self, stage: Stage) -> bool:
        """Tells whether those in a stage were hired."""
        name = folded(stage.name or "")
        return stage.category == _HIRE or name in _HIRED or found(self.hires, name) is not None
