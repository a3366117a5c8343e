"""Words why somebody was turned down before, for the recruiters who may learn of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from services.intake.pages.evidence_wording import Claim
from services.intake.pages.since_wording import gap_asked
from services.intake.pages.wording import Texts
from shared.contract.events.applications import ReasonCode
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
) -> Iterator[Claim]:
    """Returns for each decision, the newest first, why it was made and what was missing.

    What is reckoned already is not said again; what is there by now by their own word was missing.
    """
    said = {one.name.casefold() for one in reckoned if one.name}
    visible = (one for one in rejections if (one.source == sees if sees else not one.told_with))
    for rejection in sorted(visible, key=_decided_at, reverse=True):
        missing = [gap for gap in rejection.shortfalls if gap.name.casefold() not in said]
        if sentence := _why(rejection, missing, said, texts):
            yield Claim(sentence, Markup())


def _decided_at(rejection: Rejection) -> datetime:
    return rejection.decided_at


def _why(
    rejection: Rejection, gaps: Sequence[Shortfall], said: Collection[str], texts: Texts
) -> Markup | None:
    facts: dict[str, object] = {
        "role": rejection.vacancy_title,
        "month": texts.month(rejection.decided_at),
    }
    if gaps:
        facts["missing"] = Markup("; ").join(gap_asked(gap, texts) for gap in gaps)
    elif rejection.shortfalls or rejection.vacancy_title.casefold() in said:
        return None
    code = rejection.reason.code
    if code not in NOTHING_AGAINST and (reason := texts.find("shortlist.turned_down", code)):
        facts["reason"] = reason
    return texts.say_fullest("shortlist", "why", **facts)
