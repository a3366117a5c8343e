"""Words why somebody was turned down before, for the recruiters who may learn of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from services.intake.pages.evidence_wording import WordedEvidence
from services.intake.pages.since_wording import gap_asked
from services.intake.pages.wording import Texts
from shared.contract.events.applications import ReasonCode, Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.evidence import Evidence
from shared.contract.events.shortfalls import Shortfall

NOTHING_AGAINST: Final = frozenset(
    {ReasonCode.OTHER_CANDIDATE_STRONGER, ReasonCode.VACANCY_CLOSED, ReasonCode.OTHER}
)
"""The reasons that say nothing against whoever was turned down."""


def turned_down(
    rejections: Iterable[Rejection],
    reckoned: Sequence[Evidence],
    sees: str | None,
    texts: Texts,
) -> Iterator[WordedEvidence]:
    """Returns for each decision, the newest first, why it was made and what was missing.

    What is reckoned already is not said again; what is there by now by their own word was missing.
    Of what one letter told together each says only what the one that it is about does not.
    """
    said = {one.name.casefold() for one in reckoned if one.name}
    visible = {one.application_id: one for one in rejections if sees in (None, one.source)}
    told = (_beyond(visible.get(one.told_with or ""), one) for one in visible.values())
    for rejection in sorted(filter(None, told), key=_decided_at, reverse=True):
        missing = [gap for gap in rejection.shortfalls if gap.name.casefold() not in said]
        if sentence := _why(rejection, missing, said, texts):
            yield WordedEvidence(sentence, Markup())


def _decided_at(rejection: Rejection) -> datetime:
    return rejection.decided_at


def _beyond(letter: Rejection | None, rejection: Rejection) -> Rejection | None:
    """Returns what a decision says that the one whose letter told of it does not."""
    if letter is None:
        return rejection
    known = [(gap.thing, gap.required_months) for gap in letter.shortfalls]
    gaps = [gap for gap in rejection.shortfalls if (gap.thing, gap.required_months) not in known]
    if not gaps and rejection.reason.code is letter.reason.code:
        return None
    return rejection.model_copy(update={"shortfalls": gaps})


def _why(
    rejection: Rejection, gaps: Sequence[Shortfall], said: Collection[str], texts: Texts
) -> Markup | None:
    facts: dict[str, object] = {
        "role": rejection.vacancy_title,
        "month": texts.month(rejection.decided_at),
    }
    if gaps:
        facts["missing"] = Markup("; ").join(gap_asked(gap, texts) for gap in gaps)
    elif rejection.shortfalls or (
        rejection.tier is Tier.NO and rejection.vacancy_title.casefold() in said
    ):
        return None
    code = rejection.reason.code
    if code not in NOTHING_AGAINST and (reason := texts.find("shortlist.turned_down", code)):
        facts["reason"] = reason
    return texts.say_fullest("shortlist", "why", **facts)
