"""What a Recruitee account's own words mean, and where its reasons and dates stand."""

import re
import unicodedata
from enum import StrEnum

from services.intake.webhooks.recruitee.payloads import Stage
from services.intake.webhooks.words import JobAndTypeWords, folded, found

REASON, APPLIED = "reason", "applied"
NO_STAGE = "none"
"""Stands for a stage without a name that can be read, and for none at all."""
_HIRE = {"hire", "hired"}
"""The category of the stages in which Recruitee has those who were hired, in every language."""
_HIRED = re.compile(
    "hired|eingestellt[ern]{0,3}|embauche[es]{0,3}|contratad[oas]{1,4}|aangenomen(?:en?)?"
)
"""The same in some of its languages, where a web hook tells no category: of one or of many, of men
or of women, or of both, as in `embauché(e)`."""


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
        return (
            folded(stage.category or "") in _HIRE
            or _HIRED.fullmatch(_letters(stage.name or "")) is not None
            or found(self.hires, name_of(stage)) is not None
        )

    def tells_of(self, stage: Stage) -> bool:
        """Tells whether it is known of a stage if it is for those who were hired."""
        return bool(folded(stage.category or "") or found(self.stages, name_of(stage)))


def name_of(stage: Stage) -> str:
    """Returns by which name a meaning is given to a stage."""
    named, kind = (stage.name or "").strip(), (stage.category or "").strip()
    return named or ("" if kind else NO_STAGE)


def _letters(name: str) -> str:
    """Returns a name without case, accents, and all that is neither a letter nor a blank."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return folded("".join(each for each in plain if each.isalnum() or each.isspace()))
