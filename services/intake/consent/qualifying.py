"""What "when I qualify" waits for, and how long a yes must hold to reach it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from services.intake.consent.domain import HAT_MONTHS, last_moment
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.shortfalls import Shortfall, qualifying_day

Qualifies = Literal["dated", "by_word", "by_word_elsewhere", "by_word_alone", "told"]
"""How it comes to be known that nothing is missing any more."""


def qualifies(
    person: CandidateChanged, qualifies_on: date | None, shown: Sequence[Shortfall]
) -> Qualifies:
    """Tells what "when I qualify" waits for: a day, their own word, or nothing any more.

    Behind what another system told them is no page on which that word could be given.
    """
    if qualifies_on:
        return "dated"
    lacking = [decision for decision in person.decisions if _lacks(decision)]
    if not lacking:
        return "told"
    if open_ones(shown):
        return "by_word"
    return "by_word_alone" if all(it.already_told for it in lacking) else "by_word_elsewhere"


def qualifying_day_of(person: CandidateChanged) -> date | None:
    """Returns when nothing should be missing any more for the first of what they applied for."""
    days = [_closes_on(rejection) for rejection in person.decisions if _lacks(rejection)]
    return min(filter(None, days), default=None)


def _lacks(rejection: Rejection) -> bool:
    return bool(open_ones(gaps_of(rejection)))


def _closes_on(rejection: Rejection) -> date | None:
    decided_on, works = rejection.decided_at.date(), rejection.still_working
    return qualifying_day(rejection.shortfalls, decided_on, still_working=works).closes_on


def too_short(qualifies_on: date | None, now: datetime) -> Sequence[int]:
    """Returns the months that can be chosen and end before that day."""
    if qualifies_on is None:
        return []
    return [months for months in HAT_MONTHS if last_day(last_moment(now, months)) < qualifies_on]


def gaps_of(rejection: Rejection | None) -> Sequence[Shortfall]:
    """Returns what was missing, where the answer was not a no."""
    return rejection.shortfalls if rejection and rejection.tier is not Tier.NO else []


def open_ones(gaps: Sequence[Shortfall]) -> Sequence[Shortfall]:
    """Returns those which they have not said to have by now."""
    return [gap for gap in gaps if gap.closed_at is None]


def last_day(until: datetime) -> date:
    """Returns the last whole day before a moment."""
    return (until - timedelta(microseconds=1)).date()
