"""Reads a profile once, into what rankers search: a bag of stems, and a bag for each job title."""

from collections.abc import Iterable, Sequence

from services.matcher.domain.eligibility import LISTABLE
from services.matcher.domain.sections import text_of
from services.matcher.domain.tokenisation import grams, language_of, stems
from services.matcher.ranking.bags import Bag, bag_of
from shared.contract.events.candidates import Rejection
from shared.contract.events.profile import News, NewsKind, Profile, Work

ANALYSIS = 2
"""Grows when the same profile would be read differently, or a state understood better (the contract
has a new member); everything is then read again."""

HALF_LIFE_YEARS = 4.0
"""A job that ended so long before the person's latest counts half."""

APPLIED_FOR = 0.8
"""What a job counts that a person applied for and was not wholly unqualified for."""


def word_bags(profile: Profile, news: Sequence[News] = ()) -> list[Bag]:
    """Returns the stems of the whole profile as one bag, or none where it says nothing.

    By what they told us since somebody is found, but nothing is proved by it.
    """
    named = (one.name for one in news if one.kind is not NewsKind.PLACE)
    text = "\n".join((text_of(profile), *named)).strip()
    bag = bag_of(stems(text, language_of(text)))
    return [bag] if len(bag.terms) else []


def title_bags(profile: Profile, rejections: Sequence[Rejection]) -> list[Bag]:
    """Returns the n-grams of each job held, and of each applied for, with its weight.

    A job's age is counted from the person's own latest job, so that nobody loses by a pause.
    """
    titles = [*_held(profile.work), *_applied_for(rejections)]
    bags = (bag_of(grams(title), weight) for title, weight in titles)
    return [bag for bag in bags if len(bag.terms)]


def _held(work: Sequence[Work]) -> Iterable[tuple[str, float]]:
    known = [_year(date) for job in work for date in (job.start_date, job.end_date) if date]
    latest = max(known, default=0.0)
    for job in work:
        if job.position:
            age = latest - _year(job.end_date) if job.end_date else 0.0
            yield job.position, 0.5 ** (age / HALF_LIFE_YEARS)


def _applied_for(rejections: Sequence[Rejection]) -> Iterable[tuple[str, float]]:
    for rejection in rejections:
        if rejection.tier in LISTABLE:
            yield rejection.vacancy_title, APPLIED_FOR


def _year(date: str) -> float:
    """Returns a date as a year with its fraction; without a month, the middle of the year."""
    year, _, month = date[:7].partition("-")
    return int(year) + ((int(month) - 1) / 12 if month else 0.5)
