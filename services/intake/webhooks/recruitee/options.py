"""What a Recruitee account's own words mean, and where its reasons and dates stand."""

import re
import unicodedata
from enum import StrEnum

from pydantic import JsonValue

from services.intake.webhooks.recruitee.payloads import Stage
from services.intake.webhooks.words import JobAndTypeWords, found

REASON, APPLIED = "reason", "applied"
NO_STAGE = "none"
"""Stands for a stage without a name that can be read, and for none at all."""
_HIRED = re.compile(
    "hired?|eingestellt[ern]{0,3}|embauche[es]{0,3}|contratad[oas]{1,4}|aangenomen(?:en?)?"
)
"""The category of the stages in which Recruitee has those who were hired, in every language, and
what these are called in some of its languages: of one or of many, of men or of women, or of both,
as in `embauché(e)`."""
_OTHERS = {"apply", "phonescreen", "interview", "evaluation", "offer"}
"""The letters of the categories of its other stages; of any other nobody knows what it is for."""


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
        is_named_so = any(_HIRED.fullmatch(_letters(it)) for it in (stage.category, stage.name))
        return is_named_so or found(self.hires, name_of(stage)) is not None

    def tells_of(self, stage: Stage) -> bool:
        """Tells whether it is known of a stage if it is for those who were hired."""
        return _is_for_others(stage) or found(self.stages, name_of(stage)) is not None


def name_of(stage: Stage) -> str:
    """Returns by which name a meaning is given to a stage."""
    return (stage.name or "").strip() or ("" if _is_for_others(stage) else NO_STAGE)


def _is_for_others(stage: Stage) -> bool:
    return _letters(stage.category) in _OTHERS


def _letters(name: JsonValue) -> str:
    """Returns the letters of a name, without case and accents; none of what is no text."""
    plain = unicodedata.normalize("NFKD", name.casefold()) if isinstance(name, str) else ""
    return "".join(filter(str.isalpha, plain))
