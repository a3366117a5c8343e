"""What earlier applications and jobs say about somebody for a vacancy."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.matcher.domain.eligibility import stage_rank
from services.matcher.domain.findings import one_line
from services.matcher.domain.similar_job import most_similar
from services.matcher.domain.snapshot import ProfileSnapshot
from services.matcher.domain.titles import same_work
from services.matcher.domain.tokenisation import alike
from shared.contract.events.applications import Stage, Tier
from shared.contract.events.candidates import CandidateChanged, Rejection
from shared.contract.events.evidence import Evidence
from shared.contract.events.evidence import EvidenceCode as Code
from shared.contract.events.shortfalls import months_between
from shared.contract.events.vacancies import Vacancy

STALE_MONTHS = 12

_TIER = {Tier.RUNNER_UP: 0.6, Tier.NOT_YET: 0.3}
"""What an answer is worth; any other, known here or not, is worth nothing."""
_STAGE_STEP = 0.06
_PLACE_STEP = 0.02
_FRESH = 0.16

_TOLD_STAGES = (Stage.OFFERED, Stage.FINAL, Stage.INTERVIEWED)


@dataclass(frozen=True)
class Reasons:
    speaking_for: list[Evidence] = field(default_factory=list)
    speaking_against: list[Evidence] = field(default_factory=list)


def best_merit(person: ProfileSnapshot, vacancy: Vacancy) -> float:
    """Returns, between 0 and 1, how well somebody did in something similar, and how lately."""
    return max(_merit(rejection, person, vacancy) for rejection in person.state.rejections)


def past_reasons(person: ProfileSnapshot, vacancy: Vacancy, continues: Rejection | None) -> Reasons:
    """Returns what earlier applications and jobs speak for, and against.

    Nothing is claimed from an answer whose tier is not known here: it may have been a no. A no
    speaks against them though another system told the same decision more kindly.
    """
    reasons = Reasons()
    similar = [
        rejection
        for rejection in _decisions(person.state, continues)
        if rejection.tier.is_known
        and (
            rejection is continues
            or any(
                same_work(one.vacancy_title, vacancy.title)
                for one in person.state.told_together(rejection)
            )
        )
    ]
    for rejection in sorted(similar, key=lambda at: at.decided_at, reverse=True)[:2]:
        together = person.state.told_together(rejection)
        if no := next((one for one in together if one.tier is Tier.NO), None):
            reasons.speaking_against.append(_about(no, Code.FOUND_NOT_QUALIFIED))
        if rejection.tier is not Tier.NO and (came := _how_far(rejection)):
            reasons.speaking_for.append(came)
    if job := most_similar(person.profile.work, vacancy.title, person.known_on):
        told = (
            reasons.speaking_for if job.code is Code.HELD_SIMILAR_JOB else reasons.speaking_against
        )
        told.append(job)
    reasons.speaking_against.extend(_distance(person, vacancy))
    return reasons


def _decisions(state: CandidateChanged, continues: Rejection | None) -> list[Rejection]:
    """Returns each decision once, though several systems told of it: first what goes on."""
    if continues is None:
        return state.decisions
    same = {continues.application_id, continues.told_with}
    return [continues, *(each for each in state.decisions if each.application_id not in same)]


def _merit(rejection: Rejection, person: ProfileSnapshot, vacancy: Vacancy) -> float:
    similarity = alike(rejection.vacancy_title, vacancy.title)
    if rejection.vacancy_id == vacancy.vacancy_id:
        similarity = 1.0
    place = _PLACE_STEP * max(0, (rejection.finishing_place or 2) - 2)
    months = months_between(rejection.decided_at.date(), person.today)
    freshness = _FRESH / (1 + months / STALE_MONTHS)
    reached = _STAGE_STEP * stage_rank(rejection.stage)
    answer = _TIER.get(rejection.tier, 0.0)
    return similarity * max(0.0, min(1.0, answer + reached + freshness - place))


def _how_far(rejection: Rejection) -> Evidence | None:
    if rejection.finishing_place and rejection.finishing_place > 1:
        finished = _about(rejection, Code.FINISHED)
        return finished.model_copy(update={"place": rejection.finishing_place})
    if rejection.stage in _TOLD_STAGES:
        reached = _about(rejection, Code.REACHED_STAGE)
        return reached.model_copy(update={"stage": rejection.stage})
    if rejection.tier is Tier.RUNNER_UP:
        return _about(rejection, Code.JUST_MISSED_OUT)
    return None


def _about(rejection: Rejection, code: Code) -> Evidence:
    name = one_line(rejection.vacancy_title)
    return Evidence(code=code, name=name, on=rejection.decided_at.date())


def _distance(person: ProfileSnapshot, vacancy: Vacancy) -> Iterable[Evidence]:
    place, country = vacancy.job_location, person.state.country
    if place and place.country and country and place.country != country and not place.remote:
        yield Evidence(code=Code.OTHER_COUNTRY, country=country, needed_country=place.country)
    if months_between(person.known_on, person.today) > STALE_MONTHS:
        yield Evidence(code=Code.APPLIED_LONG_AGO, on=person.known_on)
