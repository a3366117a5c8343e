"""What earlier applications and jobs say about somebody for a vacancy."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from services.matcher.domain.known import Known
from services.matcher.domain.people import STAGES
from services.matcher.domain.wording import month, ordinal, partial_month, short
from services.matcher.domain.words import alike
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.profile import Work
from shared.contract.events.shortfalls import months_between
from shared.contract.events.vacancies import Vacancy

SIMILAR = 0.4
"""How alike two titles must look for one to say something about the other."""

STALE_MONTHS = 12

_TIER = {Tier.RUNNER_UP: 0.6, Tier.NOT_YET: 0.3, Tier.NO: 0.0}
_STAGE_STEP = 0.06
_PLACE_STEP = 0.02
_FRESH = 0.16

_REACHED = {
    Stage.OFFERED: "Was offered the place of",
    Stage.FINAL: "Reached the final round for",
    Stage.INTERVIEWED: "Was interviewed for",
}


@dataclass(frozen=True)
class Reasons:
    speaking_for: list[str] = field(default_factory=list)
    speaking_against: list[str] = field(default_factory=list)


def best_merit(known: Known, vacancy: Vacancy) -> float:
    """Gives, between 0 and 1, how well somebody did in something similar, and how lately."""
    return max(_merit(rejection, known, vacancy) for rejection in known.state.rejections)


def past_reasons(known: Known, vacancy: Vacancy, continues: Rejection | None) -> Reasons:
    """Words what earlier applications and jobs speak for, and against."""
    reasons = Reasons()
    similar = [
        rejection
        for rejection in known.state.rejections
        if alike(rejection.vacancy_title, vacancy.title) >= SIMILAR or rejection is continues
    ]
    for rejection in sorted(similar, key=lambda at: at.decided_at, reverse=True)[:2]:
        if rejection.tier is Tier.NO:
            reasons.speaking_against.append(f"Was found not qualified for {_which(rejection)}")
        elif sentence := _how_far(rejection):
            reasons.speaking_for.append(sentence)
    if job := _most_similar(known.profile.work, vacancy.title, known.known_on):
        reasons.speaking_for.append(job)
    place = vacancy.job_location
    country = known.state.country
    if place and place.country and country and place.country != country and not place.remote:
        reasons.speaking_against.append(f"The place is in {place.country}, they were in {country}")
    if months_between(known.known_on, known.today) > STALE_MONTHS:
        reasons.speaking_against.append(f"Last applied in {month(known.known_on)}")
    return reasons


def _merit(rejection: Rejection, known: Known, vacancy: Vacancy) -> float:
    similarity = alike(rejection.vacancy_title, vacancy.title)
    if rejection.vacancy_id == vacancy.vacancy_id:
        similarity = 1.0
    place = _PLACE_STEP * max(0, (rejection.finishing_place or 2) - 2)
    months = months_between(rejection.decided_at.date(), known.today)
    freshness = _FRESH / (1 + months / STALE_MONTHS)
    reached = _STAGE_STEP * STAGES.index(rejection.stage)
    return similarity * max(0.0, min(1.0, _TIER[rejection.tier] + reached + freshness - place))


def _how_far(rejection: Rejection) -> str | None:
    if rejection.finishing_place and rejection.finishing_place > 1:
        return f"Finished {ordinal(rejection.finishing_place)} for {_which(rejection)}"
    if rejection.stage in _REACHED:
        return f"{_REACHED[rejection.stage]} {_which(rejection)}"
    if rejection.tier is Tier.RUNNER_UP:
        return f"Just missed out on {_which(rejection)}"
    return None


def _which(rejection: Rejection) -> str:
    return f"{short(rejection.vacancy_title)} in {month(rejection.decided_at.date())}"


def _most_similar(work: Iterable[Work], title: str, known_on: date) -> str | None:
    """Names the job most like the vacancy's, if one is like it at all."""
    named = [(alike(job.position, title), job) for job in work if job.position]
    likeness, job = max(named, key=lambda pair: pair[0], default=(0.0, Work()))
    if likeness < SIMILAR or not job.position:
        return None
    if job.end_date:
        return f"Worked as {short(job.position)} until {partial_month(job.end_date)}"
    return f"Worked as {short(job.position)} in {month(known_on)}"
