"""The order of a shortlist, and the reasons a recruiter reads beside each name-less candidacy.

A score is a weighted sum of three shares: how well the text fits, how much of what is asked is
met, and how well the person did before in something similar. Whoever provably lacks something
that is required, or that this very vacancy missed in them before, comes after all who do not, and
is shown with the reason: a recruiter may know better, or be glad to wait. Somebody wholly
unqualified is not listed at all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol, TypeVar

from services.matcher.domain.eligibility import best_tier
from services.matcher.domain.findings import Finding, is_required, one_line, thing_asked
from services.matcher.domain.in_common import in_common
from services.matcher.domain.past import best_merit, past_reasons
from services.matcher.domain.requirements import is_asked_again, readiness, ready_on, stand
from services.matcher.domain.snapshot import ProfileSnapshot
from shared.contract.events.applications import Tier
from shared.contract.events.candidates import Rejection
from shared.contract.events.evidence import Evidence, Readiness
from shared.contract.events.matches import ShortlistedCandidate
from shared.contract.events.shortfalls import Importance, Requirement, Shortfall
from shared.contract.events.vacancies import Vacancy

WEIGHTS_VERSION = 3
"""Grows with every change to the weights and to how a share is reckoned."""

RELEVANCE, ASKED, PAST = 0.55, 0.30, 0.15
"""What each share of the score is worth."""

STANDING = {
    Readiness.MET: 1.0,
    Readiness.BY_OWN_WORD: 1.0,
    Readiness.MAY_NOW_BE_MET: 0.75,
    Readiness.UNKNOWN: 0.5,
    Readiness.NOT_MET: 0.0,
}
HELD = (Readiness.MET, Readiness.BY_OWN_WORD, Readiness.MAY_NOW_BE_MET)
"""What speaks for somebody, the surest first."""

MOST_REASONS = 6

Order = tuple[bool, bool, float, date, int, float, str]
"""Sorts the better first."""


@dataclass(frozen=True)
class Shares:
    """What a score is the weighted sum of; each between 0 and 1."""

    relevance: float
    asked: float
    past: float

    @property
    def score(self) -> float:
        return RELEVANCE * self.relevance + ASKED * self.asked + PAST * self.past


class Ordered(Protocol):
    """Whoever has a place in the order of a vacancy's candidates."""

    @property
    def order(self) -> Order: ...


Placed = TypeVar("Placed", bound=Ordered)


@dataclass(frozen=True)
class Candidacy:
    """One person held against one vacancy."""

    number: int
    person: ProfileSnapshot
    vacancy: Vacancy
    findings: Sequence[Finding]
    relevance: float
    shared: Sequence[str]
    """The vacancy's words that weighed most among those the profile has too."""
    continues: Rejection | None = None
    """The application that goes on, for whoever finished next in this very vacancy."""

    @property
    def tier(self) -> Tier:
        return best_tier(self.person.state.rejections)

    @property
    def missed(self) -> str | None:
        """The role that they just missed out on last, for a runner-up."""
        near = [at for at in self.person.state.rejections if at.tier is Tier.RUNNER_UP]
        latest = max(near, key=lambda rejection: rejection.decided_at, default=None)
        latest = self.continues or latest
        return one_line(latest.vacancy_title) if latest else None

    @property
    def readiness(self) -> Readiness:
        return readiness(self.findings)

    @property
    def ready_on(self) -> date | None:
        return ready_on(self.findings)

    @cached_property
    def shares(self) -> Shares:
        past = best_merit(self.person, self.vacancy)
        return Shares(self.relevance, self._asked_share(), past)

    @property
    def score(self) -> float:
        return self.shares.score

    @property
    def order(self) -> Order:
        continues = self.continues is not None
        return order(
            continues, self.readiness, self.ready_on, self.score, self.tier, self.candidate_id
        )

    @property
    def candidate_id(self) -> str:
        return self.person.state.candidate_id

    def reasons_for(self) -> list[Evidence]:
        """Returns what speaks for them, the weightiest first."""
        reasons = past_reasons(self.person, self.vacancy, self.continues).speaking_for
        reasons += _evidence(self.findings, *HELD)
        return [*reasons, *in_common(self.person, self.vacancy, self.shared)][:MOST_REASONS]

    def reasons_against(self) -> list[Evidence]:
        """Returns what speaks against them, the weightiest first."""
        required = [at for at in self.findings if is_required(at.requirement)]
        preferred = [at for at in self.findings if not is_required(at.requirement)]
        reasons = _evidence(required, Readiness.NOT_MET, Readiness.UNKNOWN)
        reasons += _evidence(preferred, Readiness.NOT_MET)
        reasons += [at.against for at in self.findings if at.against]
        reasons += past_reasons(self.person, self.vacancy, self.continues).speaking_against
        return reasons[:MOST_REASONS]

    def _asked_share(self) -> float:
        """Returns how much of what is asked is met; what is preferred counts half."""
        if not self.findings:
            return STANDING[Readiness.UNKNOWN]
        weights = [1.0 if is_required(finding.requirement) else 0.5 for finding in self.findings]
        shares = [STANDING[finding.standing] for finding in self.findings]
        return sum(map(float.__mul__, weights, shares)) / sum(weights)


def hold_against(
    person: ProfileSnapshot,
    vacancy: Vacancy,
    asked: Sequence[Requirement],
    *,
    number: int,
    relevance: float,
    shared: Sequence[str] = (),
    continues: Rejection | None = None,
) -> Candidacy:
    """Holds what is known of one person against what a vacancy asks, and what it missed then."""
    missed = _missed_then(person, vacancy)
    known = [_with_what_was_missed(requirement, missed) for requirement in asked]
    required = [*known, *_not_named(missed, asked)]
    findings = [stand(person, requirement, vacancy.vacancy_id) for requirement in required]
    return Candidacy(number, person, vacancy, findings, relevance, shared, continues)


def order(
    continues: bool,
    readiness: Readiness,
    ready_on: date | None,
    score: float,
    tier: Tier,
    candidate_id: str,
) -> Order:
    """Returns somebody's place: at equal merit whoever just missed out comes before the others.

    Of those who lack something whoever has it sooner comes before even them. Those who finished
    next are before everybody, in the order they are given in.
    """
    if continues:
        return False, False, 0.0, date.min, 0, 0.0, ""
    lacks = readiness is Readiness.NOT_MET
    ready = (ready_on or date.max) if lacks else date.min
    merit = -round(score, 2)
    return True, lacks, merit, ready, list(Tier).index(tier), -score, candidate_id


def arranged(candidacies: Iterable[Placed]) -> list[Placed]:
    """Returns those who finished next as they are given, and then the best of the rest."""
    return sorted(candidacies, key=lambda candidacy: candidacy.order)


def shortlisted(candidacy: Candidacy, rank: int) -> ShortlistedCandidate:
    """Returns a candidacy as those who read the shortlist get it."""
    return ShortlistedCandidate(
        candidate_id=candidacy.candidate_id,
        rank=rank,
        score=round(candidacy.score, 2),
        tier=candidacy.tier,
        missed=candidacy.missed,
        readiness=candidacy.readiness,
        ready_on=candidacy.ready_on,
        application_id=candidacy.continues.application_id if candidacy.continues else None,
        reasons_for=candidacy.reasons_for(),
        reasons_against=candidacy.reasons_against(),
    )


def _missed_then(person: ProfileSnapshot, vacancy: Vacancy) -> list[Shortfall]:
    """Returns what somebody lacked for this very vacancy when it turned them down."""
    return [
        gap
        for rejection in person.state.rejections
        if rejection.vacancy_id == vacancy.vacancy_id
        for gap in rejection.shortfalls
    ]


def _with_what_was_missed(requirement: Requirement, missed: Iterable[Shortfall]) -> Requirement:
    """Returns a requirement as required, though only preferred, where it decided against them."""
    if not any(is_asked_again(gap, requirement) for gap in missed):
        return requirement
    return requirement.model_copy(update={"importance": Importance.REQUIRED})


def _not_named(missed: Iterable[Shortfall], asked: Sequence[Requirement]) -> list[Requirement]:
    """Returns what was missed and the vacancy does not name, each once."""
    found = {
        thing_asked(gap): Requirement(
            requirement_id=gap.requirement_id,
            kind=gap.kind,
            name=gap.name,
            min_months=gap.required_months,
        )
        for gap in missed
        if gap.name and not any(is_asked_again(gap, requirement) for requirement in asked)
    }
    return list(found.values())


def _evidence(findings: Iterable[Finding], *standings: Readiness) -> list[Evidence]:
    return [at.evidence for wanted in standings for at in findings if at.standing is wanted]
